/** Handles the lines of a {@link LineReader}. */
export interface LineListener {
  /** Is called with each line, without its line feed. Returns false to stop reading. */
  line(text: string): boolean
  /** Is called with the beginning of a line that exceeds the limit; reading stops. */
  tooLong(start: string): void
}

/** Joins the chunks of a stream into lines, up to a maximum length per line. */
export class LineReader {
  readonly #listener: LineListener
  readonly #limit: number
  #parts: string[] = []
  #length = 0
  #stopped = false

  /** @param limit The maximum number of characters per line. */
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

  /** Adds to the current line. Returns false if it exceeds the limit. */
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
