import type { PaddleError } from '../../errors.js'
import { locateModel } from '../../model/index.js'
import { taskOf } from '../../tasks/index.js'
import { answerAll } from './answer-all.js'
import { tellNote } from '../notes.js'
import { openSink } from './answer-sink.js'
import type { InferArguments } from './arguments.js'
import { standardInput } from './standard-input.js'
import { Pictures } from './pictures.js'
import { answeredAlready } from './tell-answered.js'
import { toDo } from './to-do.js'

/** Answers all images. Sets the exit code: 1 when some could not be answered, that of a signal when it came before the end. */
export async function infer(args: InferArguments): Promise<void> {
  const { modelDir, params, saveDir } = args
  // What is wrong there should not be found after a Python was set up.
  await locateModel(modelDir, params)
  const task = args.task ?? (await taskOf(modelDir, params))
  await using sink = await openSink(args, task)
  try {
    const nothing = new Map<string, PaddleError>()
    const work = await toDo(args.imgPath, sink.answered, nothing)
    const [done, total] = [work.answered, work.total()]
    if (done > 0 && done === total) {
      // First it is seen whether these are the answers that were asked for.
      await sink.begin()
      tellNote(answeredAlready({ done, total, failed: work.failed }))
      return
    }
    const before = sink.answered.images.keys()
    const pictures = saveDir === undefined ? undefined : await Pictures.open(saveDir, args, before)
    await answerAll(args, { task, sink, pictures, work, nothing })
  } finally {
    // Who waits for a line would keep the process alive.
    if (args.imgPath.includes(standardInput)) process.stdin.destroy()
  }
}
