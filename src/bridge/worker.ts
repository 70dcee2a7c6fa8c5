import { findInterpreter, importFailed, type Interpreter } from '../environment/index.js'
import { messageOf, PaddleError, type ErrorCode } from '../errors.js'
import { Doorbell } from './doorbell.js'
import type {
  ControlCalls,
  ControlReply,
  CreateRequest,
  Description,
  Hello,
  RunReply,
  RunRequest,
} from './protocol.js'
import { PythonLink } from './python-link.js'
import type { Lane } from './region.js'
import { causeOf, deathError, fromWorker, notStarted } from './worker-failure.js'
import { WorkerProcess, type Death } from './worker-process.js'

export interface WorkerOptions {
  /** The Python to run. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python: string | undefined
  /** The memory that its runs use; it stays the caller's. */
  readonly lanes: readonly Lane[]
  readonly model: CreateRequest
}

interface Pending {
  readonly resolve: (reply: RunReply) => void
  readonly reject: (error: Error) => void
}

/** One worker process with one predictor. It lives until `close()`, or until it dies. */
export class Worker {
  readonly #process: WorkerProcess
  readonly #link: PythonLink
  readonly #doorbell: Doorbell
  readonly #model: CreateRequest
  readonly #running = new Map<number, Pending>()
  #death: Death | undefined
  #waiting = 0
  #brokenLine: string | undefined
  #hello: Hello | undefined
  #description: Description | undefined

  private constructor(interpreter: string, options: WorkerOptions) {
    this.#model = options.model
    this.#process = new WorkerProcess(interpreter, options.lanes)
    this.#link = new PythonLink(this.#process.child, 'paddle_worker.session')
    this.#doorbell = new Doorbell(
      this.#process.doorbell,
      (reply) => {
        this.#answer(reply.id, (pending) => {
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
      this.#link.close()
      for (const id of [...this.#running.keys()]) {
        this.#answer(id, (pending) => {
          pending.reject(this.#deathError('run', 'WORKER_DIED'))
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
    const interpreter = await findInterpreter(options.python === undefined ? {} : { python: options.python })
    signal?.throwIfAborted()
    const worker = new Worker(interpreter.path, options)
    const stop = (): void => void worker.close()
    signal?.addEventListener('abort', stop, { once: true })
    try {
      worker.#hello = await worker.#hi(interpreter)
      worker.#description = await worker.#create()
      worker.#serve()
      return worker
    } catch (error) {
      await worker.close()
      throw error
    } finally {
      signal?.removeEventListener('abort', stop)
    }
  }

  /** The model's file, as error messages name it. */
  get title(): string {
    return this.#model.program
  }

  get pid(): number | undefined {
    return this.#process.child.pid
  }

  /** The wheel's version. */
  get paddle(): string {
    return required(this.#hello).paddle
  }

  get description(): Description {
    return required(this.#description)
  }

  /** Settles when the process has ended, for whatever reason. */
  get ended(): Promise<unknown> {
    return this.#process.death
  }

  /** @throws PaddleError WORKER_DIED when the process has ended */
  checkAlive(): void {
    if (this.#death) throw this.#deathError('run', 'WORKER_DIED')
  }

  /** Runs the predictor on feeds that lie in a lane. Runs are answered in the order in which they were rung. */
  async run(request: RunRequest): Promise<RunReply> {
    this.checkAlive()
    return this.#held(
      new Promise<RunReply>((resolve, reject) => {
        this.#running.set(request.id, { resolve, reject })
        this.#doorbell.ring(request)
      }),
    )
  }

  /** Ends the process and waits until it is gone. May be called more than once. */
  async close(): Promise<void> {
    await this.#process.stop()
  }

  /** Has paddle imported. */
  async #hi({ path, source }: Interpreter): Promise<Hello> {
    const reply = await this.#control('hello', null)
    if (reply?.ok) return reply.value as Hello
    if (reply) throw importFailed(path, reply.error, source)
    const death = this.#death
    if (!death || death.signal === 'SIGKILL') throw this.#deathError('import', 'WORKER_START_FAILED')
    if (death.startError !== undefined) throw notStarted(path, death.startError)
    const { signal, exitCode, output } = death
    const failure = { signal: signal ?? undefined, exitCode: exitCode ?? undefined, stderr: output }
    throw importFailed(path, failure, source)
  }

  /** Has the predictor made. */
  async #create(): Promise<Description> {
    const reply = await this.#control('create', this.#model)
    if (reply?.ok) return reply.value as Description
    if (!reply) throw this.#deathError('create', 'WORKER_DIED')
    const { code, message } = fromWorker(
      reply.error,
      'MODEL_LOAD_FAILED',
      `Paddle could not load ${this.title}`,
    )
    const remedy =
      reply.error.code === null
        ? `\nExport the model again, with a version of paddle no newer than ${this.paddle}.`
        : ''
    throw new PaddleError(code, message + remedy, { cause: causeOf(reply.error) })
  }

  /** Makes a control call; nothing comes back when the process ends first. */
  async #control<Name extends 'hello' | 'create'>(
    name: Name,
    request: ControlCalls[Name]['request'],
  ): Promise<ControlReply | undefined> {
    const call = this.#link.call(name, JSON.stringify(request)).catch(async (cause: unknown) => {
      // When the process ends, the link gives its calls up.
      if (this.#process.ended) return this.#process.death.then(() => undefined)
      throw new PaddleError('WORKER_START_FAILED', `The worker could not answer: ${messageOf(cause)}`, {
        cause,
      })
    })
    const answer = await this.#held(Promise.race([call, this.#process.death.then(() => undefined)]))
    return answer === undefined ? undefined : (JSON.parse(answer) as ControlReply)
  }

  /** Has the worker answer the doorbell, for as long as it lives. */
  #serve(): void {
    const end = (): void => void this.close()
    // It answers only when it cannot go on; the end of the process itself is noticed elsewhere.
    this.#link.call('serve', JSON.stringify(this.#process.serveRequest)).then(end, end)
  }

  #answer(id: number, settle: (pending: Pending) => void): void {
    const pending = this.#running.get(id)
    this.#running.delete(id)
    if (pending) settle(pending)
  }

  /** Keeps Node alive while something is waited for, and only then. */
  async #held<T>(promise: Promise<T>): Promise<T> {
    if (this.#waiting++ === 0) this.#process.hold()
    try {
      return await promise
    } finally {
      if (--this.#waiting === 0) this.#process.release()
    }
  }

  #deathError(during: 'import' | 'create' | 'run', code: ErrorCode): PaddleError {
    return deathError(code, during, this.title, this.#description?.oneDnn, this.#death, this.#brokenLine)
  }
}

function required<T>(value: T | undefined): T {
  if (value === undefined) throw new TypeError('The worker has not been started.')
  return value
}
