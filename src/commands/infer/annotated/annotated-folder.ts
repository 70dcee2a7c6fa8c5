import { lstat, mkdir, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, PaddleError } from '../../../errors.js'
import { isAnnotated } from '../../../image/annotate/index.js'
import { writeFailure } from '../../../write-failure.js'
import { isInFolder } from '../../images/is-in-folder.js'
import { removeStaleParts, writeAtomically } from '../results/atomic-write.js'

/** What to use if it cannot be written. */
const another = 'another folder for --save-dir'

/** Size of the file that tests whether the folder is writable: a full disk accepts an empty file. */
const probeBytes = 2 ** 16

/** The folder of the annotated images. Writes are atomic. */
export class AnnotatedFolder {
  readonly #path: string

  private constructor(path: string) {
    this.#path = path
  }

  /**
   * Creates the folder if it does not exist, and checks that it is writable.
   *
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  static async open(path: string): Promise<AnnotatedFolder> {
    try {
      await makeFolder(path)
    } catch (error) {
      const { why, advice } = writeFailure(path, error, another)
      throw new PaddleError('FILE_NOT_WRITTEN', `The folder ${path} cannot be created ${why}.`, {
        ...{ cause: error, advice },
      })
    }
    try {
      await removeStaleParts(path)
      await writeAtomically(path, new Uint8Array(probeBytes))
    } catch (error) {
      const { why, advice } = writeFailure(join(path, 'image'), error, another)
      throw new PaddleError('FILE_NOT_WRITTEN', `Cannot write to the folder ${path} ${why}.`, {
        ...{ cause: error, advice },
      })
    }
    return new AnnotatedFolder(path)
  }

  /**
   * Writes an annotated image. Overwrites only annotated images of paddle-ts.
   *
   * @param image - path of the input image
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  async save(name: string, bytes: Uint8Array, image: string): Promise<void> {
    const target = join(this.#path, name)
    if (await isInFolder(image, this.#path)) {
      const message = `${image} gets no annotated image: it is in the --save-dir folder.\nUse another folder for --save-dir.`
      throw new PaddleError('FILE_NOT_WRITTEN', message)
    }
    try {
      if (await isForeign(target)) throw taken(target)
      await writeAtomically(this.#path, bytes, target)
    } catch (error) {
      if (error instanceof PaddleError) throw error
      const { why, advice } = writeFailure(target, error, another)
      throw new PaddleError('FILE_NOT_WRITTEN', `${target} cannot be written ${why}.`, {
        ...{ cause: error, advice: `The result is kept. ${advice}` },
      })
    }
  }
}

/** Whether the file exists and is not an annotated image of paddle-ts. */
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
    `${target} cannot be written: a file that paddle-ts did not write has this name.`,
    { advice: 'Remove the file, or use another folder for --save-dir.' },
  )
}

/** Creates the folder and its parents. Node's recursive `mkdir` never ends in /proc. */
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
