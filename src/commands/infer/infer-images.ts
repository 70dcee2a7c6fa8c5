import { stat } from 'node:fs/promises'
import { codeOf, type PaddleError } from '../../errors.js'
import type { ImageSource } from '../../image/index.js'
import { taskSpec, type TaskName, type ImageResult } from '../../tasks/index.js'
import { counted } from '../../wording.js'
import { ensureInterpreter } from '../ensure-interpreter.js'
import { standardInput } from '../images/find-images.js'
import { predictorOptionsOf } from '../flags/predictor-flags.js'
import { Finishing, interruption } from '../terminal/interruption.js'
import { showProgress } from '../terminal/progress.js'
import { logError, logNote } from '../terminal/print.js'
import type { AnnotatedImages } from './annotated/annotated-images.js'
import type { InferArguments } from './arguments.js'
import { BatchTimings } from './batch-timings.js'
import { EventLogger } from './event-log.js'
import { openTask } from './open-task.js'
import type { ResultSink } from './results/result-sink.js'
import { writeResults } from './results/write-results.js'
import {
  alreadyDoneMessage,
  failureSummary,
  stoppedMessage,
  type PendingImages,
} from './resume/pending-images.js'

/** The images of a run, and where its results go. */
interface Run {
  readonly task: TaskName
  readonly sink: ResultSink
  readonly pictures: AnnotatedImages | undefined
  readonly work: PendingImages
  /** Errors of paths that stand for no readable image, by path. */
  readonly nothing: ReadonlyMap<unknown, PaddleError>
}

/** Runs the pending images, and writes results, progress and notes. */
export async function inferImages(args: InferArguments, run: Run): Promise<void> {
  const { sink, work } = run
  const { python } = args
  await ensureInterpreter({ python })
  using finishing = new Finishing()
  finishing.signal.addEventListener('abort', () => {
    logNote('Completing the work in progress; press Ctrl-C again to stop at once.\n')
  })
  const logger = args.verbose ? new EventLogger() : undefined
  const { warmup } = args
  const workers = await workersFor(args, work)
  // Images are read and decoded while the model is loaded.
  await using task = await openTask(run.task, args, {
    ...{ python, workers },
    ...(logger && { onEvent: logger.tell }),
  })
  // Until the model is loaded, a signal ends the command at once. A model error is reported by the first
  // result.
  const begin = (): void => {
    finishing.begin()
  }
  if (warmup === 0) task.ready().then(begin, () => undefined)
  await sink.begin()
  if (work.answered > 0) {
    const { answered: done, failed } = work
    logNote(alreadyDoneMessage({ done, failed, total: work.total() }))
  }
  // Without its engine, no image needs to be read.
  if (predictorOptionsOf(args).tensorRt) await task.ready()
  const batchSize = args.batchSize ?? Math.min(taskSpec(run.task).defaultBatchSize, args.maxBatchSize)
  if (warmup > 0) {
    await task.warmUp?.(warmup, { batchSize, signal: interruption })
    finishing.begin()
  }
  const times = new BatchTimings()
  const images: AsyncIterable<ImageSource> | readonly string[] =
    run.pictures?.sourcesOf(work.images) ?? work.images
  const results = task.run(images, {
    ...{ batchSize, timeoutMs: args.timeoutMs, onBatch: times.add },
    ...{ signal: interruption, finish: finishing.signal },
  })
  const all = await writing(results, run, { step: task.step, quiet: showsNone(args) })
  const isComplete = finishing.exitCode === undefined || all === work.total()
  // Without images, a folder or a pattern is an error.
  if (all === 0 && isComplete) logNote('There was no path on standard input.\n')
  await sink.end({ isComplete })
  logger?.end()
  if (args.benchmark) logError(await times.describe())
  if (isComplete) {
    // Where the results are not shown, and nobody parses the output.
    if (args.output !== undefined && process.stderr.isTTY)
      logNote(`Wrote ${counted(all, 'result')} to ${args.output}.\n`)
    return
  }
  logError(stoppedMessage({ done: all, total: work.total() }, sink.resumeCommand))
  process.exitCode = finishing.exitCode
}

/**
 * Writes the results and shows progress.
 *
 * @returns the number of images with a result, including earlier ones
 */
async function writing(
  results: AsyncIterable<ImageResult>,
  { sink, pictures, work, nothing }: Run,
  { step, quiet }: { readonly step: string; readonly quiet: boolean },
): Promise<number> {
  let done = work.answered
  try {
    const written = await showProgress(
      (onProgress) => {
        const onDone = (count: number): void => {
          done = work.answered + count
          const total = work.total()
          onProgress({ step, unit: 'images', done, ...(total !== undefined && { total }) })
        }
        return writeResults(results, { sink, pictures, nothing, onDone })
      },
      { quiet, afterMs: quickMs },
    )
    const failures = failureSummary(written)
    if (failures !== '') process.exitCode = 1
    logError(failures)
    return done
  } catch (error) {
    // FILE_NOT_WRITTEN includes how to resume.
    if (sink.resumeCommand !== undefined && !interruption.aborted && codeOf(error) !== 'FILE_NOT_WRITTEN') {
      logError(stoppedMessage({ done, total: work.total() }, sink.resumeCommand))
    }
    throw error
  }
}

/** The number of workers: never more than images, if their number is known. */
async function workersFor(
  { imgPath, workers }: InferArguments,
  work: PendingImages,
): Promise<number | 'auto'> {
  if (workers === undefined) return (await isFew(imgPath)) ? 1 : 'auto'
  const total = work.total()
  return workers === 'auto' || total === undefined ? workers : Math.min(workers, total - work.answered)
}

/** Up to this number of files, a second worker takes longer to start than it saves. */
const fewFiles = 16

async function isFew(paths: readonly string[]): Promise<boolean> {
  if (paths.length > fewFiles || paths.includes(standardInput)) return false
  const stats = await Promise.all(paths.map((path) => stat(path).catch(() => undefined)))
  return stats.every((found) => found?.isFile())
}

/** Shorter runs show no progress. */
const quickMs = 1000

/** Whether no progress is shown: without a terminal, or if the results go to it. */
function showsNone({ output }: InferArguments): boolean {
  return !process.stderr.isTTY || (process.stdout.isTTY && output === undefined)
}
