import { mkdir, open, rename, rm, stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf, PaddleError } from '../../errors.js'
import { whyNotWritten } from './write-failure.js'

/** What is written to see whether anything can be: a full disk takes an empty file, and this much no more. */
const probeBytes = 2 ** 16

/** A folder for pictures. Each is there whole or not at all, and nothing else of ours is. */
export class PictureFolder {
  readonly #path: string
  #parts = 0

  private constructor(path: string) {
    this.#path = path
  }

  /**
   * Makes the folder where there is none, and writes into it for a trial.
   *
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  static async open(path: string): Promise<PictureFolder> {
    try {
      await makeFolder(path)
    } catch (error) {
      const isFile = codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTDIR'
      const why = isFile ? ': there is a file in its place' : ` ${whyNotWritten(error)}`
      throw new PaddleError(
        'FILE_NOT_WRITTEN',
        `The folder ${path} cannot be made${why}.\nGive another folder for --save-dir.`,
        { cause: error },
      )
    }
    const folder = new PictureFolder(path)
    try {
      await folder.#write(new Uint8Array(probeBytes))
    } catch (error) {
      throw new PaddleError(
        'FILE_NOT_WRITTEN',
        `Nothing can be written into the folder ${path} ${whyNotWritten(error)}.\nGive another folder for --save-dir.`,
        { cause: error },
      )
    }
    return folder
  }

  /**
   * Writes a picture, and takes the place of one that is there.
   *
   * @param image - the file that it is made of, which is never written over
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  async save(name: string, bytes: Uint8Array, image: string): Promise<void> {
    const target = join(this.#path, name)
    if (await isSame(target, image)) {
      const message = `${target} cannot be written: it is the image itself.\nGive another folder for --save-dir.`
      throw new PaddleError('FILE_NOT_WRITTEN', message)
    }
    await this.#write(bytes, target).catch((error: unknown) => {
      const message = `${target} cannot be written ${whyNotWritten(error)}.\nThe answer stands; make room or another folder for the picture.`
      throw new PaddleError('FILE_NOT_WRITTEN', message, { cause: error })
    })
  }

  /** Writes beside the target first. Without one, nothing stays. */
  async #write(bytes: Uint8Array, target?: string): Promise<void> {
    this.#parts += 1
    const part = join(this.#path, `.paddle-ts-${process.pid}-${this.#parts}.part`)
    try {
      const file = await open(part, 'wx')
      try {
        await file.writeFile(bytes)
      } finally {
        await file.close()
      }
      await (target === undefined ? rm(part) : rename(part, target))
    } catch (error) {
      await rm(part, { force: true }).catch(() => undefined)
      throw error
    }
  }
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

async function isSame(one: string, other: string): Promise<boolean> {
  const [a, b] = await Promise.all([one, other].map((path) => stat(path).catch(() => undefined)))
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino
}
