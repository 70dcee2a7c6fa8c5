import type { PaddleError } from '../../errors.js'
import { locateModel } from '../../model/index.js'
import { taskDefinition, taskFromConfig } from '../../tasks/index.js'
import { standardInput } from '../images/find-images.js'
import { logNote } from '../terminal/print.js'
import type { AnnotatedImages } from './annotated/annotated-images.js'
import type { InferArguments } from './arguments.js'
import { inferImages } from './infer-images.js'
import { openSink } from './results/result-sink.js'
import { alreadyDoneMessage, pendingImages } from './resume/pending-images.js'

/** Runs all images. Sets the exit code: 1 if some failed, that of the signal if one ended the run early. */
export async function infer(args: InferArguments): Promise<void> {
  const { modelDir, params, saveDir } = args
  // Report a missing model before installing a Python.
  await locateModel(modelDir, params)
  const task = args.task ?? (await taskFromConfig(modelDir, params))
  await using sink = await openSink(args, task)
  try {
    const nothing = new Map<string, PaddleError>()
    const work = await pendingImages(args, sink.existing, nothing, {
      counted: args.workers !== undefined && args.workers !== 'auto' && args.workers > 1,
    })
    const [done, total] = [work.answered, work.total()]
    if (done > 0 && done === total) {
      // Checks that the fingerprints match.
      await sink.begin()
      logNote(alreadyDoneMessage({ done, total, failed: work.failed }))
      return
    }
    const before = sink.existing.images.keys()
    let pictures: AnnotatedImages | undefined
    if (saveDir !== undefined) {
      const { AnnotatedImages } = await import('./annotated/annotated-images.js')
      const { results } = await taskDefinition(task)
      pictures = await AnnotatedImages.open(saveDir, results, args, before)
    }
    await inferImages(args, { task, sink, pictures, work, nothing })
  } finally {
    // A pending read would keep the process alive.
    if (args.imgPath.includes(standardInput)) process.stdin.destroy()
  }
}
