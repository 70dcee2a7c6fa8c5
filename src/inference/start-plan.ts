import { Worker, type CreateRequest, type Lane } from '../bridge/index.js'
import type { ModelBuffers, ModelFiles } from '../model/index.js'
import { summaryOf } from './one-dnn-failure.js'
import { withLimits } from './waiting.js'
import type { PredictorWarning } from './warnings.js'

/** The memory that a worker maps. */
export interface WorkerMemory {
  readonly lanes: readonly Lane[]
  readonly arena: { readonly descriptor: number }
}

/** What a plan is made of. */
interface PlanParts {
  readonly files: ModelFiles
  readonly model: Omit<CreateRequest, 'memory' | 'withoutOneDnn'>
  readonly buffers: ModelBuffers | undefined
  readonly python: string | undefined
  /** Whether oneDNN may be left out where it stands in the way. */
  readonly mayHeal: boolean
  /** The longest time that the start of a worker may take, in milliseconds. */
  readonly startTimeoutMs: number | undefined
  readonly warn: (warning: PredictorWarning) => void
}

/** How the workers of one model are started: the same for the clones of a predictor and for all workers of a pool. */
export class StartPlan {
  readonly parts: PlanParts
  #oneDnnFailure: string | undefined
  /** Whether some worker has answered a run with oneDNN. */
  hasRunWithOneDnn = false
  readonly #told = new Set<string>()

  constructor(parts: PlanParts) {
    this.parts = parts
  }

  /** Why oneDNN was turned off by itself; undefined as long as it was not. */
  get oneDnnFailure(): string | undefined {
    return this.#oneDnnFailure
  }

  /** @param timeoutMs - the longest time that it may take, where the plan has none */
  async start(
    memory: WorkerMemory,
    withoutOneDnn: boolean,
    stop: AbortSignal,
    timeoutMs?: number,
  ): Promise<Worker> {
    const { model, buffers, python, startTimeoutMs = timeoutMs } = this.parts
    const worker = await withLimits(
      { signal: stop, timeoutMs: startTimeoutMs },
      'The start of a worker',
      (end) => Worker.start({ ...memory, python, buffers, model: { ...model, withoutOneDnn } }, end),
      'startTimeoutMs',
    )
    for (const { code, message } of worker.description.warnings) {
      this.#warnOnce({ code: code as PredictorWarning['code'], message })
    }
    return worker
  }

  /** Takes notice that the model works only without oneDNN: later workers are started so. */
  leaveOneDnnOut(cause: unknown): void {
    if (this.#oneDnnFailure !== undefined) return
    const reason = summaryOf(cause)
    this.#oneDnnFailure = reason
    this.#warnOnce({
      code: 'ONEDNN_DISABLED',
      message:
        `${this.parts.model.program} does not work with oneDNN, and was made again without it: ${reason}\n` +
        'It is slower so. To be spared the attempt, turn it off: `oneDnn: false`, or --no-one-dnn.',
    })
  }

  /** One worker's warning is every worker's. */
  #warnOnce(warning: PredictorWarning): void {
    if (this.#told.has(warning.message)) return
    this.#told.add(warning.message)
    this.parts.warn(warning)
  }
}
