import { mkdir, mkdtemp, realpath, rename, rm, rmdir } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'
import { codeOf, messageOf, PaddleError } from '../errors.js'

const programName = 'inference.pdmodel'
const paramsName = 'inference.pdiparams'

/** Whether the program lies in the folder, or is the folder. */
export async function holds(folder: string, program: string): Promise<boolean> {
  const target = await realpath(folder).catch(() => resolve(folder))
  const source = await realpath(program)
  return source === target || dirname(source) === target
}

/** Where converted files go: they are made in a folder beside their places, and moved there at the end. */
export interface Target {
  /** An empty folder. */
  readonly staging: string
  /** Moves both files to their places. @returns their paths */
  place(withParams: boolean): Promise<readonly string[]>
  /** Removes what is left of it; a folder that was made for nothing goes too. */
  close(): Promise<void>
}

/** @throws PaddleError CONVERT_TARGET_UNUSABLE */
export async function openTarget(folder: string): Promise<Target> {
  let made: string | undefined
  let staging: string
  try {
    made = await mkdir(folder, { recursive: true })
    staging = await mkdtemp(join(folder, '.paddle-ts-convert-'))
  } catch (error) {
    if (made !== undefined) await removeEmpty(folder, made)
    throw unusable(folder, error)
  }
  const program = join(folder, programName)
  const params = join(folder, paramsName)
  return {
    staging,
    place: async (withParams) => {
      try {
        if (withParams) await rename(join(staging, paramsName), params)
        await rename(join(staging, programName), program)
        // Those of an earlier conversion are none of this program's.
        if (!withParams) await rm(params, { force: true })
      } catch (error) {
        throw unusable(folder, error)
      }
      return withParams ? [program, params] : [program]
    },
    close: async () => {
      await rm(staging, { recursive: true, force: true }).catch(() => undefined)
      if (made !== undefined) await removeEmpty(folder, made)
    },
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

function unusable(folder: string, error: unknown): PaddleError {
  return new PaddleError(
    'CONVERT_TARGET_UNUSABLE',
    `The converted files cannot be written into ${folder}: ${codeOf(error) ?? messageOf(error)}.\n` +
      'Name another folder, or make room and see that you may write there.',
    { cause: error },
  )
}
