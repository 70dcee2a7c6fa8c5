import { stat } from 'node:fs/promises'
import { codeOf, type PaddleError } from '../../errors.js'
import { batchForm, type TaskName, type ImageResult } from '../../tasks/index.js'
import { ensureInterpreter } from '../ensure-interpreter.js'
import { standardInput } from '../images/find-images.js'
import { Finishing, interruption } from '../terminal/interruption.js'
import { showProgress } from '../terminal/progress.js'
import { logNote } from '../terminal/stderr-log.js'
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

/** What a run has to do, and where its answers go. */
interface Run {
  readonly task: TaskName
  readonly sink: ResultSink
  readonly pictures: AnnotatedImages | undefined
  readonly work: PendingImages
  /** The errors of what holds no image, by its path. */
  readonly nothing: ReadonlyMap<unknown, PaddleError>
}

/** Runs the images through the network, and writes and tells what becomes of them. */
export async function inferImages(args: InferArguments, run: Run): Promise<void> {
  const { sink, work } = run
  const { path: python } = await ensureInterpreter({ python: args.python })
  using finishing = new Finishing()
  finishing.signal.addEventListener('abort', () => {
    logNote('Finishing what has begun; Ctrl-C again ends at once.\n')
  })
  const teller = args.verbose ? new EventLogger() : undefined
  const { workers = (await isFew(args.imgPath)) ? 1 : 'auto', warmup } = args
  // Images are read and decoded while the model is loaded.
  await using task = await openTask(run.task, args, {
    ...{ python, workers },
    ...(teller && { onEvent: teller.tell }),
  })
  // Before that, nothing is in hand that is worth finishing. What is wrong with the model is told when it is needed.
  const begin = (): void => {
    finishing.begin()
  }
  if (warmup === 0) task.ready().then(begin, () => undefined)
  await sink.begin()
  if (work.answered > 0) {
    const { answered: done, failed } = work
    logNote(alreadyDoneMessage({ done, failed, total: work.total() }))
  }
  const batchSize = args.batchSize ?? Math.min(batchForm.batchSize.default, args.maxBatchSize)
  if (warmup > 0) {
    await task.warmUp?.(warmup, { batchSize, signal: interruption })
    finishing.begin()
  }
  const times = new BatchTimings()
  const results = task.run(work.images, {
    ...{ batchSize, timeoutMs: args.timeoutMs, onBatch: times.add },
    ...{ signal: interruption, finish: finishing.signal },
  })
  const all = await writing(results, run, { step: task.step, quiet: showsNone(args) })
  const isComplete = finishing.exitCode === undefined || all === work.total()
  await sink.end({ isComplete })
  teller?.end()
  if (args.benchmark) process.stderr.write(await times.describe())
  if (isComplete) return
  process.stderr.write(stoppedMessage({ done: all, total: work.total() }, sink.resumeCommand))
  process.exitCode = finishing.exitCode
}

/** Writes the answers, and shows how far it is. @returns how many images are answered, with those that were before */
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
    const lack = failureSummary(written)
    if (lack !== '') process.exitCode = 1
    process.stderr.write(lack)
    return done
  } catch (error) {
    // A file that cannot be written says itself how to go on.
    if (sink.resumeCommand !== undefined && !interruption.aborted && codeOf(error) !== 'FILE_NOT_WRITTEN') {
      process.stderr.write(stoppedMessage({ done, total: work.total() }, sink.resumeCommand))
    }
    throw error
  }
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
function showsNone({ output }: InferArguments): boolean {
  return !process.stderr.isTTY || (process.stdout.isTTY && output === undefined)
}
