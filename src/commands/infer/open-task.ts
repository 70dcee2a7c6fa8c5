import { prewarmedWorker, withPrewarmed } from '../../inference/worker/prewarm.js'
import {
  ImageClassifier,
  ObjectDetector,
  type BatchOptions,
  type TaskEvent,
  type TaskName,
  type TaskOptions,
} from '../../tasks/index.js'
import { predictorOptionsOf } from '../flags/predictor-flags.js'
import { interruption } from '../terminal/interruption.js'
import { logWarning } from '../terminal/log-warning.js'
import type { InferArguments } from './arguments.js'
import type { ImageResult } from './results/formats.js'

/** A model that answers images, whatever about them. */
export interface OpenTask extends AsyncDisposable {
  /** What is being done, as progress says it. */
  readonly step: string
  /** Settles when the model is loaded. */
  ready(): Promise<void>
  answers(
    images: AsyncIterable<string> | readonly string[],
    options: BatchOptions,
  ): AsyncIterable<ImageResult>
  /** Runs the network on blank images; nothing for images that differ in size. */
  warmUp?(runs: number, options: Pick<BatchOptions, 'batchSize' | 'signal'>): Promise<void>
}

/** Who does the work, and who is told of it. */
interface Workers {
  readonly python: string
  readonly workers: number | 'auto'
  readonly onEvent?: (event: TaskEvent) => void
}

/** Begins to load the model. @throws PaddleError as `ImageClassifier.open` and `ObjectDetector.open` */
export async function openTask(task: TaskName, args: InferArguments, workers: Workers): Promise<OpenTask> {
  return task === 'detect' ? openDetector(args, workers) : openClassifier(args, workers)
}

async function openClassifier(args: InferArguments, workers: Workers): Promise<OpenTask> {
  const { topk: topK, threshold, resizeSize, cropSize } = args
  const classifier = await ImageClassifier.open(args.modelDir, {
    ...{ ...taskOptions(args), ...workers },
    ...{ topK, threshold, resizeSize, cropSize },
  })
  return {
    step: 'Classifying images',
    ready: () => classifier.ready(),
    answers: (images, options) => classifier.classify(images, options),
    warmUp: (runs, options) => classifier.warmUp(runs, options),
    [Symbol.asyncDispose]: () => classifier.close(),
  }
}

async function openDetector(args: InferArguments, workers: Workers): Promise<OpenTask> {
  const { threshold, boxUnit } = args
  const detector = await ObjectDetector.open(args.modelDir, {
    ...{ ...taskOptions(args), ...workers },
    ...{ threshold, boxUnit },
  })
  return {
    step: 'Detecting objects',
    ready: () => detector.ready(),
    answers: (images, options) => detector.detect(images, options),
    [Symbol.asyncDispose]: () => detector.close(),
  }
}

function taskOptions(args: InferArguments) {
  const { useGpu, labels, autoOrient, maxPixels, exact } = args
  const { retries, startTimeoutMs, maxRssMb, maxRunsPerWorker } = args
  const options = {
    ...(useGpu && { device: 'gpu:0' }),
    ...predictorOptionsOf(args),
    // That of the flag is of each batch.
    timeoutMs: undefined,
    ...{ labels, autoOrient, maxPixels, exact },
    ...{ retries, startTimeoutMs, maxRssMb, maxRunsPerWorker },
    ...{ signal: interruption, onWarning: logWarning },
  } satisfies TaskOptions & Readonly<Record<string, unknown>>
  return withPrewarmed(options, prewarmedWorker(args))
}
