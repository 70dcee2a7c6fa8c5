import { PaddleError } from '../../errors.js'
import { PredictorPool } from '../../inference/index.js'
import { PlainPython, type PlainCase } from '../../reference/index.js'
import { ensureInterpreter } from '../ensure-interpreter.js'
import { findImages } from '../images/find-images.js'
import { interruption } from '../terminal/interruption.js'
import { showProgress } from '../terminal/progress.js'
import type { VerifyArguments } from './arguments.js'
import { compareShapes, differenceOf, greatest, tellNotFinite } from './comparison.js'
import type { Comparison } from './report.js'
import { ownOptions, type VerifiedTask } from './verified-task.js'

/** The model on both sides. */
interface Both extends AsyncDisposable {
  readonly pool: PredictorPool
  readonly plain: PlainPython
}

interface ComparisonSettings {
  /** Of plain Python. */
  readonly preprocessing: PlainCase['preprocessing']
  /** Called with the number of images, once it is known. */
  readonly onTotal: (total: number) => void
}

/** Runs the images one by one on both sides, and yields the comparisons. */
export async function* compareImages(
  args: VerifyArguments,
  side: VerifiedTask,
  { preprocessing, onTotal }: ComparisonSettings,
): AsyncGenerator<Comparison, void, undefined> {
  const nothing = new Map<string, PaddleError>()
  const images = findImages(args.imgPath, { nothing, recursive: args.recursive, onTotal })
  await using both = await showProgress(
    (onProgress) => {
      onProgress({ step: 'Importing paddle on both sides' })
      return openBoth(args)
    },
    { quiet: !process.stderr.isTTY },
  )
  const { pool, plain } = both
  let loaded = false
  for await (const image of images) {
    const compare = async (): Promise<Comparison> => {
      const none = nothing.get(image)
      if (none) throw none
      const own = await side.run(pool, image)
      if (!loaded) {
        // After our first run, it is known whether the network works with oneDNN.
        const { model: program, params, format, oneDnn } = pool.info
        await plain.load({
          program,
          params,
          separate: format === '__model__' && params === undefined,
          oneDnn,
        })
        loaded = true
      }
      const reading = side.postProcessOf(pool)
      const theirs = await plain.run({ image, orient: args.autoOrient, reading, preprocessing })
      const input = differenceOf(own.input, theirs.input)
      const output = greatest(theirs.outputs.map((output) => differenceOf(own.outputs[output.name], output)))
      const verdict = compareShapes(own.compare(theirs), { input, output })
      return { image, input, output, verdict: tellNotFinite(verdict, output) }
    }
    yield await compare().catch((error: unknown) => ({ image, error: ofImage(error, plain) }))
  }
}

/** Returns an error that concerns one image only. Throws any other, such as an error of the model. */
function ofImage(error: unknown, plain: PlainPython): PaddleError {
  if (error instanceof PaddleError && !interruption.aborted) {
    if (/^(IMAGE|DOWNLOAD)_/.test(error.code)) return error
    if (error.code === 'REFERENCE_FAILED' && !plain.isEnded) return error
  }
  throw error
}

/** Starts both sides in parallel, because each imports paddle. */
async function openBoth(args: VerifyArguments): Promise<Both> {
  const interpreter = await ensureInterpreter({ python: args.python })
  const options = { ...ownOptions(args), model: args.modelDir, workers: 1, retries: 0 }
  const [pool, plain] = await Promise.allSettled([
    PredictorPool.create(options),
    PlainPython.start(interpreter, interruption),
  ])
  const close = async (): Promise<void> => {
    if (pool.status === 'fulfilled') await pool.value.close()
    if (plain.status === 'fulfilled') await plain.value[Symbol.asyncDispose]()
  }
  if (pool.status === 'fulfilled' && plain.status === 'fulfilled') {
    return { pool: pool.value, plain: plain.value, [Symbol.asyncDispose]: close }
  }
  await close()
  // An error of the model takes precedence over one of plain Python.
  throw pool.status === 'rejected' ? pool.reason : (plain as PromiseRejectedResult).reason
}
