import type { Duplex } from 'node:stream'
import { LineReader } from './line-reader.js'
import type { AskRequest, OutputRoom, RunRequest } from './protocol.js'
import { trace } from './trace.js'
import { parseDoorbellReply, type DoorbellReply } from './validate-reply.js'

/** More than any network has to say, and less than would do Node harm. */
const LONGEST_LINE = 64 * 2 ** 20

/** What comes of a worker's lines. */
export interface ReplyListener {
  /** Is given each answer in the order of the worker; what is wrong with it, if something is. */
  reply(id: number, reply: DoorbellReply): string | undefined
  /** Is given a line that is no answer, or its beginning, and what is wrong with it; nothing after it is read. */
  broken(problem: string, line: string): void
}

/**
 * Reads a worker's answers: a number and a JSON text a line. The number is apart from the text, so that the text of a run like the one
 * before is the same, and need not be parsed again.
 */
export class ReplyReader {
  readonly #lines: LineReader
  readonly #listener: ReplyListener
  #lastText = ''
  #lastReply: DoorbellReply | undefined

  constructor(listener: ReplyListener, longestLine = LONGEST_LINE) {
    this.#listener = listener
    this.#lines = new LineReader(
      {
        line: (line) => this.#read(line),
        tooLong: (start) => {
          listener.broken('a line without an end', start)
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
    if (space < 1 || !Number.isSafeInteger(id) || String(id) !== digits) return 'no answer'
    const text = line.slice(space + 1)
    if (text !== this.#lastText || !this.#lastReply) {
      const reply = parseDoorbellReply(text)
      if ('problem' in reply) return reply.problem
      this.#lastText = text
      this.#lastReply = reply
    }
    return this.#listener.reply(id, this.#lastReply)
  }
}

/** The line to the worker's predictor. */
export class Doorbell {
  readonly #socket: Duplex
  readonly #pid: number | undefined

  constructor(socket: Duplex, pid: number | undefined, listener: ReplyListener) {
    this.#socket = socket
    this.#pid = pid
    const reader = new ReplyReader(listener)
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      if (trace.enabled) trace.line(pid, 'doorbell <', text.trimEnd())
      reader.push(text)
    })
  }

  send(id: number, request: RunRequest | AskRequest | OutputRoom): void {
    if (trace.enabled) trace.line(this.#pid, 'doorbell >', `${id} ${JSON.stringify(request, withoutStrings)}`)
    this.#socket.write(`${id} ${JSON.stringify(request)}\n`)
  }
}

/** Strings that are fed are the user's; the rest only describes. */
function withoutStrings(key: string, value: unknown): unknown {
  return key === 'strings' && Array.isArray(value) ? `${value.length} strings` : value
}
