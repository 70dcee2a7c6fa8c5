import { createRequire } from 'node:module'
import type { ChildProcess } from 'node:child_process'
import { dirname, join } from 'node:path'

const require = createRequire(import.meta.url)

interface Reply {
  readonly r?: number
  readonly c?: string
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

/** Calls into one Python process through pythonia: one module, one JSON text in, one out. */
export class PythonLink {
  readonly #handlers = new Map<number | string, Handler>()
  readonly #bridge: PythoniaBridge
  #module: Promise<Record<string, Method>> | undefined

  constructor(
    child: ChildProcess,
    readonly moduleName: string,
  ) {
    const send = (message: object): void => {
      // Without a callback a closed channel would be an uncaught error; the process's end is noticed elsewhere.
      child.send(message, () => undefined)
    }
    const transport: Transport = {
      register: (id, handler) => {
        this.#handlers.set(id, handler)
      },
      write: (message, handler) => {
        if (handler && message.r !== undefined) this.#handlers.set(message.r, handler)
        send(message)
      },
      writeRaw: (text, id, handler) => {
        this.#handlers.set(id, handler)
        send(JSON.parse(text) as object)
      },
    }
    child.on('message', (message) => {
      this.#receive(message as Reply)
    })
    this.#bridge = newBridge(transport)
    this.#bridge.loop.unref()
  }

  #receive(reply: Reply): void {
    const event = reply.c === undefined ? undefined : this.#handlers.get(reply.c)
    if (event) {
      event(reply)
      return
    }
    const { r } = reply
    const handler = r === undefined ? undefined : this.#handlers.get(r)
    // A handler that answers true has seen only a first part of its reply.
    if (r !== undefined && handler && !handler(reply)) this.#handlers.delete(r)
  }

  /** Calls a function of the module. Takes as long as it takes: the caller races it against the process's end. */
  async call(name: string, argument: string): Promise<string> {
    this.#module ??= this.#open()
    const module = await this.#module
    const method = module[`${name}$`]
    if (!method) throw new TypeError(`${this.moduleName} has no ${name}.`)
    return method(argument, { $timeout: Infinity })
  }

  async #open(): Promise<Record<string, Method>> {
    const root = this.#bridge.makePyObject(0)
    // Spares a description of each object that is passed.
    await root.sendInspect$(false, { $timeout: Infinity })
    return root.python$(this.moduleName, { $timeout: Infinity })
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
