import { withLimits } from '../../async/index.js'
import { Worker, type CreateRequest, type Lane } from '../../bridge/index.js'
import { shortMessageOf } from '../../errors.js'
import type { ModelBuffers, ModelFiles } from '../../model/index.js'
import { wording } from '../../wording.js'
import { createWarning, type PredictorWarning } from '../warnings.js'
import { oneDnnSuspicion } from './one-dnn-suspicion.js'
import type { PrewarmedWorker } from './prewarm.js'

/** The memory that a worker maps. */
export interface WorkerMemory {
  readonly lanes: readonly Lane[]
  readonly arena: { readonly descriptor: number }
}

/** What the plan of a model is made of. */
interface ModelParts {
  readonly files: ModelFiles
  readonly request: Omit<CreateRequest, 'memory' | 'withoutOneDnn'>
  readonly buffers: ModelBuffers | undefined
  readonly python: string | undefined
  /** Whether oneDNN may be left out where it stands in the way. */
  readonly allowsOneDnnFallback: boolean
  readonly warn: (warning: PredictorWarning) => void
}

/** How a model is loaded: the same for the clones of a predictor and in all workers of a pool. */
export class ModelPlan {
  readonly parts: ModelParts
  #oneDnnFailure: string | undefined
  /** Whether some worker has answered a run of it with oneDNN. */
  hasRunWithOneDnn = false
  readonly #told = new Set<string>()

  constructor(parts: ModelParts) {
    this.parts = parts
  }

  /** The program's file, as error messages name it. */
  get title(): string {
    return this.parts.request.program
  }

  /** Why oneDNN was turned off by itself; undefined as long as it was not. */
  get oneDnnFailure(): string | undefined {
    return this.#oneDnnFailure
  }

  /** Takes notice that the model works only without oneDNN: later workers load it so. */
  disableOneDnn(cause: unknown): void {
    if (this.#oneDnnFailure !== undefined) return
    const reason = shortMessageOf(cause)
    this.#oneDnnFailure = reason
    this.warnOnce(
      createWarning(
        'ONEDNN_DISABLED',
        wording`${this.title} does not work with oneDNN, and was made again without it: ${reason}
It is slower so. To be spared the attempt, turn it off: ${{ option: 'oneDnn', value: false }}.`,
      ),
    )
  }

  /** One worker's warning is every worker's. */
  warnOnce(warning: PredictorWarning): void {
    if (this.#told.has(warning.message)) return
    this.#told.add(warning.message)
    this.parts.warn(warning)
  }
}

/** One model or several. */
export type ModelPlans = readonly [ModelPlan, ...ModelPlan[]]

/** How a worker is started. */
interface WorkerStart {
  readonly memory: WorkerMemory
  readonly stop: AbortSignal
  /** Models that are loaded without oneDNN, beside those that are known not to work with it. */
  readonly without?: (model: ModelPlan) => boolean
  /** Is called when a model begins to be loaded. */
  readonly onCreate?: (model: ModelPlan) => void
  /** The longest time that it may take, in milliseconds, where the plan has none. */
  readonly timeoutMs?: number
}

/** How the workers of a predictor or a pool are started. */
export class LaunchPlan {
  readonly models: ModelPlans
  readonly #startTimeoutMs: number | undefined
  readonly early: PrewarmedWorker | undefined

  /**
   * @param startTimeoutMs - the longest time that the start of a worker may take, in milliseconds
   * @param early - is for the first worker, where it fits
   */
  constructor(models: ModelPlans, startTimeoutMs?: number, early?: PrewarmedWorker) {
    this.models = models
    this.#startTimeoutMs = startTimeoutMs
    this.early = early
  }

  /** The models, as errors name them. */
  get title(): string {
    return this.models.map(({ title }) => title).join(', ')
  }

  /** The model of this number. */
  model(index: number): ModelPlan {
    return this.models[index] ?? this.models[0]
  }

  /** @throws PaddleError as `Worker.start`, TIMEOUT */
  async start({ memory, stop, without, onCreate, timeoutMs }: WorkerStart): Promise<Worker> {
    const models = this.models.map((model) => {
      const { request, buffers } = model.parts
      const withoutOneDnn = model.oneDnnFailure !== undefined || without?.(model) === true
      return { request: { ...request, withoutOneDnn }, buffers }
    })
    const { python } = this.models[0].parts
    const loading = (index: number): void => onCreate?.(this.model(index))
    const worker = await withLimits(
      { signal: stop, timeoutMs: this.#startTimeoutMs ?? timeoutMs },
      'The start of a worker',
      (end) => Worker.start({ ...memory, python, models, early: this.early, onCreate: loading }, end),
      'startTimeoutMs',
    )
    for (const [index, { description }] of worker.models.entries()) {
      for (const { code, message } of description.warnings) {
        this.model(index).warnOnce({ code: code as PredictorWarning['code'], message })
      }
    }
    return worker
  }
}

/**
 * Starts a worker, without oneDNN for the models that cannot be loaded with it but can be without.
 *
 * @throws PaddleError as `Worker.start`; with oneDNN's own failure when a model fails without oneDNN too.
 */
export async function startWorker(
  plan: LaunchPlan,
  memory: WorkerMemory,
  stop: AbortSignal,
): Promise<Worker> {
  /** Of the models that could not be loaded with oneDNN. */
  const failures = new Map<ModelPlan, unknown>()
  for (;;) {
    const state: { loading?: ModelPlan } = {}
    // Others may find out meanwhile that a model does not work with oneDNN.
    const withOneDnn = plan.models.filter(
      (model) => model.oneDnnFailure === undefined && !failures.has(model),
    )
    try {
      const worker = await plan.start({
        ...{ memory, stop },
        without: (model) => failures.has(model),
        onCreate: (model) => {
          state.loading = model
        },
      })
      for (const [model, failure] of failures) model.disableOneDnn(failure)
      return worker
    } catch (error) {
      const { loading } = state
      const [first = error] = loading ? [failures.get(loading)] : failures.values()
      const mayBeOneDnn =
        loading?.parts.allowsOneDnnFallback === true &&
        withOneDnn.includes(loading) &&
        oneDnnSuspicion(error) !== undefined
      if (!mayBeOneDnn || stop.aborted) throw first
      failures.set(loading, error)
    }
  }
}
