import { stat } from 'node:fs/promises'
import type { PaddleError } from '../../errors.js'
import { locateModel } from '../../model/index.js'
import {
  defaultBatchSize,
  ImageClassifier,
  type Classification,
  type ClassifierOptions,
} from '../../tasks/index.js'
import { interruption } from '../interruption.js'
import { predictorOptionsOf } from '../predictor-flags.js'
import { readyInterpreter } from '../ready-interpreter.js'
import { showProgress } from '../show-progress.js'
import { showWarning } from '../show-warning.js'
import { openSink, type AnswerSink } from './answer-sink.js'
import { Benchmark } from './benchmark.js'
import { findImages, standardInput } from './find-images.js'

/** The command line of `infer`, checked; the flags of the predictor beside. */
export interface InferArguments {
  readonly modelDir: string
  readonly imgPath: readonly string[]
  readonly useGpu?: boolean | undefined
  readonly workers?: number | 'auto' | undefined
  readonly batchSize?: number | undefined
  readonly maxBatchSize: number
  readonly resizeSize?: number | undefined
  readonly cropSize?: number | undefined
  readonly warmup: number
  readonly benchmark: boolean
  readonly topk?: number | undefined
  readonly labels?: string | undefined
  readonly autoOrient: boolean
  readonly json: boolean
  readonly output?: string | undefined
  readonly python?: string | undefined
}

/** Answers all images. Sets the exit code 1 when some could not be. */
export async function infer(args: InferArguments): Promise<void> {
  // What is wrong there should not be found after a Python was set up.
  await locateModel(args.modelDir, predictorOptionsOf(args).params)
  await using sink = await openSink(args)
  const nothing = new Map<string, PaddleError>()
  let total: number | undefined
  // A large folder is read while paddle is imported.
  const images = findImages(args.imgPath, nothing, (count) => (total = count))
  const { path: python } = await readyInterpreter({ python: args.python })
  const { workers = (await isFew(args.imgPath)) ? 1 : 'auto' } = args
  const options = { ...classifierOptions(args), python, workers }
  // Images are read and decoded while the model is loaded.
  await using classifier = await ImageClassifier.open(args.modelDir, options)
  const { warmup, benchmark } = args
  const batchSize = args.batchSize ?? Math.min(defaultBatchSize, args.maxBatchSize)
  if (warmup > 0) await classifier.warmUp(warmup, { batchSize, signal: interruption })
  const times = new Benchmark()
  try {
    const results = classifier.classify(images, { batchSize, signal: interruption, onBatch: times.add })
    await showProgress(
      (onProgress) =>
        writeAll(results, sink, nothing, (done) => {
          onProgress({
            step: 'Classifying images',
            done,
            unit: 'images',
            ...(total !== undefined && { total }),
          })
        }),
      { quiet: isQuiet(args), afterMs: quickMs },
    )
  } finally {
    // Who waits for a line would keep the process alive.
    if (args.imgPath.includes(standardInput)) process.stdin.destroy()
  }
  if (benchmark) process.stderr.write(await times.describe())
}

/** Files for which more than one worker takes longer to start than it saves. */
const fewFiles = 16

async function isFew(paths: readonly string[]): Promise<boolean> {
  if (paths.length > fewFiles || paths.includes(standardInput)) return false
  const stats = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))
  return stats.every((found) => found?.isFile())
}

/** Who waits less needs no progress. */
const quickMs = 1000

/** Answers that go by on the terminal are progress themselves, and where nobody looks none is wanted. */
function isQuiet({ output }: InferArguments): boolean {
  return !process.stderr.isTTY || (process.stdout.isTTY && output === undefined)
}

function classifierOptions(args: InferArguments): ClassifierOptions {
  const { useGpu, topk, resizeSize, cropSize, labels, autoOrient } = args
  const images = { topK: topk, resizeSize, cropSize, labels, autoOrient }
  const running = { signal: interruption, onWarning: showWarning }
  return { ...(useGpu && { device: 'gpu:0' }), ...predictorOptionsOf(args), ...images, ...running }
}

async function writeAll(
  results: AsyncIterable<Classification>,
  sink: AnswerSink,
  nothing: ReadonlyMap<unknown, PaddleError>,
  onDone: (done: number) => void,
): Promise<void> {
  let failed = 0
  let all = 0
  for await (const result of results) {
    all += 1
    const told = result.error ? { ...result, error: nothing.get(result.image) ?? result.error } : result
    if (told.error) failed += 1
    const lines = sink.format.lines(told)
    await sink.write(lines)
    onDone(all)
    if (told.error && lines === '') process.stderr.write(`${told.error.message}\n[${told.error.code}]\n`)
  }
  if (failed === 0) return
  process.exitCode = 1
  process.stderr.write(`${failed} of ${all} ${all === 1 ? 'image' : 'images'} could not be answered.\n`)
}
