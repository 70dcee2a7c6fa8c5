import type { PaddleError } from '../../errors.js'
import { locateModel } from '../../model/index.js'
import { predictorOptionsOf } from '../predictor-flags.js'
import { openSink } from './answer-sink.js'
import type { InferArguments } from './arguments.js'
import { classifyAll } from './classify-all.js'
import { standardInput } from './find-images.js'
import { answeredAlready } from './tell-answered.js'
import { toDo } from './to-do.js'

/** Answers all images. Sets the exit code: 1 when some could not be answered, that of a signal when it came before the end. */
export async function infer(args: InferArguments): Promise<void> {
  // What is wrong there should not be found after a Python was set up.
  await locateModel(args.modelDir, predictorOptionsOf(args).params)
  await using sink = await openSink(args)
  try {
    const nothing = new Map<string, PaddleError>()
    const work = await toDo(args.imgPath, sink.answered, nothing)
    const [done, total] = [work.answered, work.total()]
    if (done > 0 && done === total) {
      // First it is seen whether these are the answers that were asked for.
      await sink.begin()
      process.stderr.write(answeredAlready({ done, total, failed: work.failed }))
      return
    }
    await classifyAll(args, { sink, work, nothing })
  } finally {
    // Who waits for a line would keep the process alive.
    if (args.imgPath.includes(standardInput)) process.stdin.destroy()
  }
}
