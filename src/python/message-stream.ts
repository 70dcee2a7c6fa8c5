import type { Readable } from 'node:stream'

const newline = 10

/** Reads lines and blocks of bytes, in any order, from the output of a process. */
export class AnswerStream {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: Readable) {
    // Paused until something is read: execa would otherwise discard the data.
    stream.pause()
    // A broken stream counts as ended.
    stream.on('error', () => undefined)
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** Reads the next line; undefined if the stream ends before it is complete. */
  async line(): Promise<string | undefined> {
    const parts: Buffer[] = []
    for (;;) {
      const end = this.#rest.indexOf(newline)
      if (end >= 0) {
        parts.push(this.#rest.subarray(0, end))
        this.#rest = this.#rest.subarray(end + 1)
        return Buffer.concat(parts).toString()
      }
      parts.push(this.#rest)
      if (!(await this.#read())) return undefined
    }
  }

  /** Reads the next `count` bytes into memory of their own; undefined if the stream ends before. */
  async bytes(count: number): Promise<ArrayBuffer | undefined> {
    const all = new Uint8Array(count)
    let filled = 0
    while (filled < count) {
      if (this.#rest.length === 0 && !(await this.#read())) return undefined
      const part = this.#rest.subarray(0, count - filled)
      all.set(part, filled)
      filled += part.length
      this.#rest = this.#rest.subarray(part.length)
    }
    return all.buffer
  }

  async #read(): Promise<boolean> {
    const next = await this.#chunks.next().catch(() => undefined)
    const ended = next === undefined || next.done === true
    this.#rest = ended ? Buffer.alloc(0) : next.value
    return !ended
  }
}
