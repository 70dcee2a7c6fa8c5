import { closeSync, openSync } from 'node:fs'
import type { Duplex } from 'node:stream'
import { startTimer } from '../async/index.js'
import { messageOf, PaddleError, quoted } from '../errors.js'
import { PythonProcess, scriptArguments, spawnPython, type Death, type Spawned } from '../python/index.js'
import { pythoniaInterface } from './pythonia-client.js'
import { fewerFilesAdvice } from './shared-memory.js'
import { trace } from './trace.js'

export type { Death }

/** How long a process may take to exit after it closed a socket. */
const END_MS = 1000

/**
 * The descriptors of the run channel and pythonia's channel, after stdio 0–2. Other inherited descriptors
 * follow.
 */
const RUN_CHANNEL = 3
const CHANNEL = 4

/** Descriptors needed temporarily to start a process: two per pipe, and some of Node's own. */
const DESCRIPTORS = 16

function spawn(interpreter: string, descriptors: readonly number[]): Spawned {
  // The kernel ends the worker when this process ends, for whatever reason.
  const args = scriptArguments(pythoniaInterface(), [], 'SIGKILL')
  checkDescriptors()
  try {
    return spawnPython(interpreter, args, {
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', ...descriptors],
      env: { NODE_CHANNEL_FD: String(CHANNEL) },
    })
  } catch (cause) {
    throw new PaddleError('WORKER_START_FAILED', `The worker could not be started: ${messageOf(cause)}`, {
      cause,
    })
  }
}

/**
 * Throws if too few descriptors are left: Node would throw and later also emit an error that cannot be
 * caught.
 */
function checkDescriptors(): void {
  const opened: number[] = []
  try {
    while (opened.length < DESCRIPTORS) opened.push(openSync('/dev/null', 'r'))
  } catch (cause) {
    throw new PaddleError(
      'WORKER_START_FAILED',
      'The worker could not be started: no more files can be opened (EMFILE).',
      { cause, advice: fewerFilesAdvice },
    )
  } finally {
    for (const descriptor of opened) closeSync(descriptor)
  }
}

/**
 * A Python process with a run channel, a channel for pythonia and inherited descriptors; it ends with this
 * process.
 */
export class WorkerProcess extends PythonProcess {
  readonly runChannel: Duplex
  /** Carries pythonia's messages. */
  readonly channel: Duplex
  /** The number of the run channel's descriptor in the worker process. */
  readonly runChannelDescriptor = RUN_CHANNEL
  #waiting = 0
  #stopping = false

  constructor(interpreter: string, descriptors: readonly number[]) {
    super(spawn(interpreter, descriptors))
    this.runChannel = this.child.stdio[RUN_CHANNEL] as unknown as Duplex
    this.channel = this.child.stdio[CHANNEL] as unknown as Duplex
    for (const socket of [this.runChannel, this.channel]) {
      // An error only means that the process is gone, which its exit reports.
      socket.on('error', () => undefined)
      socket.once('close', () => {
        this.#expectEnd(socket === this.runChannel ? 'run channel' : 'channel')
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

  /** Kills the process after invalid data, of which `line` is all or the beginning; later data is ignored. */
  breakProtocol(problem: string, line?: string): void {
    if (this.ended || this.broken !== undefined) return
    this.broken = line === undefined ? problem : `it sent ${problem}: ${quoted(line)}`
    this.#trace('broke the protocol:', () => this.broken ?? '')
    this.child.kill('SIGKILL')
  }

  /**
   * A socket closes when the process exits. Kills a process that keeps running without it, because it can no
   * longer be reached.
   */
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

  /** The number in the worker process of the inherited descriptor at `index`. */
  inherited(index: number): number {
    return CHANNEL + 1 + index
  }

  /** Keeps Node alive while this process has pending calls, and only then. */
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
    ;(this.runChannel as unknown as { ref(): void }).ref()
  }

  #release(): void {
    this.child.unref()
    for (const stream of [this.child.stdout, this.child.stderr, this.runChannel, this.channel]) {
      ;(stream as { unref?: () => void } | null)?.unref?.()
    }
  }

  override async stop(): Promise<Death> {
    this.#hold()
    this.#stopping = true
    this.runChannel.destroy()
    return super.stop()
  }
}
