import { PaddleError } from '../../errors.js'
import { defaultModelFolder } from '../../package-files.js'
import { planClassifier, taskFromConfig, type ClassifierOptions } from '../../tasks/index.js'
import { wording } from '../../wording.js'
import type { Checked } from '../command.js'
import { findFlagError } from '../flags/flag-errors.js'
import type { FlagWording } from '../flags/flag.js'
import { predictorFlagsTogether } from '../flags/predictor-flags.js'
import { standardInput } from '../images/find-images.js'
import { readsFromFolder } from '../images/is-in-folder.js'
import { defaults, type GivenArguments, type InferArguments } from './arguments.js'
import { isJsonFile, isResultFile } from './results/file-format.js'

/** What is wrong with flags that are right each by itself: the message, or `true`. */
export async function checkInferFlags(args: GivenArguments): Promise<Checked> {
  const { imgPath, batchSize, maxBatchSize, json, output, resume, saveDir } = { ...defaults, ...args }
  if (args.quiet && args.verbose)
    return wording`${{ flag: 'quiet' }} and ${{ flag: 'verbose' }} contradict each other: give one of them.`
  if (imgPath.length === 0 || imgPath.includes(''))
    return wording`Expected a path for ${{ flag: 'img-path' }}.`
  if (batchSize !== undefined && batchSize > maxBatchSize)
    return wording`${{ flag: 'batch-size' }} ${batchSize} is above ${{ flag: 'max-batch-size' }} ${maxBatchSize}.`
  if (output !== undefined && !isResultFile(output))
    return wording`Expected FILE.jsonl or FILE.csv for ${{ flag: 'output' }}, got ${output}.`
  if (json && output !== undefined && !isJsonFile(output))
    return wording`${{ flag: 'json' }} and ${{ flag: 'output' }} ${output} contradict each other: the answers go there as CSV.`
  if (resume && (output === undefined || !isJsonFile(output)))
    return wording`${{ flag: 'resume' }} needs ${{ flag: 'output' }} FILE.jsonl${output === undefined ? '.' : `, got ${output}.`}`
  if (saveDir !== undefined && (await takesFromAny(imgPath, saveDir)))
    return wording`${{ flag: 'save-dir' }} ${saveDir} is where the images are: the pictures would take their place.`
  const together = await predictorFlagsTogether(args)
  return together === true ? checkTaskFlags({ modelDir: defaultModelFolder, ...args }) : together
}

/** What comes on standard input is looked at when it comes. */
async function takesFromAny(paths: readonly string[], saveDir: string): Promise<boolean> {
  const files = paths.filter((path) => path !== standardInput)
  const takes = await Promise.all(files.map((path) => readsFromFolder(path, saveDir)))
  return takes.includes(true)
}

/** The flags that belong to what a model does. */
type TaskFlags = Pick<
  InferArguments,
  'modelDir' | 'task' | 'resizeSize' | 'cropSize' | 'topk' | 'threshold' | 'boxUnit' | 'params'
> & {
  readonly warmup?: number
}

/** Whether the flags are of what the model does. */
export async function checkTaskFlags(args: TaskFlags): Promise<Checked> {
  const { modelDir, resizeSize, cropSize, topk, threshold, params } = args
  const task = args.task ?? (await knownTask(modelDir, params))
  const others = task === undefined ? [] : foreign[task].filter(([, isGiven]) => isGiven(args))
  const [first] = others
  if (task !== undefined && first) {
    const [flag, , why] = first
    return wording`${{ flag }} is not for ${task === 'detect' ? 'a detector' : 'a classifier'}: ${why}.`
  }
  if (task !== 'classify') return true
  return checkClassifierSizes(modelDir, { resizeSize, cropSize, topK: topk, threshold, params })
}

type Foreign = readonly [flag: string, isGiven: (args: TaskFlags) => boolean, why: FlagWording]

/** Flags that belong to the other task. */
const foreign: Readonly<Record<'classify' | 'detect', readonly Foreign[]>> = {
  detect: [
    [
      'topk',
      ({ topk }) => topk !== undefined,
      wording`it tells boxes by their scores; give ${{ flag: 'threshold' }}`,
    ],
    ['crop-size', ({ cropSize }) => cropSize !== undefined, 'it looks at whole images'],
    ['resize-size', ({ resizeSize }) => resizeSize !== undefined, 'the size is that of its infer_cfg.yml'],
    ['warmup', ({ warmup = 0 }) => warmup > 0, 'its images may differ in size'],
  ],
  classify: [['box-unit', ({ boxUnit }) => boxUnit !== undefined, 'it tells no boxes']],
}

/** What is wrong with the model is not told here. */
async function knownTask(modelDir: string, params?: string): Promise<'classify' | 'detect' | undefined> {
  try {
    return await taskFromConfig(modelDir, params)
  } catch (error) {
    if (error instanceof PaddleError) return undefined
    throw error
  }
}

/**
 * Whether what is asked of a classifier fits together, and with what the model's own file says: `true`, or what is wrong. What is wrong
 * with the model is not told here.
 */
export async function checkClassifierSizes(
  modelDir: string,
  asked: Pick<ClassifierOptions, 'resizeSize' | 'cropSize' | 'topK' | 'threshold' | 'params'>,
): Promise<true | FlagWording> {
  return findFlagError(() =>
    planClassifier(modelDir, asked).catch((error: unknown) => {
      if (!(error instanceof PaddleError)) throw error
    }),
  )
}
