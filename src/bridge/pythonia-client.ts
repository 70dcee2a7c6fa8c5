import { createRequire } from 'node:module'
import { basename, dirname, join } from 'node:path'
import type { Duplex } from 'node:stream'
import { isRecord, parseJson } from '../json.js'
import { outsideArchive } from '../outside-archive.js'
import { dependencyFailure, resolveDependency } from '../package-files.js'
import { LineReader } from './line-reader.js'
import { trace } from './trace.js'

/** Replies contain descriptions and tracebacks, no tensors. */
const LONGEST_LINE = 64 * 2 ** 20

/** The Python process at the other end. */
export interface PythoniaProcess {
  readonly pid: number | undefined
  readonly channel: Duplex
  /** Is called on invalid data; later data of the channel is not trusted. */
  breakProtocol(problem: string, line: string): void
}

interface Reply {
  readonly r?: number
  readonly key?: string
  readonly sig?: string
}
type Handler = (reply: Reply) => unknown

/** What pythonia's Bridge requires of its transport (its own is `IpcPipeCom.js`). */
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

/**
 * The script that a Python process runs to receive calls.
 *
 * @throws PaddleError PACKAGE_FILES_MISSING
 */
export function pythoniaInterface(): string {
  const script = resolveDependency('pythonia/src/pythonia/interface.py')
  return join(outsideArchive(dirname(script)), basename(script))
}

function newBridge(transport: Transport): PythoniaBridge {
  // Bridge.js logs each message if DEBUG is set when it is first loaded; but DEBUG is meant for other
  // packages.
  const { DEBUG } = process.env
  delete process.env['DEBUG']
  try {
    return new (loadBridge().Bridge)(transport)
  } finally {
    if (DEBUG !== undefined) process.env['DEBUG'] = DEBUG
  }
}

function loadBridge(): { Bridge: new (transport: Transport) => PythoniaBridge } {
  // Next.js copies what is required in this form when it collects the files of a server.
  const require = createRequire(import.meta.url)
  try {
    return require('pythonia/src/pythonia/Bridge.js') as ReturnType<typeof loadBridge>
  } catch (error) {
    throw dependencyFailure('pythonia', error)
  }
}

/**
 * Calls into one Python process through pythonia: one module, with one JSON text as argument and result.
 * Messages go through a separate socket, not Node's IPC channel, which crashes Node when it receives anything
 * but JSON.
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
      // Through the events that pythonia registers, Python could call anything in Node. paddle-ts does not
      // use them.
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
          process.breakProtocol('a line that is too long', start)
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
      // pythonia's own code failed on the reply.
      return this.#broken(line)
    }
    return understood || this.#broken(line)
  }

  /**
   * After the module is loaded, valid replies are strings or errors; pythonia would treat anything else as an
   * object and query Python about it.
   */
  #isPlain({ r, key }: Reply): boolean {
    return r === undefined || !this.#handlers.has(r) || key === 'string' || key === 'error'
  }

  #handle(reply: Reply): void {
    const { r } = reply
    const handler = r === undefined ? undefined : this.#handlers.get(r)
    // A handler that returns true expects further parts of its reply.
    if (r !== undefined && handler && !handler(reply)) this.#handlers.delete(r)
  }

  #broken(line: string): false {
    this.#process.breakProtocol('an invalid reply', line)
    return false
  }

  /**
   * Calls a function of the module, without a timeout: the caller races it against the end of the process.
   */
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
    // Skips the description of each passed object.
    await root.sendInspect$(false, { $timeout: Infinity })
    const module = await root.python$(this.moduleName, { $timeout: Infinity })
    this.#opened = true
    return module
  }

  /** Rejects pending calls and clears pythonia's timers, so that they do not keep Node alive. */
  close(): void {
    this.#bridge.end()
    for (const [id, handler] of [...this.#handlers]) {
      if (typeof id === 'number') handler({ r: id, key: 'error', sig: 'the process has ended' })
    }
    this.#handlers.clear()
  }
}
