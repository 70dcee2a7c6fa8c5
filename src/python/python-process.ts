import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Readable, Writable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { StringDecoder } from 'node:string_decoder'
import { execa } from 'execa'
import { startTimer } from '../async/index.js'
import { endOf } from '../errors.js'
import { pythonFolder } from '../package-files.js'
import { interpreterArguments, interpreterEnvironment } from './isolation.js'

/** How long to wait for the last output of a dead process: a grandchild may keep its stderr open forever. */
const LAST_WORDS_MS = 100

/** How a process ended. */
export interface Death {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Why the process could not be started. */
  readonly startError?: string
  /** The last lines of its output. */
  readonly output: string
  /** What it sent instead of a valid message; it was stopped because of that. */
  readonly broken?: string
}

export interface SpawnOptions {
  /** What the process inherits; stdout and stderr are pipes. */
  readonly stdio: readonly ('ignore' | 'pipe' | number)[]
  /** Variables in addition to the caller's. */
  readonly env?: NodeJS.ProcessEnv
  /** Asks the process to end. */
  readonly signal?: AbortSignal | undefined
  /** Asks the process to end after this time. */
  readonly timeoutMs?: number | undefined
  /** How long a process may take to end before it is killed. @default 1000 */
  readonly graceMs?: number | undefined
}

export interface Spawned extends ChildProcess {
  readonly stdin: Writable
  readonly stdout: Readable
  readonly stderr: Readable
  then: PromiseLike<{ readonly originalMessage?: string }>['then']
}

/**
 * Spawns a program like every Python of paddle-ts: with the caller's environment except what could do harm,
 * and in its own process group, so that Ctrl-C only reaches Node. The program itself must end when Node does.
 */
export function spawnPython(
  file: string,
  args: readonly string[],
  { stdio, env, signal, timeoutMs, graceMs = 1000 }: SpawnOptions,
): Spawned {
  return execa(file, args, {
    // Any descriptor can be inherited; execa's types only include those up to 9.
    stdio: stdio as ['pipe', 'pipe', 'pipe', ...9[]],
    env: { ...interpreterEnvironment(), ...env },
    extendEnv: false,
    detached: true,
    buffer: false,
    reject: false,
    forceKillAfterDelay: graceMs !== Infinity && graceMs,
    ...(signal && { cancelSignal: signal }),
    ...(timeoutMs !== undefined && { timeout: timeoutMs }),
  }) as unknown as Spawned
}

/**
 * The arguments for a Python to run a script that ends with this process in any case, by the signal `how`.
 */
export function scriptArguments(
  script: string,
  args: readonly string[],
  how: 'SIGKILL' | 'SIGTERM',
): readonly string[] {
  const start = join(pythonFolder(), 'start_script.py')
  return [...interpreterArguments, start, how, String(process.pid), script, ...args]
}

/** A started process, the end of its output, and its death. */
export class PythonProcess {
  readonly child: Spawned
  /** Resolves when the process has ended and its last output has been read. Never rejects. */
  readonly death: Promise<Death>
  #ended = false
  protected broken: string | undefined

  constructor(child: Spawned) {
    this.child = child
    this.death = this.#untilDeath()
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Asks the process to end, and kills it if it does not in time. */
  async stop(): Promise<Death> {
    if (!this.#ended) this.child.kill()
    return this.death
  }

  async #untilDeath(): Promise<Death> {
    const { child } = this
    const tail = new OutputTail()
    tail.follow(child.stdout)
    tail.follow(child.stderr)
    const { exitCode, signal, startError } = await ending(child)
    this.#ended = true
    await lastWords([child.stdout, child.stderr])
    return {
      exitCode,
      signal,
      ...(startError === undefined ? {} : { startError }),
      output: tail.lines(20),
      ...(this.broken === undefined ? {} : { broken: this.broken }),
    }
  }
}

async function ending(child: Spawned): Promise<Omit<Death, 'output'>> {
  const exit = new Promise<Omit<Death, 'output'>>((resolve) => {
    child.once('exit', (exitCode, signal) => {
      resolve({ exitCode, signal })
    })
  })
  // A process that failed to start emits no exit.
  const result = child.then(({ originalMessage = 'unknown' }) =>
    child.pid === undefined ? { exitCode: null, signal: null, startError: originalMessage } : exit,
  )
  return Promise.race([exit, result])
}

/** Waits until these streams have ended, at most `LAST_WORDS_MS`. */
async function lastWords(streams: readonly Readable[]): Promise<void> {
  const ends = Promise.allSettled(streams.map((stream) => finished(stream)))
  await new Promise<void>((resolve) => {
    const timer = startTimer(LAST_WORDS_MS, resolve)
    void ends.then(() => {
      timer.stop()
      resolve()
    })
  })
  for (const stream of streams) stream.destroy()
}

const LIMIT = 8192

/** Keeps the end of a process's output for error messages. */
export class OutputTail {
  #text = ''

  follow(stream: Readable): void {
    const decoder = new StringDecoder('utf8')
    stream.on('data', (chunk: Buffer) => {
      this.#text = endOf(this.#text + decoder.write(chunk), LIMIT)
    })
    // A broken stream yields nothing more; the end of the process is detected elsewhere.
    stream.on('error', () => undefined)
  }

  /** Returns the last lines, at most `count`. */
  lines(count: number): string {
    return this.#text.trimEnd().split('\n').slice(-count).join('\n').trim()
  }
}

/** What is known about how a process ended. */
export type Ending = { readonly [Name in keyof Death]?: Death[Name] | undefined }

/**
 * Describes how a process ended, in words that follow its name, with its last lines.
 *
 * @param doing - ` while it …`
 */
export function describeDeath(
  { exitCode, signal, startError, broken, output = '' }: Ending,
  doing = '',
): string {
  const how =
    startError !== undefined
      ? `could not be started${doing}: ${startError}`
      : broken !== undefined
        ? `broke the protocol${doing}: ${broken}`
        : signal
          ? `died with ${signal}${doing}`
          : `ended with exit code ${exitCode ?? 'unknown'}${doing}`
  return `${how}.${output && ` Last lines of its output:\n${output}`}`
}
