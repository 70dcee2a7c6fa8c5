import { findInterpreter } from '../environment/index.js'
import { PaddleError } from '../errors.js'
import type { ModelBuffers } from '../model/index.js'
import { answerProblem } from './answer-problem.js'
import type { Control } from './control.js'
import { isDescription } from './check-control-reply.js'
import { withReport, type CrashFacts } from './crash-report.js'
import { Doorbell } from './doorbell.js'
import { takeEarly } from './early-launch.js'
import { launch, type Launched } from './launch.js'
import type {
  AskReply,
  AskRequest,
  CreateRequest,
  Description,
  DoorbellReply,
  RunReply,
  RunRequest,
  ServeRequest,
} from './protocol.js'
import { memoryOf } from './model-memory.js'
import type { Lane } from './region.js'
import { needsWholePaddle } from './whole-paddle.js'
import { causeOf, deathError, fromWorker, loadRemedy } from './worker-failure.js'
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
  readonly request: RunRequest | AskRequest
  readonly onTurn: (() => void) | undefined
  readonly resolve: (reply: RunReply | AskReply) => void
  readonly reject: (error: Error) => void
}

/** One worker process with one predictor. It lives until `close()`, or until it dies. */
export class Worker {
  readonly #process: WorkerProcess
  readonly #control: Control
  readonly #doorbell: Doorbell
  readonly #lanes: readonly Lane[]
  /** In the order in which they were rung, which is the order of the answers. */
  readonly #pending = new Map<number, Pending>()
  #nextId = 1
  #death: Death | undefined
  /** What a report of its crash tells of it, as far as it is known yet. */
  readonly #known: { -readonly [Name in keyof CrashFacts]?: CrashFacts[Name] } & { interpreter: string }
  /** The model's file, as error messages name it. */
  readonly title: string

  private constructor(
    { process, control }: Launched,
    interpreter: string,
    model: WorkerOptions['model'],
    lanes: readonly Lane[],
  ) {
    this.title = model.program
    this.#known = { interpreter, model }
    this.#lanes = lanes
    this.#process = process
    this.#control = control
    this.#doorbell = new Doorbell(process.doorbell, process.pid, {
      reply: (id, reply) => this.#take(id, reply),
      broken: (problem, line) => {
        process.breakProtocol(problem, line)
      },
    })
    void this.#process.death.then((death) => {
      this.#death = death
      const pending = [...this.#pending.values()]
      this.#known.doing = pending[0]?.request
      this.#pending.clear()
      for (const { reject } of pending) reject(this.#deathError('run', death))
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
      worker = new Worker(launched, interpreter.path, model, lanes)
      Object.assign(worker.#known, await control.greet(hello, interpreter, model.program))
      const { program, params } = buffers ?? {}
      worker.#known.description = await worker.#create({
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
    return this.#known.paddle ?? ''
  }

  get description(): Description {
    const { description } = this.#known
    if (!description) throw new TypeError('The worker has not been started.')
    return description
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#death !== undefined
  }

  /** Settles when the process has ended, for whatever reason: how. */
  get end(): Promise<Death> {
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

  /**
   * Runs the predictor on feeds that lie in a lane. Runs are answered in the order in which they were rung.
   *
   * @param onTurn - is called when all that was rung before is answered, and the worker begins with it
   */
  async run(request: RunRequest, onTurn?: () => void): Promise<RunReply> {
    return (await this.#ring(request, onTurn)) as RunReply
  }

  /** Asks the predictor something, after the runs that were rung before. */
  async ask(request: AskRequest): Promise<AskReply> {
    return (await this.#ring(request)) as AskReply
  }

  async #ring(request: RunRequest | AskRequest, onTurn?: () => void): Promise<RunReply | AskReply> {
    this.checkAlive()
    return this.#process.held(
      new Promise((resolve, reject) => {
        const id = this.#nextId
        this.#nextId += 1
        // It throws where the request has no text, one longer than a string can be.
        this.#doorbell.ring(id, request)
        this.#pending.set(id, { request, onTurn, resolve, reject })
        if (this.#pending.size === 1) onTurn?.()
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
    if (reply.ok && isDescription(reply.value)) return reply.value
    if (reply.ok) {
      this.#process.breakProtocol('no description', JSON.stringify(reply.value))
      throw this.#deathError('create', await this.#process.death)
    }
    const failure = fromWorker(reply.error, 'MODEL_LOAD_FAILED', `Paddle could not load ${this.title}`)
    const remedy = reply.error.code === null ? `\n${loadRemedy(request.calls, this.paddle)}` : ''
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
    this.#control.begin('serve', request)
  }

  /** Settles what an answer is for; what is wrong with it, if something is. */
  #take(id: number, reply: DoorbellReply): string | undefined {
    // What comes of a process that has ended is for nobody any more.
    if (this.#death) return undefined
    const [expected, pending] = this.#pending.entries().next().value ?? []
    if (!pending) return 'an answer that nobody waits for'
    if (id !== expected) return `an answer to ${id} instead of ${expected}`
    const { request } = pending
    const { outputs } = this.description
    const problem = 'error' in reply ? undefined : answerProblem(request, reply, this.#lanes, outputs)
    if (problem !== undefined) return problem
    this.#pending.delete(id)
    if ('error' in reply)
      pending.reject(fromWorker(reply.error, 'RUN_FAILED', `Paddle could not run ${this.title}`))
    else pending.resolve(reply)
    const [next] = this.#pending.values()
    next?.onTurn?.()
    return undefined
  }

  #deathError(during: 'create' | 'run', death: Death): PaddleError {
    const { doing = during === 'create' ? during : undefined, description } = this.#known
    const error = deathError('WORKER_DIED', during, this.title, death, description?.state)
    return withReport(error, { ...this.#known, doing, end: death })
  }
}
