import { mkdir, realpath, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf, messageOf, PaddleError } from '../errors.js'

/** Whether the program lies in the folder, or is the folder. */
export async function holds(folder: string, program: string): Promise<boolean> {
  const target = await realpath(folder).catch(() => resolve(folder))
  const source = await realpath(program)
  return source === target || dirname(source) === target
}

/**
 * Has `work` done on a folder, which is made for it where it is missing; when the work fails, what was made goes again, with what is
 * left of its `staging` folder in it.
 *
 * @throws PaddleError CONVERT_TARGET_UNUSABLE, and what `work` throws
 */
export async function inFolder<T>(folder: string, staging: string, work: () => Promise<T>): Promise<T> {
  let made: string | undefined
  try {
    // What it gives is as relative as what it is given.
    made = await mkdir(resolve(folder), { recursive: true })
  } catch (error) {
    throw new PaddleError(
      'CONVERT_TARGET_UNUSABLE',
      `The converted files cannot be written into ${folder}: ${codeOf(error) ?? messageOf(error)}.`,
      { cause: error, advice: 'Name another folder, or make room and see that you may write there.' },
    )
  }
  try {
    return await work()
  } catch (error) {
    await rm(join(folder, staging), { recursive: true, force: true }).catch(() => undefined)
    if (made !== undefined) await removeEmpty(folder, made)
    throw error
  }
}

/** Removes `folder` and those above it up to `first`, as long as they are empty. */
async function removeEmpty(folder: string, first: string): Promise<void> {
  for (let path = resolve(folder); path.startsWith(first); path = dirname(path)) {
    const removed = await rmdir(path).then(
      () => true,
      () => false,
    )
    if (!removed) return
  }
}
