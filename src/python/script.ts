import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import type { ZodType } from 'zod'
import { startTimer } from '../async/index.js'
import { quoted } from '../errors.js'
import { parseJson } from '../json.js'
import { pythonFolder } from '../package-files.js'
import { isolation } from './isolation.js'
import { AnswerStream } from './message-stream.js'
import {
  PythonProcess,
  scriptArguments,
  spawnPython,
  type Death,
  type Spawned,
  type SpawnOptions,
} from './python-process.js'

/** Where a script finds what its messages go out by; what it, or a library, prints is kept for the error. */
const MESSAGES = 3
/** How long the last messages of a dead process are waited for. */
const LAST_MESSAGES_MS = 1000
const stdio = ['pipe', 'pipe', 'pipe', 'pipe'] as const

type StartOptions = Pick<SpawnOptions, 'signal' | 'timeoutMs'>

export interface ScriptOptions extends StartOptions {
  readonly args?: readonly string[]
  /** How long it may take to tidy up when it is to end. Without it, it has nothing to tidy up, and is killed when Node is gone. */
  readonly tidyMs?: number
}

/** A script that takes requests on stdin and sends messages: both are lines of JSON. `python/paddle_ts_driver.py` is the other end. */
export class Script extends PythonProcess implements AsyncDisposable {
  readonly #messages: Duplex
  readonly #answers: AnswerStream

  /** @param tidyMs - how long what it has left behind may take to tidy up; a grandchild may hold the messages open for ever */
  constructor(child: Spawned, tidyMs = 0) {
    super(child)
    // A process that is gone already is told by its end.
    child.stdin.on('error', () => undefined)
    this.#messages = child.stdio[MESSAGES] as unknown as Duplex
    this.#answers = new AnswerStream(this.#messages)
    if (tidyMs !== Infinity) void this.#endMessages(Math.max(LAST_MESSAGES_MS, tidyMs))
  }

  /** Ends the messages a while after the process. */
  async #endMessages(afterMs: number): Promise<void> {
    await this.death
    const timer = startTimer(afterMs, () => {
      this.#messages.destroy()
    })
    this.#messages.once('close', () => {
      timer.stop()
    })
    if (this.#messages.closed) timer.stop()
  }

  send(request: object): void {
    this.child.stdin.write(`${JSON.stringify(request)}\n`)
  }

  /** The next message; how the process ended where there is none. One of another form ends the process. */
  async next<T extends object>(form: ZodType<T>): Promise<T | { readonly ended: Death }> {
    const line = await this.#answers.line()
    if (line === undefined) return { ended: await this.death }
    const { data } = form.safeParse(parseJson(line))
    if (data) return data
    return { ended: { ...(await this.stop()), broken: `it sent no message: ${quoted(line)}` } }
  }

  /** The next `count` bytes, which follow a message; how the process ended where there are less. */
  async bytes(count: number): Promise<ArrayBuffer | { readonly ended: Death }> {
    return (await this.#answers.bytes(count)) ?? { ended: await this.death }
  }

  /** Hands each message to `read` as it comes; how the process ended. */
  async forEach<T extends object>(form: ZodType<T>, read: (message: T) => void): Promise<Death> {
    for (;;) {
      const message = await this.next(form)
      if ('ended' in message) return message.ended
      read(message)
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.stop()
    this.#messages.destroy()
  }
}

/** Starts a script of the folder `python`. It ends when it is disposed of, and with Node, however that ends. */
export function startScript(
  python: string,
  name: string,
  { args = [], tidyMs, ...options }: ScriptOptions = {},
): Script {
  const how = tidyMs === undefined ? 'SIGKILL' : 'SIGTERM'
  const words = scriptArguments(join(pythonFolder, name), args, how)
  return new Script(spawnPython(python, words, { ...options, stdio, graceMs: tidyMs }), tidyMs)
}

/**
 * A shell that becomes the interpreter, and leaves a watcher at the end of stdin. Node holds the other end, and lets go of it
 * when it dies, however it does, and when the interpreter has ended: the watcher then kills the group and itself. The interpreter
 * may be a shim that is no Python yet, so it cannot see to that by itself.
 */
const tether = 'exec 4<&0 </dev/null; (read -r _ <&4; kill -KILL 0) >/dev/null 2>&1 3>&- & exec "$@" 4<&-'

/** Runs code in what may be no Python at all; neither it nor what it starts outlives Node. */
export function startTethered(path: string, code: string, options: StartOptions): Script {
  const words = ['-c', tether, 'paddle-ts', path, ...isolation, '-c', code]
  return new Script(spawnPython('/bin/sh', words, { ...options, stdio }))
}
