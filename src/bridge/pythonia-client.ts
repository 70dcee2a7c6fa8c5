import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { isRecord, parseJson } from '../json.js'
import { LineReader } from './line-reader.js'
import { trace } from './trace.js'

const require = createRequire(import.meta.url)

/** Answers hold descriptions and traces, no tensors. */
const LONGEST_LINE = 64 * 2 ** 20

/** The Python process at the other end. */
export interface PythoniaProcess {
  readonly pid: number | undefined
  readonly channel: Duplex
  /** What is said there is not to be believed any more. */
  breakProtocol(problem: string, line: string): void
}

interface Reply {
  readonly r?: number
  readonly key?: string
  readonly sig?: string
}
type Handler = (reply: Reply) => unknown

/** What pythonia's Bridge asks of its transport (`IpcPipeCom.js` is its own). */
interface Transport {
  register(id: number | string, handler: Handler): void
  write(message: { r?: number }, handler?: Handler): void
  writeRaw(text: string, id: number, handler: Handler): void
}

type Method = (argument: string, options: { $timeout: number }) => Promise<string>

interface PythoniaBridge {
  readonly loop: NodeJS.Timeout
  end(): void
  makePyObject(id: number): {
    sendInspect$(on: boolean, options: { $timeout: number }): Promise<unknown>
    python$(module: string, options: { $timeout: number }): Promise<Record<string, Method>>
  }
}

/** The file that a Python process runs to be spoken to. */
export const pythoniaInterface = join(
  dirname(require.resolve('pythonia/package.json')),
  'src/pythonia/interface.py',
)

function newBridge(transport: Transport): PythoniaBridge {
  // Bridge.js prints each message when DEBUG is set as it is first loaded; DEBUG is for others.
  const { DEBUG } = process.env
  delete process.env['DEBUG']
  try {
    const { Bridge } = require('pythonia/src/pythonia/Bridge.js') as {
      Bridge: new (transport: Transport) => PythoniaBridge
    }
    return new Bridge(transport)
  } finally {
    if (DEBUG !== undefined) process.env['DEBUG'] = DEBUG
  }
}

/**
 * Calls into one Python process through pythonia: one module, one JSON text in, one out. Its messages go over a socket of ours, not over
 * Node's own channel, which ends Node when something else than JSON comes from it.
 */
export class PythoniaClient {
  readonly #handlers = new Map<number | string, Handler>()
  readonly #process: PythoniaProcess
  readonly #bridge: PythoniaBridge
  #module: Promise<Record<string, Method>> | undefined
  #opened = false

  constructor(
    process: PythoniaProcess,
    readonly moduleName: string,
  ) {
    this.#process = process
    const { channel } = process
    const transport: Transport = {
      // Python could have anything called in Node through the events that pythonia registers for. Nothing of ours needs them.
      register: () => undefined,
      write: (message, handler) => {
        if (handler && message.r !== undefined) this.#handlers.set(message.r, handler)
        channel.write(`${JSON.stringify(message)}\n`)
      },
      writeRaw: (text, id, handler) => {
        this.#handlers.set(id, handler)
        channel.write(`${text}\n`)
      },
    }
    const lines = new LineReader(
      {
        line: (line) => this.#receive(line),
        tooLong: (start) => {
          process.breakProtocol('a line without an end', start)
        },
      },
      LONGEST_LINE,
    )
    channel.setEncoding('utf8')
    channel.on('data', (text: string) => {
      lines.push(text)
    })
    this.#bridge = newBridge(transport)
    this.#bridge.loop.unref()
  }

  #receive(line: string): boolean {
    const reply = parseJson(line)
    const understood = isRecord(reply) && (!this.#opened || this.#isPlain(reply))
    try {
      if (understood) this.#handle(reply)
    } catch {
      // pythonia's own code has tripped over it.
      return this.#broken(line)
    }
    return understood || this.#broken(line)
  }

  /** Once the module is there, answers are texts; anything else would be an object to pythonia, which asks Python about it. */
  #isPlain({ r, key }: Reply): boolean {
    return r === undefined || !this.#handlers.has(r) || key === 'string' || key === 'error'
  }

  #handle(reply: Reply): void {
    const { r } = reply
    const handler = r === undefined ? undefined : this.#handlers.get(r)
    // A handler that answers true has seen only a first part of its reply.
    if (r !== undefined && handler && !handler(reply)) this.#handlers.delete(r)
  }

  #broken(line: string): false {
    this.#process.breakProtocol('no answer', line)
    return false
  }

  /** Calls a function of the module. Takes as long as it takes: the caller races it against the process's end. */
  async call(name: string, argument: string): Promise<string> {
    this.#module ??= this.#open()
    const module = await this.#module
    const method = module[`${name}$`]
    if (!method) throw new TypeError(`${this.moduleName} has no ${name}.`)
    if (!trace.enabled) return method(argument, { $timeout: Infinity })
    const { pid } = this.#process
    const start = performance.now()
    trace.line(pid, `call ${name} >`, argument.replace(/("base64":")[^"]*/g, '$1…'))
    const answer = await method(argument, { $timeout: Infinity })
    trace.line(pid, `call ${name} < (${(performance.now() - start).toFixed(1)} ms)`, answer)
    return answer
  }

  async #open(): Promise<Record<string, Method>> {
    const root = this.#bridge.makePyObject(0)
    // Spares a description of each object that is passed.
    await root.sendInspect$(false, { $timeout: Infinity })
    const module = await root.python$(this.moduleName, { $timeout: Infinity })
    this.#opened = true
    return module
  }

  /** Lets go of everything that waits, so that no timer of pythonia's holds Node open. */
  close(): void {
    this.#bridge.end()
    for (const [id, handler] of [...this.#handlers]) {
      if (typeof id === 'number') handler({ r: id, key: 'error', sig: 'the process has ended' })
    }
    this.#handlers.clear()
  }
}
