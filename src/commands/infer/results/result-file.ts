import { constants, fstatSync } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { PaddleError } from '../../../errors.js'
import { counted } from '../../../wording.js'
import { readExistingResults, type ExistingResults } from '../resume/existing-results.js'
import { writeFailureReason } from './atomic-write.js'
import { lockFile } from './lock-file.js'

const { O_CREAT, O_RDWR, O_WRONLY } = constants

/**
 * A file that answers are written to, for one process at a time. It holds whole answers only, whatever happens, but that a killed
 * process may leave a torn one at its end. A pipe or a device is written to as it is.
 */
export class ResultFile implements AsyncDisposable {
  readonly #path: string
  readonly #file: FileHandle
  /** Not of a pipe or a device. */
  readonly isRegular: boolean
  #bytes = 0
  #answers = 0

  private constructor(path: string, file: FileHandle, isRegular: boolean) {
    this.#path = path
    this.#file = file
    this.isRegular = isRegular
  }

  /**
   * Opens the file, and makes it where there is none; what it holds stays untouched.
   *
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  static async open(path: string, { readable }: { readonly readable: boolean }): Promise<ResultFile> {
    const kind = await stat(path).catch(() => undefined)
    const isRegular = kind?.isFile() ?? true
    const file = await open(path, isRegular ? (readable ? O_RDWR : O_WRONLY) | O_CREAT : 'w').catch(
      (error: unknown) => {
        throw notWritten(path, writeFailureReason(error), giveAnother, error)
      },
    )
    if (!isRegular || lockFile(file.fd)) return new ResultFile(path, file, isRegular)
    await file.close()
    throw notWritten(path, 'now: another paddle-ts writes to it', 'Wait for its end, or give another file.')
  }

  /** How many bytes it has. */
  get size(): number {
    // Takes microseconds; in the threads that decode images it would wait for its turn.
    return fstatSync(this.#file.fd).size
  }

  /** @throws PaddleError RESUME_REFUSED */
  readAnswered(): Promise<ExistingResults> {
    return readExistingResults(this.#path, this.#file)
  }

  /** Cuts off what comes after the answers that it holds; the next ones follow there. */
  async begin({ bytes, count }: Pick<ExistingResults, 'bytes' | 'count'>): Promise<void> {
    this.#bytes = bytes
    this.#answers = count
    if (!this.isRegular) return
    await this.#file.truncate(bytes).catch((error: unknown) => this.#failed(error, ''))
    await this.sync('')
  }

  /**
   * Writes the lines of an answer, or what stands before all of them; all of it, or nothing.
   *
   * @param onwards - what to do when that fails
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  async append(text: string | Buffer, onwards: string, answers = 1): Promise<void> {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    if (this.isRegular) this.#checkUntouched()
    try {
      for (let done = 0; done < bytes.length;) {
        const position = this.isRegular ? this.#bytes + done : null
        done += (await this.#file.write(bytes, done, bytes.length - done, position)).bytesWritten
      }
    } catch (error) {
      if (this.isRegular) await this.#file.truncate(this.#bytes).catch(() => undefined)
      this.#failed(error, onwards)
    }
    this.#bytes += bytes.length
    this.#answers += answers
  }

  /** Writes over the beginning of a regular file. @throws PaddleError FILE_NOT_WRITTEN */
  async overwrite(beginning: Buffer): Promise<void> {
    this.#checkUntouched()
    await this.#file
      .write(beginning, 0, beginning.length, 0)
      .catch((error: unknown) => this.#failed(error, ''))
  }

  #checkUntouched(): void {
    const { size, nlink } = fstatSync(this.#file.fd)
    const meanwhile = (what: string): PaddleError =>
      notWritten(
        this.#path,
        `any more: ${what} meanwhile`,
        'Begin anew, with a file that nobody else touches.',
      )
    if (nlink === 0) throw meanwhile('it was removed')
    if (size !== this.#bytes) throw meanwhile('another process has changed it')
  }

  /** Has all of it put on the disk. @throws PaddleError FILE_NOT_WRITTEN */
  async sync(onwards: string): Promise<void> {
    if (this.isRegular) await this.#file.sync().catch((error: unknown) => this.#failed(error, onwards))
  }

  #failed(error: unknown, onwards: string): never {
    const held =
      this.isRegular && onwards !== '' ? ` It holds ${counted(this.#answers, 'whole answer')}.` : ''
    throw notWritten(this.#path, writeFailureReason(error), onwards || giveAnother, error, held)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}

const giveAnother = 'Give a file that you may write to.'

function notWritten(path: string, why: string, onwards: string, cause?: unknown, held = ''): PaddleError {
  return new PaddleError('FILE_NOT_WRITTEN', `${path} cannot be written ${why}.${held}`, {
    cause,
    advice: onwards,
  })
}
