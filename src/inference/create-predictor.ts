import type { Death } from '../bridge/index.js'
import { Arena } from './arena.js'
import { withBfloat16Tried } from './bfloat16-trial.js'
import { Config } from './config/index.js'
import { HealingWorker, type HealingListener } from './healing-worker.js'
import { Lanes } from './lanes.js'
import {
  pickStartOptions,
  startOptionNames,
  type PredictorOptions,
  type StartOptions,
  type WaitOptions,
} from './options.js'
import { planOf } from './plan-of.js'
import { Predictor } from './predictor.js'
import { Runner, type RunnerListener } from './runner.js'
import type { StartPlan } from './start-plan.js'
import { checkWait, withLimits } from './waiting.js'

/** One run computes while the next one's feeds are written. */
export const runsPerWorker = 2

const what = 'Creating the predictor'

/**
 * Loads a model in a Python process of its own (`create_predictor`).
 *
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_PARAMS_NOT_FOUND, MODEL_LOAD_FAILED, DEVICE_UNAVAILABLE, PRECISION_UNAVAILABLE,
 * CONFIG_UNSUPPORTED, PREPARE_FAILED, ENVIRONMENT_NOT_READY, PYTHON_NOT_FOUND, PADDLE_NOT_INSTALLED, PADDLE_IMPORT_FAILED, WORKER_START_FAILED,
 * WORKER_DIED, ABORTED, TIMEOUT; TypeError or RangeError for wrong options. Nothing is left running then.
 *
 * @example
 * await using predictor = await createPredictor({ model: 'model', cpuThreads: 2 })
 * const { softmax } = await predictor.run({ image: tensor('float32', [1, 3, 224, 224], pixels) })
 */
export function createPredictor(options: PredictorOptions): Promise<Predictor>
export function createPredictor(config: Config, options?: StartOptions): Promise<Predictor>
export async function createPredictor(
  configOrOptions: Config | PredictorOptions,
  startOptions: StartOptions = {},
): Promise<Predictor> {
  const options = configOrOptions instanceof Config ? startOptions : pickStartOptions(configOrOptions)
  checkWait(options, startOptionNames, what)
  const plan = planOf(configOrOptions, options)
  return withLimits(options, what, async (stop) => {
    const tried = await withBfloat16Tried(await plan(), openPredictor, stop)
    return (await openPredictor(tried, stop)).predictor
  })
}

/** A predictor with what moves it. */
export interface Opened {
  readonly predictor: Predictor
  readonly runner: Runner
  /** Of the process that runs it now. */
  readonly pid: number | undefined
  /** Settles when its worker has ended for good: how. */
  readonly over: Promise<Death>
}

/** A predictor's part in a pool: the memory that its successor takes over, and the listeners for its runs and for workers that replace its own. */
export interface Place {
  readonly arena: Arena
  readonly lanes: Lanes
  readonly healing: HealingListener
  readonly running: RunnerListener
}

/**
 * Starts a worker and makes a predictor of it.
 *
 * @param place Where it stands in a pool; without it, it has memory of its own.
 */
export async function openPredictor(plan: StartPlan, stop: AbortSignal, place?: Place): Promise<Opened> {
  stop.throwIfAborted()
  const { arena, lanes } = place ?? ownMemory()
  const free = (): void => {
    if (place) return
    lanes.close()
    arena.close()
  }
  try {
    const worker = await HealingWorker.start(plan, { lanes: lanes.all, arena }, stop, place?.healing)
    void worker.over.then(free)
    if (stop.aborted) await worker.close()
    stop.throwIfAborted()
    const runner = new Runner(worker, lanes, arena, place?.running)
    const predictor = new Predictor({
      files: plan.parts.files,
      worker,
      runner,
      arena,
      oneDnnFailure: () => plan.oneDnnFailure,
      clone: (options) => clone(plan, options),
    })
    return {
      predictor,
      runner,
      get pid() {
        return worker.current.pid
      },
      over: worker.over,
    }
  } catch (error) {
    free()
    throw error
  }
}

function ownMemory(): Pick<Place, 'arena' | 'lanes'> {
  const arena = new Arena()
  try {
    return { arena, lanes: new Lanes(runsPerWorker) }
  } catch (error) {
    arena.close()
    throw error
  }
}

async function clone(plan: StartPlan, options: WaitOptions): Promise<Predictor> {
  checkWait(options, ['signal', 'timeoutMs'], what)
  return withLimits(options, what, async (stop) => (await openPredictor(plan, stop)).predictor)
}
