import type { Duplex } from 'node:stream'
import type { AskRequest, DoorbellReply, RunRequest } from './protocol.js'

/** The line to the worker's predictor: one JSON text a line, each way. */
export class Doorbell {
  readonly #socket: Duplex
  #rest = ''

  /**
   * @param onReply is given each answer in the order of the worker.
   * @param onGarbage is given what is not an answer; nothing after it can be trusted.
   */
  constructor(socket: Duplex, onReply: (reply: DoorbellReply) => void, onGarbage: (line: string) => void) {
    this.#socket = socket
    socket.setEncoding('utf8')
    socket.on('data', (text: string) => {
      const lines = (this.#rest + text).split('\n')
      this.#rest = lines.pop() ?? ''
      for (const line of lines) {
        const reply = parse(line)
        if (reply) onReply(reply)
        else onGarbage(line)
      }
    })
  }

  ring(request: RunRequest | AskRequest): void {
    this.#socket.write(`${JSON.stringify(request)}\n`)
  }
}

function parse(line: string): DoorbellReply | undefined {
  try {
    const reply = JSON.parse(line) as DoorbellReply
    const known = 'error' in reply || 'value' in reply || Array.isArray(reply.outputs)
    return typeof reply.id === 'number' && known ? reply : undefined
  } catch {
    return undefined
  }
}
