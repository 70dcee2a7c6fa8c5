import { mkdir, realpath } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { codeOf, messageOf, PaddleError } from '../errors.js'

/** Whether the program lies in the folder, or is the folder. */
export async function containsFile(folder: string, program: string): Promise<boolean> {
  const target = await realpath(folder).catch(() => resolve(folder))
  const source = await realpath(program)
  return source === target || dirname(source) === target
}

/** Makes the folder where it is missing. @throws PaddleError CONVERT_TARGET_UNUSABLE */
export async function makeFolder(folder: string): Promise<void> {
  try {
    await mkdir(folder, { recursive: true })
  } catch (error) {
    throw new PaddleError(
      'CONVERT_TARGET_UNUSABLE',
      `The converted files cannot be written into ${folder}: ${codeOf(error) ?? messageOf(error)}.`,
      { cause: error, advice: 'Name another folder, or make room and see that you may write there.' },
    )
  }
}
