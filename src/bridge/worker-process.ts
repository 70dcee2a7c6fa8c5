import { closeSync, openSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { startTimer } from '../async/index.js'
import { messageOf, PaddleError, quoted } from '../errors.js'
import { PythonProcess, scriptArguments, spawnPython, type Death, type Spawned } from '../python/index.js'
import { pythoniaInterface } from './pythonia-client.js'
import { trace } from './trace.js'

export type { Death }

/** How long a process that has let go of a socket may take to end. */
const END_MS = 1000

/** Where the worker finds its doorbell and pythonia's channel: after stdio 0–2. What else it inherits comes behind them. */
const DOORBELL = 3
const CHANNEL = 4

/** Descriptors that starting a process takes for a moment: two for each pipe, and some of Node's own. */
const DESCRIPTORS = 16

function spawn(interpreter: string, descriptors: readonly number[]): Spawned {
  checkDescriptors()
  try {
    // The kernel ends the worker with this process, however that ends.
    return spawnPython(interpreter, scriptArguments(pythoniaInterface, [], 'SIGKILL'), {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...descriptors],
      env: { NODE_CHANNEL_FD: String(CHANNEL) },
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
      'The worker could not be started: no more files can be opened (EMFILE).',
      { cause, advice: 'Close predictors that are not used, or raise the limit: ulimit -n.' },
    )
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

/** A Python process with a doorbell, a channel for pythonia and inherited descriptors; it ends with this process. */
export class WorkerProcess extends PythonProcess {
  readonly doorbell: Duplex
  /** Where pythonia's messages go. */
  readonly channel: Duplex
  /** The doorbell's descriptor, as the process knows it. */
  readonly doorbellDescriptor = DOORBELL
  #waiting = 0
  #stopping = false

  constructor(interpreter: string, descriptors: readonly number[]) {
    super(spawn(interpreter, descriptors))
    this.doorbell = this.child.stdio[DOORBELL] as unknown as Duplex
    this.channel = this.child.stdio[CHANNEL] as unknown as Duplex
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
    void this.death.then(({ startError, signal, exitCode }) => {
      this.#trace('ended', () => startError ?? signal ?? `exit code ${String(exitCode)}`)
    })
    this.#release()
  }

  /** Kills the process: what it said, of which `line` is all or the beginning, is no answer, and nothing more is believed. */
  breakProtocol(problem: string, line?: string): void {
    if (this.ended || this.broken !== undefined) return
    this.broken = line === undefined ? problem : `it sent ${problem}: ${quoted(line)}`
    this.#trace('broke the protocol:', () => this.broken ?? '')
    this.child.kill('SIGKILL')
  }

  /** A socket closes when the process ends; one that goes on without it can be told nothing any more. */
  #expectEnd(name: string): void {
    if (this.ended || this.#stopping) return
    const timer = startTimer(END_MS, () => {
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
    ;(this.doorbell as unknown as { ref(): void }).ref()
  }

  #release(): void {
    this.child.unref()
    for (const stream of [this.child.stdout, this.child.stderr, this.doorbell, this.channel]) {
      ;(stream as { unref?: () => void } | null)?.unref?.()
    }
  }

  override async stop(): Promise<Death> {
    this.#hold()
    this.#stopping = true
    this.doorbell.destroy()
    return super.stop()
  }
}
