import { lstat, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, PaddleError } from '../../../errors.js'
import { isAnnotated } from '../../../image/annotate/index.js'
import { isInFolder } from '../../images/is-in-folder.js'
import { removeStaleParts, writeAtomically, writeFailureReason } from '../results/atomic-write.js'

/** What is written to see whether anything can be: a full disk takes an empty file, and this much no more. */
const probeBytes = 2 ** 16

/** A folder for pictures. Each is there whole or not at all, and nothing else of ours is. */
export class AnnotatedFolder {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /**
   * Makes the folder where there is none, and writes into it for a trial.
   *
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  static async open(path: string): Promise<AnnotatedFolder> {
    try {
      await makeFolder(path)
    } catch (error) {
      const isFile = codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR'
      const why = isFile ? ': there is a file in its place' : ` ${writeFailureReason(error)}`
      throw new PaddleError('FILE_NOT_WRITTEN', `The folder ${path} cannot be made${why}.`, {
        cause: error,
        advice: 'Give another folder for --save-dir.',
      })
    }
    try {
      await removeStaleParts(path)
      await writeAtomically(path, new Uint8Array(probeBytes))
    } catch (error) {
      throw new PaddleError(
        'FILE_NOT_WRITTEN',
        `Nothing can be written into the folder ${path} ${writeFailureReason(error)}.`,
        { cause: error, advice: 'Give another folder for --save-dir.' },
      )
    }
    return new AnnotatedFolder(path)
  }

  /**
   * Writes a picture. It takes the place of one that was drawn before, and of nothing else.
   *
   * @param image - the file that it is made of
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  async save(name: string, bytes: Uint8Array, image: string): Promise<void> {
    const target = join(this.#path, name)
    if (await isInFolder(image, this.#path)) {
      const message = `${image} gets no picture: it lies where the pictures are written.\nGive another folder for --save-dir.`
      throw new PaddleError('FILE_NOT_WRITTEN', message)
    }
    try {
      if (await isForeign(target)) throw taken(target)
      await writeAtomically(this.#path, bytes, target)
    } catch (error) {
      if (error instanceof PaddleError) throw error
      const message = `${target} cannot be written ${writeFailureReason(error)}.\nThe answer stands; make room or another folder for the picture.`
      throw new PaddleError('FILE_NOT_WRITTEN', message, { cause: error })
    }
  }
}

/** Whether there is a file that was not drawn here. */
async function isForeign(target: string): Promise<boolean> {
  const kind = await lstat(target).catch((error: unknown) => {
    if (codeOf(error) !== 'ENOENT') throw error
    return undefined
  })
  if (!kind) return false
  return !kind.isFile() || !(await isAnnotated(target))
}

function taken(target: string): PaddleError {
  return new PaddleError(
    'FILE_NOT_WRITTEN',
    `${target} cannot be written: what is there was not drawn by paddle-ts.`,
    { advice: 'Remove it, or give another folder for --save-dir.' },
  )
}

/** With those that it lies in. Node's own way never ends in /proc. */
async function makeFolder(path: string): Promise<void> {
  try {
    await mkdir(path)
  } catch (error) {
    const code = codeOf(error)
    if (code === 'EEXIST' && (await stat(path)).isDirectory()) return
    if (code !== 'ENOENT' || dirname(path) === path) throw error
    await makeFolder(dirname(path))
    await mkdir(path)
  }
}
