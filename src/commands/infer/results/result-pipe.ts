import { constants, openSync } from 'node:fs'
import { Socket } from 'node:net'
import { setTimeout as delay } from 'node:timers/promises'
import { codeOf } from '../../../errors.js'
import { interruption } from '../../terminal/interruption.js'
import { logNote } from '../../terminal/print.js'
import { noResults } from '../resume/existing-results.js'
import { writeFailed, type ResultTarget } from './result-file.js'

/** Nothing reports that a pipe has a reader. */
const pollMs = 50

/**
 * A named pipe for results. No thread waits for its reader, neither to open it nor to write: Node cannot exit before
 * such a call returns.
 */
export class ResultPipe implements ResultTarget {
  readonly isRegular = false
  readonly size = 0
  readonly #path: string
  readonly #socket: Socket

  private constructor(path: string, descriptor: number) {
    this.#path = path
    this.#socket = new Socket({ fd: descriptor, readable: false, writable: true })
    // Each write reports its own error.
    this.#socket.on('error', () => undefined)
  }

  /** Waits until a process reads the pipe. @throws PaddleError FILE_NOT_WRITTEN; AbortError if interrupted */
  static async open(path: string): Promise<ResultPipe> {
    let descriptor = openWithReader(path)
    if (descriptor === undefined) logNote(`Waiting for a process that reads ${path}.\n`)
    while (descriptor === undefined) {
      await delay(pollMs, undefined, { signal: interruption })
      descriptor = openWithReader(path)
    }
    return new ResultPipe(path, descriptor)
  }

  readAnswered(): Promise<typeof noResults> {
    return Promise.resolve(noResults)
  }

  begin(): Promise<void> {
    return Promise.resolve()
  }

  /** Resolves when the pipe has taken all of it. @throws PaddleError FILE_NOT_WRITTEN */
  async append(text: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      this.#socket.write(text, (error) => {
        if (error) reject(writeFailed(this.#path, error))
        else resolve()
      })
    })
  }

  sync(): Promise<void> {
    return Promise.resolve()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await new Promise<void>((resolve) => {
      this.#socket.once('close', () => {
        resolve()
      })
      if (this.#socket.closed) resolve()
      this.#socket.destroy()
    })
  }
}

/** A descriptor of the pipe, which does not block; undefined if no process reads it. */
function openWithReader(path: string): number | undefined {
  try {
    return openSync(path, constants.O_WRONLY | constants.O_NONBLOCK)
  } catch (error) {
    if (codeOf(error) === 'ENXIO') return undefined
    throw writeFailed(path, error)
  }
}
