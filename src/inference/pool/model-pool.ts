import { wrongValue } from '../../errors.js'
import {
  checkOptions,
  dictionary,
  either,
  kindOf,
  objectOf,
  omit,
  pick,
  required,
  type Form,
} from '../../options/index.js'
import { Config } from '../config/index.js'
import {
  cpuThreadsOf,
  predictorForm,
  startForm,
  type PredictorOptions,
  type StartOptions,
} from '../options/index.js'
import type { WarningListener } from '../warnings.js'
import type { ModelPlan } from '../worker/launch-plan.js'
import { planModel } from '../worker/plan-model.js'
import { dividedCores, poolForm, type PoolOptions } from './pool-options.js'
import type { ModelStats, PoolStats } from './pool-stats.js'
import type { PooledModel } from './pooled-model.js'
import { WorkerPool } from './worker-pool.js'

/** What is the pool's, and not a model's. */
type SharedOptions = Omit<StartOptions, 'strict' | 'prepare'>

/** A model of a pool of several, and how it is loaded and run. */
export type PooledModelOptions = Omit<PredictorOptions, keyof SharedOptions>

/** The models of a pool by names of the caller's own, and how its workers are started. */
export interface ModelPoolOptions<Name extends string> extends SharedOptions, PoolOptions {
  /** Each as options or as a Config; every worker holds all of them. */
  readonly models: Readonly<Record<Name, PooledModelOptions | Config>>
}

/** What a pool of several models has done and is doing. */
export interface ModelPoolStats<Name extends string> extends PoolStats {
  readonly models: Readonly<Record<Name, ModelStats>>
}

type Given = PooledModelOptions | Config

const sharedForm = omit({ strict: true, prepare: true }, startForm) satisfies Form<SharedOptions>
const modelForm = omit(sharedForm, predictorForm) satisfies Form<PooledModelOptions>
const config = kindOf('a Config', (value): value is Config => value instanceof Config)
const modelPoolForm = {
  models: required(
    dictionary<Given>(either(config, objectOf(modelForm)), 'an object of models by their names'),
  ),
  ...sharedForm,
  ...poolForm,
} satisfies Form<ModelPoolOptions<string>>

/**
 * Loads several models in each of several processes: a worker runs one of them at a time. For models that take turns, such as those of a task with
 * several steps, or more models than cores.
 *
 * A worker that dies costs the run that it computed, whichever model's, and is started again with all models. What oneDNN cannot do of one
 * model leaves the others as they are.
 *
 * @throws PaddleError as `createPredictor`; TypeError or RangeError for wrong options. Nothing is left running then.
 *
 * @example
 * await using pool = await createPool({
 *   models: { detector: { model: 'detector' }, recogniser: { model: 'recogniser', cpuThreads: 2 } },
 *   workers: 2,
 * })
 * const { maps } = await pool.models.detector.run({ x: page })
 */
export async function createPool<Name extends string>(
  options: ModelPoolOptions<Name>,
): Promise<ModelPool<Name>> {
  const checked = checkOptions(modelPoolForm, options)
  const { models, python, onWarning, signal, timeoutMs } = checked
  const settings = pick(poolForm, checked)
  const names = Object.keys(models) as Name[]
  if (names.length === 0) throw wrongValue('models', 'one model or more', models)
  checkOnePython(Object.values(models), python)
  const workers = workersFor(Object.values(models), settings.workers)
  const plans = Object.entries(models).map(([name, model]) =>
    planIn(model, name, { python, onWarning }, workers),
  )
  // There is one at least.
  const pool = await WorkerPool.open(
    plans as [() => Promise<ModelPlan>],
    { settings, workers, names },
    { signal, timeoutMs },
  )
  return new ModelPool(pool, names)
}

/** Several workers, each with several models: a model's runs go to the worker that has the least to do. */
export class ModelPool<Name extends string> implements AsyncDisposable {
  /** By their names. */
  readonly models: Readonly<Record<Name, PooledModel>>
  readonly #pool: WorkerPool
  readonly #names: readonly Name[]

  /** Made by `createPool`. */
  constructor(pool: WorkerPool, names: readonly Name[]) {
    this.#pool = pool
    this.#names = names
    this.models = this.#byName((model) => pool.models[model] ?? pool.models[0])
  }

  /** How many workers there are. */
  get size(): number {
    return this.#pool.size
  }

  /** What the pool does at this moment and has done, as a whole and for each model. */
  stats(): ModelPoolStats<Name> {
    return { ...this.#pool.stats(), models: this.#byName((model) => this.#pool.statsOf(model)) }
  }

  /**
   * Takes no more runs, and waits until those that it has are answered. The workers stay until `close()`.
   *
   * @throws PaddleError RUN_IN_WRITE
   */
  async drain(): Promise<void> {
    await this.#pool.drain()
  }

  /** Ends the workers and frees their memory. What waits or runs is rejected with PREDICTOR_CLOSED. May be called twice. */
  async close(): Promise<void> {
    await this.#pool.close()
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #byName<Value>(valueOf: (model: number) => Value): Record<Name, Value> {
    const entries = this.#names.map((name, model) => [name, valueOf(model)])
    return Object.fromEntries(entries) as Record<Name, Value>
  }
}

function threadsOf(model: Given): number | 'auto' | undefined {
  return model instanceof Config ? cpuThreadsOf(model) : model.cpuThreads
}

/** As many as the cores allow for the model that takes the most threads. */
function workersFor(models: readonly Given[], workers: number | 'auto' | undefined): number {
  const threads = models.map(threadsOf).filter((each) => typeof each === 'number')
  return dividedCores(workers, threads.length === 0 ? 'auto' : Math.max(...threads)).workers
}

function planIn(
  model: Given,
  name: string,
  { python, onWarning }: SharedOptions,
  workers: number,
): () => Promise<ModelPlan> {
  const named: WarningListener | undefined =
    onWarning &&
    ((warning) => {
      onWarning({ ...warning, model: name })
    })
  const title = `the model in memory \`${name}\``
  if (model instanceof Config) return planModel(model, { python, onWarning: named }, title)
  const { strict, prepare } = model
  const { cpuThreads } = dividedCores(workers, model.cpuThreads)
  return planModel({ ...model, cpuThreads }, { python, strict, prepare, onWarning: named }, title)
}

/** A process has one Python, whatever the Configs of its models name. */
function checkOnePython(models: readonly Given[], python: string | undefined): void {
  const named = models.map((model) => (model instanceof Config ? model.python : undefined))
  if (python !== undefined || new Set(named).size === 1) return
  throw wrongValue(
    'models',
    'Configs that name the same Python, or `python` for all of them',
    named.join(', '),
  )
}
