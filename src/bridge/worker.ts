import { findInterpreter } from '../environment/index.js'
import { PaddleError } from '../errors.js'
import type { ModelBuffers } from '../model/index.js'
import type { Control } from './control.js'
import { Doorbell } from './doorbell.js'
import { takeEarly } from './early-launch.js'
import { launch, type Launched } from './launch.js'
import type {
  AskReply,
  AskRequest,
  CreateRequest,
  Description,
  RunReply,
  RunRequest,
  ServeRequest,
} from './protocol.js'
import { Region, type Lane } from './region.js'
import { needsWholePaddle } from './whole-paddle.js'
import { causeOf, deathError, fromWorker } from './worker-failure.js'
import type { Death, WorkerProcess } from './worker-process.js'

export interface WorkerOptions {
  /** The Python to run. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python: string | undefined
  /** The memory that its runs use; it stays the caller's. */
  readonly lanes: readonly Lane[]
  /** Memory that feeds may lie in beside the lanes; it stays the caller's. */
  readonly arena: { readonly descriptor: number }
  readonly model: Omit<CreateRequest, 'memory'>
  /** The model itself, where it does not lie in files. */
  readonly buffers: ModelBuffers | undefined
}

interface Pending {
  readonly resolve: (reply: RunReply | AskReply) => void
  readonly reject: (error: Error) => void
}

/** One worker process with one predictor. It lives until `close()`, or until it dies. */
export class Worker {
  readonly #process: WorkerProcess
  readonly #control: Control
  readonly #doorbell: Doorbell
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #death: Death | undefined
  #brokenLine: string | undefined
  #paddle = ''
  #description: Description | undefined
  /** The model's file, as error messages name it. */
  readonly title: string

  private constructor({ process, control }: Launched, title: string) {
    this.title = title
    this.#process = process
    this.#control = control
    this.#doorbell = new Doorbell(
      this.#process.doorbell,
      (id, reply) => {
        this.#answer(id, (pending) => {
          if ('error' in reply)
            pending.reject(fromWorker(reply.error, 'RUN_FAILED', `Paddle could not run ${this.title}`))
          else pending.resolve(reply)
        })
      },
      (line) => {
        this.#brokenLine = line
        this.#process.child.kill('SIGKILL')
      },
    )
    void this.#process.death.then((death) => {
      this.#death = death
      for (const id of [...this.#pending.keys()]) {
        this.#answer(id, (pending) => {
          pending.reject(this.#deathError('run', death))
        })
      }
    })
  }

  /**
   * Starts a process, imports paddle in it and makes the predictor.
   *
   * @throws PaddleError PADDLE_IMPORT_FAILED, MODEL_LOAD_FAILED, WORKER_START_FAILED and those that the worker gives. Nothing is
   * left of the process then.
   */
  static async start(options: WorkerOptions, signal?: AbortSignal): Promise<Worker> {
    const { python, lanes, arena, model, buffers } = options
    const interpreter = await findInterpreter(python === undefined ? {} : { python })
    signal?.throwIfAborted()
    const memory = buffers && memoryOf(buffers)
    const own = lanes.flatMap((lane) => [lane.input.descriptor, lane.output.descriptor])
    const descriptors = [arena.descriptor, ...own, ...(memory ? [memory.descriptor] : [])]
    let worker: Worker | undefined
    const stop = (): void => void worker?.close()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      const how = { interpreter: interpreter.path, descriptors, whole: needsWholePaddle(model) }
      const launched = takeEarly(how) ?? launch(how)
      const { process, control, hello } = launched
      worker = new Worker(launched, model.program)
      worker.#paddle = (await control.greet(hello, interpreter, model.program)).paddle
      const { program, params } = buffers ?? {}
      worker.#description = await worker.#create({
        ...model,
        memory: program
          ? {
              descriptor: process.inherited(descriptors.length - 1),
              programBytes: program.byteLength,
              paramsBytes: params?.byteLength ?? 0,
            }
          : null,
      })
      signal?.throwIfAborted()
      worker.#serve(lanes.length)
      return worker
    } catch (error) {
      await worker?.close()
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
      memory?.close()
    }
  }

  get pid(): number | undefined {
    return this.#process.child.pid
  }

  /** The wheel's version. */
  get paddle(): string {
    return this.#paddle
  }

  get description(): Description {
    if (!this.#description) throw new TypeError('The worker has not been started.')
    return this.#description
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#death !== undefined
  }

  /** Settles when the process has ended, for whatever reason. */
  get end(): Promise<unknown> {
    return this.#process.death
  }

  /** How many runs and questions it has not answered yet. */
  get pending(): number {
    return this.#pending.size
  }

  /** @throws PaddleError WORKER_DIED when the process has ended */
  checkAlive(): void {
    if (this.#death) throw this.#deathError('run', this.#death)
  }

  /** Runs the predictor on feeds that lie in a lane. Runs are answered in the order in which they were rung. */
  async run(request: RunRequest): Promise<RunReply> {
    return (await this.#ring(request)) as RunReply
  }

  /** Asks the predictor something, after the runs that were rung before. */
  async ask(request: AskRequest): Promise<AskReply> {
    return (await this.#ring(request)) as AskReply
  }

  async #ring(request: RunRequest | AskRequest): Promise<RunReply | AskReply> {
    this.checkAlive()
    return this.#process.held(
      new Promise((resolve, reject) => {
        const id = this.#nextId
        this.#nextId += 1
        this.#pending.set(id, { resolve, reject })
        this.#doorbell.ring(id, request)
      }),
    )
  }

  /** Ends the process and waits until it is gone. May be called more than once. */
  async close(): Promise<void> {
    await this.#process.stop()
  }

  /** Has the predictor made. */
  async #create(request: CreateRequest): Promise<Description> {
    const reply = await this.#control.call('create', request)
    if ('ended' in reply) throw this.#deathError('create', reply.ended)
    if (reply.ok) return reply.value as Description
    const failure = fromWorker(reply.error, 'MODEL_LOAD_FAILED', `Paddle could not load ${this.title}`)
    const remedy = reply.error.code === null ? `\n${remedyFor(request.calls, this.paddle)}` : ''
    throw new PaddleError(failure.code, failure.message + remedy, { cause: causeOf(reply.error) })
  }

  /** Has the worker answer the doorbell, for as long as it lives. */
  #serve(lanes: number): void {
    const { doorbellDescriptor: doorbell } = this.#process
    const request: ServeRequest = {
      doorbell,
      arena: this.#process.inherited(0),
      lanes: Array.from({ length: lanes }, (_, index) => ({
        input: this.#process.inherited(1 + 2 * index),
        output: this.#process.inherited(2 + 2 * index),
      })),
    }
    // It answers only when it cannot go on; the end of the process itself is noticed elsewhere.
    this.#control.begin('serve', request, () => void this.close())
  }

  #answer(id: number, settle: (pending: Pending) => void): void {
    const pending = this.#pending.get(id)
    this.#pending.delete(id)
    if (pending) settle(pending)
  }

  #deathError(during: 'create' | 'run', death: Death): PaddleError {
    return deathError('WORKER_DIED', during, this.title, death, {
      oneDnn: this.#description?.state.oneDnn,
      brokenLine: this.#brokenLine,
    })
  }
}

/** Calls that every predictor of the options form makes. */
const usual = ['disableGpu', 'setCpuMathLibraryNumThreads', 'enableMemoryOptim']

/** What to do about a model that paddle cannot load: it, or what was asked of its Config, may be the cause. */
function remedyFor(calls: CreateRequest['calls'], paddle: string): string {
  const asked = [...new Set(calls.map(({ name }) => name))].filter((name) => !usual.includes(name))
  const without = asked.length === 0 ? 'Export' : `Try it without ${asked.join(', ')}, or export`
  return `${without} the model again, with a version of paddle no newer than ${paddle}.`
}

/** The model in memory that a process can inherit. */
function memoryOf({ program, params }: ModelBuffers): Region {
  const region = new Region()
  try {
    region.grow(program.byteLength + (params?.byteLength ?? 0))
    const bytes = new Uint8Array(region.buffer)
    bytes.set(program)
    if (params) bytes.set(params, program.byteLength)
    return region
  } catch (error) {
    region.close()
    throw error
  }
}
