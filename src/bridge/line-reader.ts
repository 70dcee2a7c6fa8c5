/** What a {@link LineReader} tells. */
export interface LineListener {
  /** Is given each line without its end; false when nothing after it is to be read. */
  line(text: string): boolean
  /** Is given the beginning of a line that has grown too long; nothing after it is read. */
  tooLong(start: string): void
}

/** Puts lines together from what a stream brings. A line without an end does not grow for ever. */
export class LineReader {
  readonly #listener: LineListener
  readonly #limit: number
  #parts: string[] = []
  #length = 0
  #stopped = false

  /** @param limit The most characters that a line may have. */
  constructor(listener: LineListener, limit: number) {
    this.#listener = listener
    this.#limit = limit
  }

  push(text: string): void {
    let start = 0
    for (let end = text.indexOf('\n'); end >= 0; end = text.indexOf('\n', start)) {
      if (this.#stopped || !this.#add(text.slice(start, end)) || !this.#end()) return
      start = end + 1
    }
    if (!this.#stopped && start < text.length) this.#add(text.slice(start))
  }

  /** Adds to the line; false when it has grown too long. */
  #add(part: string): boolean {
    this.#parts.push(part)
    this.#length += part.length
    if (this.#length <= this.#limit) return true
    const [first = ''] = this.#parts
    this.#stopped = true
    this.#forget()
    this.#listener.tooLong(first)
    return false
  }

  #end(): boolean {
    const line = this.#parts.length === 1 ? (this.#parts[0] ?? '') : this.#parts.join('')
    this.#forget()
    this.#stopped = !this.#listener.line(line)
    return !this.#stopped
  }

  #forget(): void {
    this.#parts = []
    this.#length = 0
  }
}
