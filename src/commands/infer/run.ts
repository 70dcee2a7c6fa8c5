import type { PaddleError } from '../../errors.js'
import { locateModel } from '../../model/index.js'
import { ImageClassifier, type Classification, type ClassifierOptions } from '../../tasks/index.js'
import { interruption } from '../interruption.js'
import { predictorOptionsOf } from '../predictor-flags.js'
import { readyInterpreter } from '../ready-interpreter.js'
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
  readonly batchSize: number
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
  const { path: python } = await readyInterpreter({ python: args.python })
  await using classifier = await ImageClassifier.load(args.modelDir, { ...classifierOptions(args), python })
  const { batchSize, warmup, benchmark } = args
  if (warmup > 0) await classifier.warmUp(warmup, { batchSize, signal: interruption })
  const times = new Benchmark()
  try {
    const nothing = new Map<string, PaddleError>()
    const images = findImages(args.imgPath, nothing)
    const results = classifier.classify(images, { batchSize, signal: interruption, onBatch: times.add })
    await writeAll(results, sink, nothing)
  } finally {
    // Who waits for a line would keep the process alive.
    if (args.imgPath.includes(standardInput)) process.stdin.destroy()
  }
  if (benchmark) process.stderr.write(times.toString())
}

function classifierOptions(args: InferArguments): ClassifierOptions {
  const { useGpu, topk, resizeSize, cropSize, labels, autoOrient } = args
  const images = { topK: topk, resizeSize, cropSize, labels, autoOrient }
  const running = { workers: args.workers, signal: interruption, onWarning: showWarning }
  return { ...(useGpu && { device: 'gpu:0' }), ...predictorOptionsOf(args), ...images, ...running }
}

async function writeAll(
  results: AsyncIterable<Classification>,
  sink: AnswerSink,
  nothing: ReadonlyMap<unknown, PaddleError>,
): Promise<void> {
  let failed = 0
  let all = 0
  for await (const result of results) {
    all += 1
    const told = result.error ? { ...result, error: nothing.get(result.image) ?? result.error } : result
    if (told.error) failed += 1
    const lines = sink.format.lines(told)
    await sink.write(lines)
    if (told.error && lines === '') process.stderr.write(`${told.error.message}\n[${told.error.code}]\n`)
  }
  if (failed === 0) return
  process.exitCode = 1
  process.stderr.write(`${failed} of ${all} ${all === 1 ? 'image' : 'images'} could not be answered.\n`)
}
