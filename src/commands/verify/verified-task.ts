import type { PredictorPool } from '../../inference/index.js'
import { locateModel, readOperators, type Preprocessing } from '../../model/index.js'
import type { PlainCase, PlainPostProcess, PlainRun } from '../../reference/index.js'
import {
  classifyTask,
  detectTask,
  planClassifier,
  planDetector,
  traceRun,
  type ClassifierOptions,
  type DetectorOptions,
  type TaskName,
  type TracedRun,
} from '../../tasks/index.js'
import { predictorOptionsOf } from '../flags/predictor-flags.js'
import { interruption } from '../terminal/interruption.js'
import { logWarning } from '../terminal/log-warning.js'
import type { VerifyArguments } from './arguments.js'
import { compareBoxes } from './compare-boxes.js'
import { compareClasses } from './compare-classes.js'
import type { Verdict } from './comparison.js'
import { overrideSizes } from './override-sizes.js'

/** Our run of an image, and how plain Python's answer compares with ours. */
interface OwnRun extends Omit<TracedRun<unknown>, 'value'> {
  readonly judge: (plain: PlainRun) => Verdict
}

/** One model's task, as both sides do it. */
export interface VerifiedTask {
  readonly preprocessing: Preprocessing
  readonly run: (pool: PredictorPool, image: string) => Promise<OwnRun>
  /** How plain Python reads the outputs; the units of boxes depend on the network's inputs. */
  readonly postProcessOf: (pool: PredictorPool) => PlainPostProcess
}

const signal = interruption

/** The options of the predictor. */
export function ownOptions(args: VerifyArguments, python: string) {
  return { ...predictorOptionsOf(args), python, signal, onWarning: logWarning }
}

/** What plain Python does with an image before it is fed: the operators of the model's own file, else the tutorial's. */
export async function plainPreprocessing(args: VerifyArguments): Promise<PlainCase['preprocessing']> {
  const { modelDir, params, resizeSize, cropSize } = args
  const config = await readOperators(await locateModel(modelDir, params))
  if (!config) return { kind: 'tutorial', short: resizeSize ?? 256, crop: cropSize ?? 224 }
  return { kind: config.kind, operators: overrideSizes(config.operators, { resizeSize, cropSize }) }
}

/** @throws PaddleError as the plan of the task does */
export async function verifiedTask(task: TaskName, args: VerifyArguments): Promise<VerifiedTask> {
  const { modelDir, params, exact, autoOrient, maxPixels, labels, threshold, boxUnit } = args
  const options = { params, exact, autoOrient, maxPixels, labels, threshold }
  return task === 'detect' ? detection(modelDir, { ...options, boxUnit }) : classification(args, options)
}

async function classification(
  { modelDir, resizeSize, cropSize, topk: topK }: VerifyArguments,
  common: Omit<ClassifierOptions, 'resizeSize' | 'cropSize' | 'topK'>,
): Promise<VerifiedTask> {
  const options = { ...common, resizeSize, cropSize, topK }
  const plan = await planClassifier(modelDir, options)
  const task = classifyTask(modelDir, plan, options)
  return {
    preprocessing: plan.preprocessing,
    postProcessOf: () => plan.reading,
    run: async (pool, image) => {
      const { value, ...seen } = await traceRun(task, pool, image, { signal })
      return {
        ...seen,
        judge: ({ answer, outputs }) =>
          compareClasses(value.topK, answer, outputs[0]?.data ?? [], plan.reading),
      }
    },
  }
}

async function detection(modelDir: string, options: DetectorOptions): Promise<VerifiedTask> {
  const plan = await planDetector(modelDir, options)
  const { threshold } = plan
  const task = detectTask(modelDir, plan, options)
  return {
    preprocessing: plan.preprocessing,
    postProcessOf: ({ inputs }) => {
      const isTold = inputs.some(({ name }) => name === 'scale_factor')
      const pixels = isTold ? 'original' : 'fed'
      return { kind: 'boxes', threshold, unit: plan.boxUnit(isTold) === 'fraction' ? 'fraction' : pixels }
    },
    run: async (pool, image) => {
      const { value, ...seen } = await traceRun(task, pool, image, { signal })
      return { ...seen, judge: ({ answer }) => compareBoxes(value.boxes, answer, threshold) }
    },
  }
}
