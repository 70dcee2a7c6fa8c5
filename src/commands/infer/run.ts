import type { PaddleError } from '../../errors.js'
import { locateModel } from '../../model/index.js'
import { taskDefinition, taskFromConfig } from '../../tasks/index.js'
import { standardInput } from '../images/find-images.js'
import { logNote } from '../terminal/stderr-log.js'
import { AnnotatedImages } from './annotated/annotated-images.js'
import type { InferArguments } from './arguments.js'
import { inferImages } from './infer-images.js'
import { openSink } from './results/result-sink.js'
import { alreadyDoneMessage, pendingImages } from './resume/pending-images.js'

/** Answers all images. Sets the exit code: 1 when some could not be answered, that of a signal when it came before the end. */
export async function infer(args: InferArguments): Promise<void> {
  const { modelDir, params, saveDir } = args
  // What is wrong there should not be found after a Python was set up.
  await locateModel(modelDir, params)
  const task = args.task ?? (await taskFromConfig(modelDir, params))
  await using sink = await openSink(args, task)
  try {
    const nothing = new Map<string, PaddleError>()
    const work = await pendingImages(args.imgPath, sink.existing, nothing)
    const [done, total] = [work.answered, work.total()]
    if (done > 0 && done === total) {
      // First it is seen whether these are the answers that were asked for.
      await sink.begin()
      logNote(alreadyDoneMessage({ done, total, failed: work.failed }))
      return
    }
    const before = sink.existing.images.keys()
    const { results } = await taskDefinition(task)
    const pictures =
      saveDir === undefined ? undefined : await AnnotatedImages.open(saveDir, results, args, before)
    await inferImages(args, { task, sink, pictures, work, nothing })
  } finally {
    // Who waits for a line would keep the process alive.
    if (args.imgPath.includes(standardInput)) process.stdin.destroy()
  }
}
