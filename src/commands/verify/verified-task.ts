import type { PredictorPool } from '../../inference/index.js'
import { locateModel, readOperators, type DeclaredSize, type Preprocessing } from '../../model/index.js'
import type { PlainCase, PlainPostProcess, PlainRun } from '../../reference/index.js'
import {
  taskDefinition,
  taskSpec,
  traceRun,
  type TaskName,
  type TracedRun,
  type Verdict,
} from '../../tasks/index.js'
import { predictorOptionsOf } from '../flags/predictor-flags.js'
import { taskOptionsOf } from '../flags/task-flags.js'
import { interruption } from '../terminal/interruption.js'
import { logWarning } from '../terminal/log-warning.js'
import type { VerifyArguments } from './arguments.js'
import { overrideSizes } from './override-sizes.js'

/** Our run of an image, with a function that compares plain Python's result with ours. */
interface OwnRun extends Omit<TracedRun<unknown>, 'value'> {
  readonly compare: (plain: PlainRun) => Verdict
}

/** A model's task on both sides. */
export interface VerifiedTask {
  readonly preprocessing: Preprocessing
  /** The size that the program declares, if it is used because no file says how to feed the model. */
  readonly declared: DeclaredSize | undefined
  readonly run: (pool: PredictorPool, image: string) => Promise<OwnRun>
  /** The post-processing of plain Python; the unit of boxes depends on the network's inputs. */
  readonly postProcessOf: (pool: PredictorPool) => PlainPostProcess
}

const signal = interruption

/** The options of the predictor. */
export function ownOptions(args: VerifyArguments) {
  return { ...predictorOptionsOf(args), python: args.python, signal, onWarning: logWarning }
}

/**
 * The preprocessing of plain Python: the operators of the model's own file, else those of the tutorial, for the size
 * that the program declares.
 */
export async function plainPreprocessing(
  name: TaskName,
  args: VerifyArguments,
  { declared }: Pick<VerifiedTask, 'declared'>,
): Promise<PlainCase['preprocessing']> {
  const { modelDir, params, resizeSize, cropSize } = args
  const config = await readOperators(await locateModel(modelDir, params), taskSpec(name).section)
  if (!config) {
    const size = declared && ([declared.height, declared.width] as const)
    return { kind: 'tutorial', declared: size ?? null, short: resizeSize ?? null, crop: cropSize ?? null }
  }
  return { kind: config.kind, operators: overrideSizes(config.operators, { resizeSize, cropSize }) }
}

/** @throws PaddleError as `TaskDefinition.plan` */
export async function verifiedTask(name: TaskName, args: VerifyArguments): Promise<VerifiedTask> {
  const { modelDir, params } = args
  const options = { ...taskOptionsOf(name, args), params, onWarning: logWarning }
  const definition = await taskDefinition(name)
  const plan = await definition.plan(modelDir, options)
  const task = definition.steps(modelDir, plan, options)
  return {
    preprocessing: plan.preprocessing,
    declared: plan.declared,
    postProcessOf: (pool) => definition.reference.postProcess(plan, pool),
    run: async (pool, image) => {
      const { value, ...traced } = await traceRun(task, pool, image, { signal })
      return { ...traced, compare: (plain) => definition.reference.compare(value, plain, plan) }
    },
  }
}
