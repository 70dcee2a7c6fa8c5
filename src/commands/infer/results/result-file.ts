import { constants, fstatSync } from 'node:fs'
import { open, stat, type FileHandle } from 'node:fs/promises'
import { PaddleError } from '../../../errors.js'
import { counted } from '../../../wording.js'
import { writeFailure } from '../../../write-failure.js'
import { readExistingResults, type ExistingResults } from '../resume/existing-results.js'
import { lockFile } from './lock-file.js'

const { O_CREAT, O_RDWR, O_WRONLY } = constants

/** Where results are appended. */
export interface ResultTarget extends AsyncDisposable {
  /** False for a pipe or a device. */
  readonly isRegular: boolean
  /** The size in bytes. */
  readonly size: number
  /** @throws PaddleError RESUME_REFUSED */
  readAnswered(): Promise<ExistingResults>
  /** Must be called before the first result. Truncates a file after the given results. */
  begin(existing: Pick<ExistingResults, 'bytes' | 'count'>): Promise<void>
  /**
   * Appends the lines of a result, or the header; all of them or nothing.
   *
   * @param resume - the command that resumes the run if this fails; undefined if none can
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  append(text: string, resume?: string, answers?: number): Promise<void>
  /** Flushes to disk. @throws PaddleError FILE_NOT_WRITTEN */
  sync(resume?: string): Promise<void>
  [Symbol.asyncDispose](): Promise<void>
}

/**
 * A file for results, locked by one process. It contains complete results only, except for a torn last line
 * after the process is killed. Devices are neither locked nor truncated.
 */
export class ResultFile implements ResultTarget {
  readonly #path: string
  readonly #file: FileHandle
  readonly isRegular: boolean
  #bytes = 0
  #answers = 0

  private constructor(path: string, file: FileHandle, isRegular: boolean) {
    this.#path = path
    this.#file = file
    this.isRegular = isRegular
  }

  /**
   * Opens the file, and creates it if it does not exist. Its contents are kept.
   *
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  static async open(path: string, { readable }: { readonly readable: boolean }): Promise<ResultFile> {
    const kind = await stat(path).catch(() => undefined)
    const isRegular = kind?.isFile() ?? true
    const file = await open(path, isRegular ? (readable ? O_RDWR : O_WRONLY) | O_CREAT : 'w').catch(
      (error: unknown) => {
        throw writeFailed(path, error)
      },
    )
    if (!isRegular || lockFile(file.fd)) return new ResultFile(path, file, isRegular)
    await file.close()
    throw notWritten(
      path,
      'now: another paddle-ts process is writing to it',
      'Wait until it ends, or use another file.',
    )
  }

  get size(): number {
    // Synchronous, as it takes microseconds; the thread pool is busy decoding images.
    return fstatSync(this.#file.fd).size
  }

  readAnswered(): Promise<ExistingResults> {
    return readExistingResults(this.#path, this.#file)
  }

  async begin({ bytes, count }: Pick<ExistingResults, 'bytes' | 'count'>): Promise<void> {
    this.#bytes = bytes
    this.#answers = count
    if (!this.isRegular) return
    await this.#file.truncate(bytes).catch((error: unknown) => this.#failed(error))
    await this.sync()
  }

  async append(text: string | Buffer, resume?: string, answers = 1): Promise<void> {
    const bytes = typeof text === 'string' ? Buffer.from(text) : text
    if (this.isRegular) this.#checkUntouched()
    try {
      for (let done = 0; done < bytes.length;) {
        const position = this.isRegular ? this.#bytes + done : null
        done += (await this.#file.write(bytes, done, bytes.length - done, position)).bytesWritten
      }
    } catch (error) {
      if (this.isRegular) await this.#file.truncate(this.#bytes).catch(() => undefined)
      this.#failed(error, resume)
    }
    this.#bytes += bytes.length
    this.#answers += answers
  }

  /** Overwrites the start of a regular file. @throws PaddleError FILE_NOT_WRITTEN */
  async overwrite(beginning: Buffer): Promise<void> {
    this.#checkUntouched()
    await this.#file.write(beginning, 0, beginning.length, 0).catch((error: unknown) => this.#failed(error))
  }

  #checkUntouched(): void {
    const { size, nlink } = fstatSync(this.#file.fd)
    const changed = (what: string): PaddleError =>
      notWritten(
        this.#path,
        `any more: ${what} during the run`,
        'Start again with a file that no other process writes to.',
      )
    if (nlink === 0) throw changed('it was removed')
    if (size !== this.#bytes) throw changed('another process changed it')
  }

  async sync(resume?: string): Promise<void> {
    if (this.isRegular) await this.#file.sync().catch((error: unknown) => this.#failed(error, resume))
  }

  #failed(error: unknown, resume?: string): never {
    const held = this.isRegular && this.#answers > 0
    const count = held ? ` It contains ${counted(this.#answers, 'complete result')}.` : ''
    const { why, remedy = 'Make the file writable', advice } = writeFailure(this.#path, error)
    const onwards = resume === undefined ? advice : `${remedy}, then resume: ${resume}`
    throw notWritten(this.#path, why, onwards, error, count)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#file.close()
  }
}

/** The error of a file or pipe that cannot be opened or written. */
export function writeFailed(path: string, error: unknown): PaddleError {
  const { why, advice } = writeFailure(path, error)
  return notWritten(path, why, advice, error)
}

function notWritten(path: string, why: string, onwards: string, cause?: unknown, held = ''): PaddleError {
  return new PaddleError('FILE_NOT_WRITTEN', `${path} cannot be written ${why}.${held}`, {
    cause,
    advice: onwards,
  })
}
