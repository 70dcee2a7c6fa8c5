import { withLimits } from '../async/index.js'
import { runsPerWorker } from '../bridge/index.js'
import { constructorKey } from '../constructor-key.js'
import { checkOptions } from '../options/index.js'
import { Config } from './config/index.js'
import { Arena } from './memory/arena.js'
import { LanePool } from './memory/lane-pool.js'
import {
  waitForm,
  type ConfigOr,
  type OptionsWithConfig,
  type PredictorOptions,
  type StartOptions,
  type WaitOptions,
} from './options/index.js'
import { Predictor } from './predictor.js'
import { withBfloat16Tried } from './worker/bfloat16-trial.js'
import { LaunchPlan, type ModelPlan } from './worker/launch-plan.js'
import { FallbackWorker, type FallbackListener } from './worker/one-dnn-fallback.js'
import { planModel } from './worker/plan-model.js'
import { Runner, type RunnerPlace } from './worker/runner.js'

const what = 'Creating the predictor'

/**
 * Loads a model in its own Python process (`create_predictor`).
 *
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_PARAMS_NOT_FOUND, MODEL_LOAD_FAILED, DEVICE_UNAVAILABLE,
 * PRECISION_UNAVAILABLE, CONFIG_UNSUPPORTED, PREPARE_FAILED, ENVIRONMENT_NOT_READY, PYTHON_NOT_FOUND,
 * PADDLE_NOT_INSTALLED, PADDLE_IMPORT_FAILED, WORKER_START_FAILED, WORKER_DIED, ABORTED, TIMEOUT; TypeError
 * or RangeError for invalid options. No process is left running then.
 *
 * @example
 * await using predictor = await createPredictor({ model: 'model', cpuThreads: 2 })
 * const { softmax } = await predictor.run({ image: tensor('float32', [1, 3, 224, 224], pixels) })
 */
export async function createPredictor<Given>(
  configOrOptions: ConfigOr<PredictorOptions, Given>,
  ...more: OptionsWithConfig<StartOptions, Given>
): Promise<Predictor> {
  const given: Config | PredictorOptions = configOrOptions
  const options = given instanceof Config ? (more[0] ?? {}) : given
  const plan = planModel(given, options)
  return withLimits(options, what, async (stop) => {
    const tried = await withBfloat16Tried(await plan(), openPredictors, stop)
    return onlyOne(new LaunchPlan([tried]), stop)
  })
}

/** The predictors of one worker and the runner that they share. */
export interface Opened {
  /** One per model of the plan. */
  readonly predictors: readonly [Predictor, ...Predictor[]]
  readonly runner: Runner
}

/**
 * What a pool passes to a new worker: memory, which its successor takes over, and the listener for fallback
 * workers.
 */
export interface Place extends RunnerPlace {
  readonly arena: Arena
  readonly lanes: LanePool
  readonly healing: FallbackListener
}

/**
 * Starts a worker and creates predictors for its models.
 *
 * @param place The worker's place in a pool; without it, the worker has its own memory.
 */
export async function openPredictors(plan: LaunchPlan, stop: AbortSignal, place?: Place): Promise<Opened> {
  stop.throwIfAborted()
  const { arena, lanes } = place ?? ownMemory()
  const free = (): void => {
    if (place) return
    lanes.close()
    arena.close()
  }
  try {
    const worker = await FallbackWorker.start(plan, { lanes: lanes.all, arena }, stop, place?.healing)
    void worker.over.then(free)
    if (stop.aborted) await worker.close()
    stop.throwIfAborted()
    const runner = new Runner(worker, lanes, arena, place)
    const predictors = plan.models.map(
      (planned, model) =>
        new Predictor(constructorKey, {
          files: planned.parts.files,
          ...{ model, worker, runner, arena },
          declaredInputs: planned.declaredInputs,
          oneDnnFailure: () => planned.oneDnnFailure,
          clone: (options) => clone(planned, options),
        }),
    )
    // The plan has at least one model.
    return { predictors: predictors as [Predictor, ...Predictor[]], runner }
  } catch (error) {
    free()
    throw error
  }
}

function ownMemory(): Pick<Place, 'arena' | 'lanes'> {
  const arena = new Arena()
  try {
    return { arena, lanes: new LanePool(runsPerWorker) }
  } catch (error) {
    arena.close()
    throw error
  }
}

/** A predictor in its own worker. */
async function onlyOne(plan: LaunchPlan, stop: AbortSignal): Promise<Predictor> {
  const { predictors } = await openPredictors(plan, stop)
  return predictors[0]
}

async function clone(plan: ModelPlan, options: WaitOptions): Promise<Predictor> {
  checkOptions(waitForm, options)
  return withLimits(options, what, (stop) => onlyOne(new LaunchPlan([plan]), stop))
}
