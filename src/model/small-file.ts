import { constants } from 'node:fs'
import { open } from 'node:fs/promises'

/** A file that is no file, or far too long to be what it is taken for. */
export class FileTooLarge extends Error {}

/**
 * A text file of at most so many bytes. A pipe or a device, which might never end, is not read.
 *
 * @throws FileTooLarge; what Node throws
 */
export async function readSmallFile(file: string, most: number): Promise<string> {
  const { O_NONBLOCK, O_RDONLY } = constants
  // Without it opening a pipe waits for who writes to it.
  const handle = await open(file, O_RDONLY | O_NONBLOCK)
  try {
    const state = await handle.stat()
    if (!state.isFile() && !state.isDirectory()) throw new FileTooLarge('it is no file')
    if (state.size > most) throw new FileTooLarge(`it has ${state.size} bytes, and ${most} are the most`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
