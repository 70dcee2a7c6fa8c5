import { checkConstructor, constructorKey, type ConstructorKey } from '../../constructor-key.js'
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
  type ConfigOr,
  type PredictorOptions,
  type StartOptions,
} from '../options/index.js'
import type { WarningListener } from '../../warnings.js'
import type { ModelPlan } from '../worker/launch-plan.js'
import { planModel } from '../worker/plan-model.js'
import { dividedCores, poolForm, type PoolOptions } from './pool-options.js'
import type { ModelStats, PoolStats } from './pool-stats.js'
import type { PooledModel } from './pooled-model.js'
import { WorkerPool } from './worker-pool.js'

/** Options that belong to the pool, not to a model. */
type SharedOptions = Omit<StartOptions, 'strict' | 'strictShapes' | 'prepare'>

/** How one model of a pool of several models is loaded and run. */
export type PooledModelOptions = Omit<PredictorOptions, keyof SharedOptions>

/** The models of a pool, by names that the caller chooses, and how its workers start. */
export interface ModelPoolOptions<Name extends string> extends SharedOptions, PoolOptions {
  /** Each model as options or as a Config; every worker loads all of them. */
  readonly models: Readonly<Record<Name, PooledModelOptions | Config>>
}

/** The stats of a pool of several models. */
export interface ModelPoolStats<Name extends string> extends PoolStats {
  readonly models: Readonly<Record<Name, ModelStats>>
}

/** {@link ModelPoolOptions} by the types of the models: each is compared with what it is, a Config or options. */
export interface ModelPoolOptionsOf<Models extends object> extends SharedOptions, PoolOptions {
  readonly models: { readonly [Name in keyof Models]: ConfigOr<PooledModelOptions, Models[Name]> }
}

type Given = PooledModelOptions | Config

const sharedForm = omit(
  { strict: true, strictShapes: true, prepare: true },
  startForm,
) satisfies Form<SharedOptions>
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
 * Loads several models into each of several processes; a worker runs one model at a time. Use it for models
 * that take turns, such as the steps of a pipeline, or for more models than cores.
 *
 * If a worker dies, the run that it was computing is retried or fails, and a new worker starts with all
 * models. The oneDNN fallback of one model does not affect the others.
 *
 * @throws PaddleError as `createPredictor`; TypeError or RangeError for invalid options. No process is left
 * running then.
 *
 * @example
 * await using pool = await createPool({
 *   models: { detector: { model: 'detector' }, recogniser: { model: 'recogniser', cpuThreads: 2 } },
 *   workers: 2,
 * })
 * const { maps } = await pool.models.detector.run({ x: page })
 */
export async function createPool<Models extends object>(
  options: ModelPoolOptionsOf<Models>,
): Promise<ModelPool<keyof Models & string>> {
  type Name = keyof Models & string
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
  // At least one.
  const pool = await WorkerPool.open(
    plans as [() => Promise<ModelPlan>],
    { settings, workers, names },
    { signal, timeoutMs },
  )
  return new ModelPool(constructorKey, pool, names)
}

/** A pool whose workers each hold several models; a run goes to the least busy worker. */
export class ModelPool<Name extends string> implements AsyncDisposable {
  /** The models by name. */
  readonly models: Readonly<Record<Name, PooledModel>>
  readonly #pool: WorkerPool
  readonly #names: readonly Name[]

  /** Called by `createPool`. */
  constructor(key: ConstructorKey, pool: WorkerPool, names: readonly Name[]) {
    checkConstructor(key, 'ModelPool', 'await createPool({ models })')
    this.#pool = pool
    this.#names = names
    this.models = this.#byName((model) => pool.models[model] ?? pool.models[0])
  }

  /** The number of workers. */
  get size(): number {
    return this.#pool.size
  }

  /** The current stats of the pool, in total and per model. */
  stats(): ModelPoolStats<Name> {
    return { ...this.#pool.stats(), models: this.#byName((model) => this.#pool.statsOf(model)) }
  }

  /**
   * Accepts no more runs and waits for pending runs to settle. The workers stay alive until `close()`.
   *
   * @throws PaddleError RUN_IN_WRITE
   */
  async drain(): Promise<void> {
    await this.#pool.drain()
  }

  /**
   * Ends the workers and frees their memory. Pending runs are rejected with PREDICTOR_CLOSED. May be called
   * twice.
   */
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

/** As many as the cores allow for the model with the most threads. */
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
  const { cpuThreads } = dividedCores(workers, model.cpuThreads)
  const start = { ...pick(startForm, model), python, onWarning: named }
  return planModel({ ...model, cpuThreads }, start, title)
}

/** All models of a process share one Python, so the Configs must agree on it. */
function checkOnePython(models: readonly Given[], python: string | undefined): void {
  const named = models.map((model) => (model instanceof Config ? model.python : undefined))
  if (python !== undefined || new Set(named).size === 1) return
  throw wrongValue(
    'models',
    'Configs that name the same Python, or `python` for all of them',
    named.join(', '),
  )
}
