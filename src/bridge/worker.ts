import { listenForAbort } from '../async/index.js'
import { findInterpreter } from '../environment/index.js'
import { PaddleError } from '../errors.js'
import type { ModelBuffers } from '../model/index.js'
import { modelOutsideArchive } from '../outside-archive.js'
import type { ControlChannel } from './control-channel.js'
import { withReport } from './crash-report.js'
import { descriptorsOf, launch, needsFullPaddle, type Launched } from './launch-worker.js'
import { PendingRequests, type WorkerRequest } from './pending-requests.js'
import type { PrewarmedWorker } from './prewarm.js'
import type { CreateRequest, Description, Hello, ServeRequest } from './protocol/control.js'
import type { AskReply, AskRequest, RunReply, RunRequest } from './protocol/runs.js'
import { copyModelToRegion, modelInMemory, type Lane, type Region } from './region.js'
import { memoryInUse } from './system-facts.js'
import { isDescription } from './validate-reply.js'
import { deathError, loadAdvice, toPaddleError } from './worker-errors.js'
import type { Death, WorkerProcess } from './worker-process.js'

export interface WorkerOptions {
  /** The Python to run. @default `PADDLE_TS_PYTHON`, else the managed one */
  readonly python: string | undefined
  /** The memory for runs; it belongs to the caller. */
  readonly lanes: readonly Lane[]
  /** The arena, which may contain feeds; it belongs to the caller. */
  readonly arena: { readonly descriptor: number }
  /** By index. */
  readonly models: readonly WorkerModel[]
  /** Is called with the index of a model before its predictor is created. */
  readonly onCreate?: (model: number) => void
  /** A prewarmed worker to use if it fits. */
  readonly early?: PrewarmedWorker | undefined
}

/** A model to load. */
interface WorkerModel {
  readonly request: Omit<CreateRequest, 'memory'>
  /** The model itself, if it is not in files. */
  readonly buffers: ModelBuffers | undefined
}

/** A loaded model. */
export interface LoadedModel {
  /** The program file, as error messages name it. */
  readonly title: string
  readonly description: Description
  /** How much the process grew when it loaded the model, in bytes; Linux only. */
  readonly bytes: number | undefined
}

/**
 * A worker process with the predictors of its models, of which one runs at a time. It lives until `close()`,
 * or until it dies.
 */
export class Worker {
  readonly #process: WorkerProcess
  readonly #control: ControlChannel
  readonly #open: PendingRequests
  readonly #lanes: readonly Lane[]
  readonly #requests: readonly WorkerModel['request'][]
  readonly #models: LoadedModel[] = []
  #death: Death | undefined
  /** The request that it was processing when it ended. */
  #lastRequest: WorkerRequest | undefined
  readonly #interpreter: string
  #versions: Hello | undefined

  private constructor(
    { process, control }: Launched,
    interpreter: string,
    { lanes, models }: Pick<WorkerOptions, 'lanes' | 'models'>,
  ) {
    this.#interpreter = interpreter
    this.#requests = models.map(({ request }) => request)
    this.#lanes = lanes
    this.#process = process
    this.#control = control
    this.#open = new PendingRequests(process, {
      lanes,
      outputsOf: (model) => this.#models[model]?.description.outputs ?? [],
      failureOf: (failure, model) =>
        toPaddleError(failure, 'RUN_FAILED', `Paddle could not run ${this.#titleOf(model)}`),
    })
    void this.#process.death.then((death) => {
      this.#death = death
      const open = this.#open.end()
      this.#lastRequest = open[0]?.request
      for (const { request, reject } of open) reject(this.#deathError('run', request.model, death))
    })
  }

  /**
   * Starts a process, imports paddle and creates the predictors.
   *
   * @throws PaddleError PADDLE_IMPORT_FAILED, MODEL_LOAD_FAILED, WORKER_START_FAILED and the codes of the
   * worker. No process is left running then.
   */
  static async start(options: WorkerOptions, signal?: AbortSignal): Promise<Worker> {
    const { python, lanes, arena, models, early } = options
    const interpreter = await findInterpreter({ python })
    signal?.throwIfAborted()
    const buffers: Region[] = []
    let worker: Worker | undefined
    const stopListening = listenForAbort(signal, () => void worker?.close())
    try {
      for (const model of models) if (model.buffers) buffers.push(copyModelToRegion(model.buffers))
      const descriptors = [...descriptorsOf(arena, lanes), ...buffers.map(({ descriptor }) => descriptor)]
      const whole = models.some(({ request }) => needsFullPaddle(request))
      const how = { interpreter: interpreter.path, descriptors, whole }
      const launched = early?.claimProcess(how, lanes) ?? launch(how)
      const { process, control, hello } = launched
      worker = new Worker(launched, interpreter.path, options)
      worker.#versions = await control.hello(hello, interpreter, worker.#titleOf(0))
      let inherited = descriptors.length - buffers.length
      for (const [index, model] of models.entries()) {
        options.onCreate?.(index)
        const descriptor = model.buffers && process.inherited(inherited++)
        const request = modelOutsideArchive(model.request)
        await worker.#create(index, { ...request, memory: modelInMemory(model.buffers, descriptor) })
        signal?.throwIfAborted()
      }
      worker.#serve()
      return worker
    } catch (error) {
      await worker?.close()
      throw error
    } finally {
      stopListening()
      for (const region of buffers) region.close()
    }
  }

  get pid(): number | undefined {
    return this.#process.child.pid
  }

  /** The wheel's version. */
  get paddle(): string {
    return this.#versions?.paddle ?? ''
  }

  /** By index. */
  get models(): readonly LoadedModel[] {
    return this.#models
  }

  /** Whether the process has ended. */
  get ended(): boolean {
    return this.#death !== undefined
  }

  /** Settles when the process has ended, for whatever reason: how. */
  get end(): Promise<Death> {
    return this.#process.death
  }

  /** The model of the request that it was processing when it ended; undefined if it was idle. */
  get diedAt(): number | undefined {
    return this.#lastRequest?.model
  }

  /** The number of requests without a reply. */
  get pending(): number {
    return this.#open.size
  }

  /** @throws PaddleError WORKER_DIED if the process has ended */
  checkAlive(): void {
    const during = this.#lastRequest ? 'run' : undefined
    if (this.#death) throw this.#deathError(during, this.#lastRequest?.model ?? 0, this.#death)
  }

  /**
   * Runs the predictor on feeds in a lane. Replies arrive in the order of the requests.
   *
   * @param onTurn - is called when all earlier requests have replies and the worker begins with this one
   */
  async run(request: RunRequest, onTurn?: () => void): Promise<RunReply> {
    return (await this.#ring(request, onTurn)) as RunReply
  }

  /** Sends another request to the predictor; it is processed after earlier runs. */
  async ask(request: AskRequest): Promise<AskReply> {
    return (await this.#ring(request)) as AskReply
  }

  async #ring(request: WorkerRequest, onTurn?: () => void): Promise<RunReply | AskReply> {
    this.checkAlive()
    return this.#process.held(this.#open.send(request, onTurn))
  }

  /** Ends the process and waits until it has exited. May be called more than once. */
  async close(): Promise<void> {
    await this.#process.stop()
  }

  /** Creates a model's predictor. */
  async #create(model: number, request: CreateRequest): Promise<void> {
    const before = memoryInUse(this.pid)
    const reply = await this.#control.call('create', request)
    if ('ended' in reply) throw this.#deathError('create', model, reply.ended)
    const title = this.#titleOf(model)
    if (!reply.ok) {
      const remedy = loadAdvice(request.calls, this.paddle)
      throw toPaddleError(reply.error, 'MODEL_LOAD_FAILED', `Paddle could not load ${title}`, remedy)
    }
    if (!isDescription(reply.value)) {
      this.#process.breakProtocol('an invalid description', JSON.stringify(reply.value))
      throw this.#deathError('create', model, await this.#process.death)
    }
    const after = memoryInUse(this.pid)
    const bytes = before === undefined || after === undefined ? undefined : Math.max(0, after - before)
    this.#models.push({ title, description: reply.value, bytes })
  }

  /** Lets the worker serve the run channel for the rest of its life. */
  #serve(): void {
    const { runChannelDescriptor: runChannel } = this.#process
    const request: ServeRequest = {
      runChannel,
      arena: this.#process.inherited(0),
      lanes: this.#lanes.map((_, index) => ({
        input: this.#process.inherited(1 + 2 * index),
        output: this.#process.inherited(2 + 2 * index),
      })),
    }
    this.#control.start('serve', request)
  }

  #titleOf(model: number): string {
    return this.#requests[model]?.program ?? ''
  }

  /**
   * The error for the worker's end while this model was needed, or while it was idle; the report covers the request
   * in progress.
   */
  #deathError(during: 'create' | 'run' | undefined, model: number, death: Death): PaddleError {
    const { state } = this.#models[model]?.description ?? {}
    const doing = during === 'create' ? during : this.#lastRequest
    const at = this.#lastRequest?.model ?? model
    const error = deathError('WORKER_DIED', during, this.#titleOf(model), death, state)
    return withReport(error, {
      ...{ ...this.#versions, interpreter: this.#interpreter, doing, end: death },
      ...{ model: this.#requests[at], description: this.#models[at]?.description },
      beside: this.#requests.filter((_, index) => index !== at).map(({ program }) => program),
    })
  }
}
