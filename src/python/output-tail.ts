import type { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { endOf } from '../errors.js'

const LIMIT = 8192

/** Keeps the last of what a process writes, for the day on which it has to be explained. */
export class OutputTail {
  #text = ''

  follow(stream: Readable): void {
    const decoder = new StringDecoder('utf8')
    stream.on('data', (chunk: Buffer) => {
      this.#text = endOf(this.#text + decoder.write(chunk), LIMIT)
    })
    // A stream that breaks tells no more; the process's end is noticed elsewhere.
    stream.on('error', () => undefined)
  }

  /** The last lines, at most `count`. */
  lines(count: number): string {
    return this.#text.trimEnd().split('\n').slice(-count).join('\n').trim()
  }
}
