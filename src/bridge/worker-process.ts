import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { Duplex } from 'node:stream'
import { closeSync, openSync } from 'node:fs'
import { execa } from 'execa'
import { messageOf, PaddleError, quoted } from '../errors.js'
import { pythonFolder } from '../package-files.js'
import { startTimer, type Timer } from '../async/index.js'
import { interpreterArguments, interpreterEnvironment, OutputTail } from '../python/index.js'
import { pythoniaInterface } from './python-link.js'
import { trace } from './trace.js'

/** How long the last output of a dead process is waited for: a grandchild may hold its stderr open for ever. */
const LAST_WORDS_MS = 100
/** How long a process that was asked to end is waited for before it is killed. */
const GRACE_MS = 1000

/** How a process ended. */
export interface Death {
  readonly exitCode: number | null
  readonly signal: NodeJS.Signals | null
  /** Why it could not be started at all. */
  readonly startError?: string
  /** The last lines that it wrote. */
  readonly output: string
  /** What it has said instead of an answer, for which it was killed. */
  readonly broken?: string
}

/** Where the worker finds its doorbell and pythonia's channel: after stdio 0–2. What else it inherits comes behind them. */
const DOORBELL = 3
const CHANNEL = 4

/** Descriptors that starting a process takes for a moment: two for each pipe, and some of Node's own. */
const DESCRIPTORS = 16

function spawn(interpreter: string, descriptors: readonly number[]) {
  checkDescriptors()
  // Any descriptor can be inherited; execa's types know them up to 9.
  const inherited = descriptors.map((descriptor) => descriptor as 9)
  const script = join(pythonFolder, 'start_worker.py')
  try {
    return execa(interpreter, [...interpreterArguments, script, String(process.pid), pythoniaInterface], {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...inherited],
      env: { ...interpreterEnvironment(), NODE_CHANNEL_FD: String(CHANNEL) },
      extendEnv: false,
      // The kernel ends the worker with this process, however that ends; execa's hook changes exit codes.
      cleanup: false,
      buffer: false,
      reject: false,
    })
  } catch (cause) {
    throw new PaddleError('WORKER_START_FAILED', `The worker could not be started: ${messageOf(cause)}`, {
      cause,
    })
  }
}

/** Where descriptors run out while a process is started, Node throws and later raises an error that nobody can catch. */
function checkDescriptors(): void {
  const opened: number[] = []
  try {
    while (opened.length < DESCRIPTORS) opened.push(openSync('/dev/null', 'r'))
  } catch (cause) {
    throw new PaddleError(
      'WORKER_START_FAILED',
      'The worker could not be started: no more files can be opened (EMFILE).\n' +
        'Close predictors that are not used, or raise the limit: ulimit -n.',
      { cause },
    )
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

/** A Python process with a doorbell, a channel for pythonia and inherited descriptors; it ends with this process. */
export class WorkerProcess {
  readonly child: ChildProcess
  readonly doorbell: Duplex
  /** Where pythonia's messages go. */
  readonly channel: Duplex
  /** Settles once, when the process has ended and its last output was read. Never rejects. */
  readonly death: Promise<Death>
  /** The doorbell's descriptor, as the process knows it. */
  readonly doorbellDescriptor = DOORBELL
  #ended = false
  #broken: string | undefined
  #waiting = 0
  #stopping = false

  constructor(interpreter: string, descriptors: readonly number[]) {
    const started = spawn(interpreter, descriptors)
    this.child = started
    this.doorbell = started.stdio[DOORBELL] as unknown as Duplex
    this.channel = started.stdio[CHANNEL] as unknown as Duplex
    for (const socket of [this.doorbell, this.channel]) {
      // One that breaks says only that the process is gone; that is noticed by its end.
      socket.on('error', () => undefined)
      socket.once('close', () => {
        this.#expectEnd(socket === this.doorbell ? 'doorbell' : 'channel')
      })
    }
    this.#trace(
      'started',
      () => `${interpreter}, with descriptors ${descriptors.join(', ') || 'of its own only'}`,
    )
    const tail = new OutputTail()
    tail.follow(started.stdout)
    tail.follow(started.stderr)
    this.death = new Promise((resolve) => {
      const end = (exitCode: number | null, signal: NodeJS.Signals | null, startError?: string): void => {
        if (this.#ended) return
        this.#ended = true
        this.#trace('ended', () => startError ?? signal ?? `exit code ${String(exitCode)}`)
        void lastWords(started).then(() => {
          resolve({
            exitCode,
            signal,
            ...(startError === undefined ? {} : { startError }),
            output: tail.lines(20),
            ...(this.#broken === undefined ? {} : { broken: this.#broken }),
          })
        })
      }
      started.once('exit', end)
      started.once('error', (error) => {
        end(null, null, messageOf(error))
      })
      // A program that is not there ends without either event.
      void started.then((result) => {
        end(
          result.exitCode ?? null,
          result.signal ?? null,
          started.pid === undefined ? messageOf(result) : undefined,
        )
      })
    })
    this.#release()
  }

  get pid(): number | undefined {
    return this.child.pid
  }

  /** Kills the process: what it said, of which `line` is all or the beginning, is no answer, and nothing more is believed. */
  breakProtocol(problem: string, line?: string): void {
    if (this.#ended || this.#broken !== undefined) return
    this.#broken = line === undefined ? problem : `it sent ${problem}: ${quoted(line)}`
    this.#trace('broke the protocol:', () => this.#broken ?? '')
    this.child.kill('SIGKILL')
  }

  /** A socket closes when the process ends; one that goes on without it can be told nothing any more. */
  #expectEnd(name: string): void {
    if (this.#ended || this.#stopping) return
    const timer = startTimer(GRACE_MS, () => {
      this.breakProtocol(`it closed its ${name}`)
    }).unref()
    void this.death.then(() => {
      timer.stop()
    })
  }

  #trace(what: string, text: () => string): void {
    if (trace.enabled) trace.line(this.pid, what, text())
  }

  /** What the process calls the descriptor at `index` of those that it inherited. */
  inherited(index: number): number {
    return CHANNEL + 1 + index
  }

  get ended(): boolean {
    return this.#ended
  }

  /** Keeps Node alive while something of this process is waited for, and only then. */
  async held<T>(promise: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#hold()
    try {
      return await promise
    } finally {
      if (--this.#waiting === 0) this.#release()
    }
  }

  #hold(): void {
    this.child.ref()
    this.#socket().ref()
  }

  #release(): void {
    this.child.unref()
    for (const stream of [this.child.stdout, this.child.stderr, this.doorbell, this.channel]) {
      ;(stream as { unref?: () => void } | null)?.unref?.()
    }
  }

  #socket(): { ref(): void } {
    return this.doorbell as unknown as { ref(): void }
  }

  /** Ends the process: asks it to, and kills it when it has not done so a second later. */
  async stop(): Promise<Death> {
    this.#hold()
    this.#stopping = true
    this.doorbell.destroy()
    if (!this.#ended) {
      this.child.kill('SIGTERM')
      const timer = startTimer(GRACE_MS, () => this.child.kill('SIGKILL'))
      await this.death
      timer.stop()
    }
    return this.death
  }
}

/** Until both outputs have ended, at most `LAST_WORDS_MS`. */
async function lastWords(child: ChildProcess): Promise<void> {
  const ends = [child.stdout, child.stderr].map(
    (stream) =>
      new Promise<void>((resolve) => {
        if (!stream || stream.readableEnded || stream.destroyed) resolve()
        else {
          stream.once('end', resolve)
          stream.once('close', resolve)
        }
      }),
  )
  let timer: Timer | undefined
  const limit = new Promise<void>((resolve) => {
    timer = startTimer(LAST_WORDS_MS, resolve)
  })
  await Promise.race([Promise.all(ends), limit])
  timer?.stop()
  child.stdout?.destroy()
  child.stderr?.destroy()
}
