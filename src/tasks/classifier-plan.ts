import { checkNames, wrongType } from '../errors.js'
import {
  checkPoolOptions,
  pickPoolOptions,
  poolDefaults,
  poolOptionNames,
  predictorOptionNames,
  usableCores,
} from '../inference/index.js'
import { locateModel, readInferenceYml, readLabels, type Preprocessing, type Size } from '../model/index.js'
import { checkBoolean, checkPositiveInteger } from './check-options.js'
import { fixedSize, planSizes } from './classifier-sizes.js'
import type { Labels } from './labels.js'
import type { ClassifierOptions } from './options.js'

/** What a classifier does with images and answers: the options, else the model's `inference.yml`, else the tutorial's way. */
export interface ClassifierPlan {
  readonly preprocessing: Preprocessing
  /** The size of every image as the network sees it. */
  readonly size: Size
  readonly topK: number
  readonly labels: Labels
  /** How many Python processes run the network. */
  readonly workers: number
  /** How often an image whose worker ended is run again. */
  readonly retries: number
}

const known = [
  ...['resizeSize', 'cropSize', 'topK', 'labels', 'autoOrient', 'maxPixels'],
  ...poolOptionNames.filter((name) => name !== 'maxQueue'),
]

/**
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_CONFIG_INVALID, LABELS_INVALID; TypeError or RangeError for wrong options
 */
export async function planClassifier(model: string, options: ClassifierOptions): Promise<ClassifierPlan> {
  checkOptions(options)
  const file = await readInferenceYml(await locateModel(model, options.params))
  const preprocessing = planSizes(model, file?.preprocessing, options)
  const size = fixedSize(model, preprocessing)
  const labels = (await givenLabels(options)) ?? {
    names: file?.labels ?? [],
    source: `The inference.yml of ${model}`,
  }
  return {
    preprocessing,
    size,
    topK: options.topK ?? file?.topK ?? 1,
    labels,
    workers: workersFor(options),
    retries: options.retries ?? poolDefaults.retries,
  }
}

/** Decoding takes about as long as the network of a usual classifier: it gets half of the cores. */
function workersFor({ workers = 'auto', cpuThreads }: ClassifierOptions): number {
  if (workers !== 'auto') return workers
  const threads = typeof cpuThreads === 'number' ? cpuThreads : 1
  return Math.max(1, Math.floor(usableCores() / (2 * threads)))
}

async function givenLabels({ labels }: ClassifierOptions): Promise<Labels | undefined> {
  if (labels === undefined) return undefined
  if (typeof labels === 'string') return { names: await readLabels(labels), source: labels }
  return { names: labels, source: 'The list `labels`' }
}

function checkOptions(options: ClassifierOptions): void {
  if (typeof options !== 'object' || (options as unknown) === null) {
    throw wrongType('options', 'an options object', options)
  }
  checkNames(options, [...known, ...predictorOptionNames])
  for (const name of ['resizeSize', 'cropSize', 'topK', 'maxPixels'] as const) {
    checkPositiveInteger(name, options[name])
  }
  checkBoolean('autoOrient', options.autoOrient)
  checkPoolOptions(pickPoolOptions(options))
  const labels: unknown = options.labels
  const isList = Array.isArray(labels) && labels.every((label) => typeof label === 'string')
  if (labels !== undefined && typeof labels !== 'string' && !isList) {
    throw wrongType('labels', 'a list of names or the path of a file', labels)
  }
}
