import type { Duplex } from 'node:stream'
import { LineReader } from './line-reader.js'
import type { AskRequest, OutputRoom, RunRequest } from './protocol/runs.js'
import { trace } from './trace.js'
import { parseRunChannelReply, type RunChannelReply } from './validate-reply.js'

/** Longer than any valid reply, and short enough not to exhaust Node's memory. */
const LONGEST_LINE = 64 * 2 ** 20

/** Handles the lines of a worker. */
export interface ReplyListener {
  /** Is called with each reply, in order. Returns the problem if the reply is invalid. */
  reply(id: number, reply: RunChannelReply): string | undefined
  /** Is called with an invalid line, or its beginning, and the problem; later lines are ignored. */
  broken(problem: string, line: string): void
}

/**
 * Reads a worker's replies, one per line: an ID and a JSON text. The ID is separate from the text, so that
 * the reader can compare the text with that of the previous reply and skip parsing if they are equal.
 */
export class ReplyReader {
  readonly #lines: LineReader
  readonly #listener: ReplyListener
  #lastText = ''
  #lastReply: RunChannelReply | undefined

  constructor(listener: ReplyListener, longestLine = LONGEST_LINE) {
    this.#listener = listener
    this.#lines = new LineReader(
      {
        line: (line) => this.#read(line),
        tooLong: (start) => {
          listener.broken('a line that is too long', start)
        },
      },
      longestLine,
    )
  }

  push(text: string): void {
    this.#lines.push(text)
  }

  #read(line: string): boolean {
    const problem = this.#problemOf(line)
    if (problem === undefined) return true
    this.#listener.broken(problem, line)
    return false
  }

  #problemOf(line: string): string | undefined {
    const space = line.indexOf(' ')
    const digits = line.slice(0, space)
    const id = Number(digits)
    if (space < 1 || !Number.isSafeInteger(id) || String(id) !== digits) return 'an invalid reply'
    const text = line.slice(space + 1)
    if (text !== this.#lastText || !this.#lastReply) {
      const reply = parseRunChannelReply(text)
      if ('problem' in reply) return reply.problem
      this.#lastText = text
      this.#lastReply = reply
    }
    return this.#listener.reply(id, this.#lastReply)
  }
}

/** The socket that carries requests to a worker and replies back. */
export class RunChannel {
  readonly #socket: Duplex
  readonly #pid: number | undefined

  constructor(socket: Duplex, pid: number | undefined, listener: ReplyListener) {
    this.#socket = socket
    this.#pid = pid
    const reader = new ReplyReader(listener)
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      if (trace.enabled) trace.line(pid, 'run channel <', text.trimEnd())
      reader.push(text)
    })
  }

  send(id: number, request: RunRequest | AskRequest | OutputRoom): void {
    if (trace.enabled)
      trace.line(this.#pid, 'run channel >', `${id} ${JSON.stringify(request, withoutStrings)}`)
    this.#socket.write(`${id} ${JSON.stringify(request)}\n`)
  }
}

/** Fed strings are user data; the rest of a request only describes the feeds. */
function withoutStrings(key: string, value: unknown): unknown {
  return key === 'strings' && Array.isArray(value) ? `${value.length} strings` : value
}
