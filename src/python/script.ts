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

/**
 * The descriptor that a script writes messages to. Anything printed by it or a library is kept for errors.
 */
const MESSAGES = 3
/** How long to wait for the last messages of a dead process. */
const LAST_MESSAGES_MS = 1000
const stdio = ['pipe', 'pipe', 'pipe', 'pipe'] as const

type StartOptions = Pick<SpawnOptions, 'signal' | 'timeoutMs'>

export interface ScriptOptions extends StartOptions {
  readonly args?: readonly string[]
  /**
   * How long it may take to clean up before it is killed. Omitted: there is nothing to clean up, and it is
   * killed when Node ends.
   */
  readonly tidyMs?: number
}

/**
 * A script that reads requests from stdin and sends messages, both as lines of JSON.
 * `python/script_channel.py` is the other end.
 */
export class Script extends PythonProcess implements AsyncDisposable {
  readonly #messages: Duplex
  readonly #answers: AnswerStream

  /**
   * @param tidyMs - how long its descendants may take to clean up; a grandchild may keep the messages open
   * forever
   */
  constructor(child: Spawned, tidyMs = 0) {
    super(child)
    // A process that has already ended is reported by its death.
    child.stdin.on('error', () => undefined)
    this.#messages = child.stdio[MESSAGES] as unknown as Duplex
    this.#answers = new AnswerStream(this.#messages)
    if (tidyMs !== Infinity) void this.#endMessages(Math.max(LAST_MESSAGES_MS, tidyMs))
  }

  /** Closes the messages some time after the death of the process. */
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

  /**
   * Returns the next message, or how the process ended. Stops the process if a message does not match the
   * form.
   */
  async next<T extends object>(form: ZodType<T>): Promise<T | { readonly ended: Death }> {
    const line = await this.#answers.line()
    if (line === undefined) return { ended: await this.death }
    const { data } = form.safeParse(parseJson(line))
    if (data) return data
    return { ended: { ...(await this.stop()), broken: `it sent an invalid message: ${quoted(line)}` } }
  }

  /** Returns the next `count` bytes, which follow a message, or how the process ended if there are fewer. */
  async bytes(count: number): Promise<ArrayBuffer | { readonly ended: Death }> {
    return (await this.#answers.bytes(count)) ?? { ended: await this.death }
  }

  /** Calls `read` with each message, and returns how the process ended. */
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

/**
 * Starts a script in the folder `python`. It ends when it is disposed of, and with Node in any case.
 *
 * @throws PaddleError as `pythonFolder`
 */
export function startScript(
  python: string,
  name: string,
  { args = [], tidyMs, ...options }: ScriptOptions = {},
): Script {
  const how = tidyMs === undefined ? 'SIGKILL' : 'SIGTERM'
  const words = scriptArguments(join(pythonFolder(), name), args, how)
  return new Script(spawnPython(python, words, { ...options, stdio, graceMs: tidyMs }), tidyMs)
}

/**
 * A shell that replaces itself by the interpreter and leaves a watcher that reads stdin. Node holds the other
 * end, which closes when Node dies in any way and when the interpreter has ended; the watcher then kills the
 * process group, itself included. The interpreter cannot do this itself, because it may be a shim that is not
 * yet Python.
 */
const tether = 'exec 4<&0 </dev/null; (read -r _ <&4; kill -KILL 0) >/dev/null 2>&1 3>&- & exec "$@" 4<&-'

/** Runs code in what might not be a Python. Neither it nor its descendants outlive Node. */
export function startTethered(path: string, code: string, options: StartOptions): Script {
  const words = ['-c', tether, 'paddle-ts', path, ...isolation, '-c', code]
  return new Script(spawnPython('/bin/sh', words, { ...options, stdio }))
}
