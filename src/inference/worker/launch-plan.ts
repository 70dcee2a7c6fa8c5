import { withLimits } from '../../async/index.js'
import { Worker, type CreateRequest, type Lane } from '../../bridge/index.js'
import { shortMessageOf } from '../../errors.js'
import type { ModelBuffers, ModelFiles } from '../../model/index.js'
import { wording } from '../../wording.js'
import { createWarning, type PredictorWarning } from '../../warnings.js'
import { DeclaredInputs } from '../io/declared-inputs.js'
import type { PrewarmedWorker } from './prewarm.js'

/** The memory that a worker maps. */
export interface WorkerMemory {
  readonly lanes: readonly Lane[]
  readonly arena: { readonly descriptor: number }
}

/** What a model's plan is built from. */
interface ModelParts {
  readonly files: ModelFiles
  readonly request: Omit<CreateRequest, 'memory' | 'withoutOneDnn'>
  readonly buffers: ModelBuffers | undefined
  readonly python: string | undefined
  /** Whether the fallback may disable oneDNN. */
  readonly allowsOneDnnFallback: boolean
  /** Whether a feed may not differ from a fixed dimension of the program. */
  readonly strictShapes: boolean
  readonly warn: (warning: PredictorWarning) => void
}

/** How a model is loaded; shared by the clones of a predictor and by all workers of a pool. */
export class ModelPlan {
  readonly parts: ModelParts
  /** Checks all feeds of the model. */
  readonly declaredInputs: DeclaredInputs
  #oneDnnFailure: string | undefined
  /** Whether a worker has completed a run of the model with oneDNN. */
  hasRunWithOneDnn = false
  /** Whether a run that crashed its worker with oneDNN has crashed another one without it. */
  crashesWithoutOneDnn = false
  readonly #told = new Set<string>()

  constructor(parts: ModelParts) {
    this.parts = parts
    this.declaredInputs = new DeclaredInputs(this.title, parts)
  }

  /** The program's file, as error messages name it. */
  get title(): string {
    return this.parts.request.program
  }

  /** Why the fallback disabled oneDNN; undefined if it did not. */
  get oneDnnFailure(): string | undefined {
    return this.#oneDnnFailure
  }

  /** Records that the model works only without oneDNN, so that later workers load it without. */
  disableOneDnn(cause: unknown): void {
    if (this.#oneDnnFailure !== undefined) return
    const reason = shortMessageOf(cause)
    this.#oneDnnFailure = reason
    this.warnOnce(
      createWarning(
        'ONEDNN_DISABLED',
        wording`${this.title} does not work with oneDNN and was reloaded without it: ${reason}
Runs are slower without oneDNN. To skip the failing attempt, turn it off: ${{ option: 'oneDnn', value: false }}.`,
      ),
    )
  }

  /** Emits a warning once, even if several workers raise it. */
  warnOnce(warning: PredictorWarning): void {
    if (this.#told.has(warning.message)) return
    this.#told.add(warning.message)
    this.parts.warn(warning)
  }
}

/** One model or several. */
export type ModelPlans = readonly [ModelPlan, ...ModelPlan[]]

/** Options for the start of a worker. */
interface WorkerStart {
  readonly memory: WorkerMemory
  readonly stop: AbortSignal
  /** Selects models to load without oneDNN, in addition to those known not to work with it. */
  readonly without?: (model: ModelPlan) => boolean
  /** Is called before a model is loaded. */
  readonly onCreate?: (model: ModelPlan) => void
  /** The maximum time in milliseconds, unless the plan has its own. */
  readonly timeoutMs?: number
}

/** How the workers of a predictor or a pool are started. */
export class LaunchPlan {
  readonly models: ModelPlans
  readonly #startTimeoutMs: number | undefined
  readonly early: PrewarmedWorker | undefined

  /**
   * @param startTimeoutMs - the maximum time in milliseconds for a worker to start
   * @param early - a prewarmed worker for the first slot, if it fits
   */
  constructor(models: ModelPlans, startTimeoutMs?: number, early?: PrewarmedWorker) {
    this.models = models
    this.#startTimeoutMs = startTimeoutMs
    this.early = early
  }

  /** The models, as error messages name them. */
  get title(): string {
    return this.models.map(({ title }) => title).join(', ')
  }

  /** The model with this index. */
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
