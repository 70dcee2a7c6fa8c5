import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../errors.js'
import { invalidConfigError } from './config-errors.js'
import type { ModelFiles } from './model-files.js'

/** One that names twenty thousand classes has a megabyte. */
const mostBytes = 8 * 2 ** 20

/** The names, the first that is there counts. */
const names = ['inference.yml', 'infer_cfg.yml']

/** A model's configuration as it is stored. */
export interface ConfigFile {
  readonly file: string
  readonly folder: string
  readonly text: string
}

/** @throws PaddleError MODEL_CONFIG_INVALID for one that cannot be read */
export async function findConfigFile(files: ModelFiles): Promise<ConfigFile | undefined> {
  const folder =
    files.format === '__model__' && files.params === undefined ? files.program : dirname(files.program)
  for (const name of names) {
    const file = join(folder, name)
    const text = await readText(file)
    if (text !== undefined) return { file, folder, text: text.replace(/^\uFEFF/, '') }
  }
  return undefined
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readSmallFile(file, mostBytes)
  } catch (error) {
    if (error instanceof FileTooLarge) throw invalidConfigError(file, error.message, error)
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw invalidConfigError(
      file,
      code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code ?? 'unknown error'})`,
      error,
    )
  }
}

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
