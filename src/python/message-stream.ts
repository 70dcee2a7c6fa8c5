import type { Readable } from 'node:stream'

const newline = 10

/** Lines and blocks of bytes, in turn, as they come out of a process. */
export class AnswerStream {
  readonly #chunks: AsyncIterator<Buffer>
  #rest: Buffer = Buffer.alloc(0)

  constructor(stream: Readable) {
    // Read only when something is asked for; execa would have it flow away.
    stream.pause()
    // One that breaks has ended.
    stream.on('error', () => undefined)
    this.#chunks = stream[Symbol.asyncIterator]() as AsyncIterator<Buffer>
  }

  /** The next line; `undefined` when the stream ends before it does. */
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

  /** The next `count` bytes, in memory of their own; `undefined` when the stream ends before. */
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
