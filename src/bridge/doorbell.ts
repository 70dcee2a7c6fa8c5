import type { Duplex } from 'node:stream'
import type { AskRequest, DoorbellReply, RunRequest } from './protocol.js'

/**
 * The line to the worker's predictor: a number and a JSON text a line, each way. The number is apart from the text, so that the text of
 * a run like the one before is the same, and need not be parsed again.
 */
export class Doorbell {
  readonly #socket: Duplex
  #rest = ''
  #lastText = ''
  #lastReply: DoorbellReply | undefined

  /**
   * @param onReply is given each answer in the order of the worker.
   * @param onGarbage is given what is not an answer; nothing after it can be trusted.
   */
  constructor(
    socket: Duplex,
    onReply: (id: number, reply: DoorbellReply) => void,
    onGarbage: (line: string) => void,
  ) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) {
        const space = line.indexOf(' ')
        const id = Number(line.slice(0, space))
        const reply = space > 0 && Number.isInteger(id) ? this.#parse(line.slice(space + 1)) : undefined
        if (reply) onReply(id, reply)
        else onGarbage(line)
      }
    })
  }

  ring(id: number, request: RunRequest | AskRequest): void {
    this.#socket.write(`${id} ${JSON.stringify(request)}\n`)
  }

  #parse(text: string): DoorbellReply | undefined {
    if (text === this.#lastText) return this.#lastReply
    const reply = parse(text)
    this.#lastText = text
    this.#lastReply = reply
    return reply
  }
}

function parse(text: string): DoorbellReply | undefined {
  try {
    const reply = JSON.parse(text) as DoorbellReply
    const known = 'error' in reply || 'value' in reply || Array.isArray(reply.outputs)
    return known ? reply : undefined
  } catch {
    return undefined
  }
}
