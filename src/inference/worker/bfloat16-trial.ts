import type { TensorInfo } from '../../bridge/index.js'
import { codeOf } from '../../errors.js'
import { wordingOf } from '../../wording.js'
import { requestedOneDnn, requestsBfloat16 } from '../config/one-dnn-calls.js'
import type { Feeds } from '../io/feed-types.js'
import { sampleFeed, sampleShape } from '../io/sample-feed.js'
import type { Predictor } from '../predictor.js'
import { createWarning } from '../warnings.js'
import { LaunchPlan, ModelPlan } from './launch-plan.js'
import { bfloat16Error } from './one-dnn-suspicion.js'
import { allowsOneDnnFallback } from './plan-model.js'

/** Starts a worker by a plan. */
type Open = (
  plan: LaunchPlan,
  stop: AbortSignal,
) => Promise<{ readonly predictors: readonly [Predictor, ...Predictor[]] }>

/** Devices and engines that take the network from oneDNN; and a file of all shapes that were fed, which the trial would write to. */
const notTried = /^(?:enable(?:UseGpu|Xpu|Ipu|CustomDevice|OpenvinoEngine)|collectShapeRangeInfo)$/

/** The size of a dimension of which nothing is known: the length of a short text. */
const unknownSize = 16

/** The longest time that the run may take; a slower one shows nothing. */
const runTimeoutMs = 60_000

/**
 * Tries bf16, where the plan of a model asks oneDNN for it: paddle loads every network in bf16, and some fail when they run. A predictor of its own runs
 * the network once on made feeds, and ends. Only a network that then works without oneDNN, and so without bf16, fails because of bf16: feeds
 * that do not suit it fail either way.
 *
 * @returns the plan itself; with `strict: false`, for a network that does not work in bf16, one without it.
 * @throws PaddleError PRECISION_UNAVAILABLE for a network that does not work in bf16, and as `open`
 */
export async function withBfloat16Tried(
  plan: ModelPlan,
  open: Open,
  stop: AbortSignal,
  timeoutMs = runTimeoutMs,
): Promise<ModelPlan> {
  const { request, warn } = plan.parts
  const { calls, strict } = request
  if (!calls.some(requestsBfloat16) || requestedOneDnn(calls) !== true) return plan
  if (calls.some(({ name }) => notTried.test(name))) return plan
  const reason = await failureOf(plan, open, stop, timeoutMs)
  if (reason === undefined) return plan
  const failure = bfloat16Error(reason)
  if (strict) throw failure
  warn(createWarning(failure.code, wordingOf(failure)))
  const others = calls.filter((call) => !requestsBfloat16(call))
  return new ModelPlan({
    ...plan.parts,
    request: { ...request, calls: others },
    allowsOneDnnFallback: allowsOneDnnFallback(others),
  })
}

/** Why the network fails in bf16; undefined if it works, or the trial does not show it. */
async function failureOf(
  { parts }: ModelPlan,
  open: Open,
  stop: AbortSignal,
  timeoutMs: number,
): Promise<string | undefined> {
  // Leaving oneDNN out leaves bf16 out too.
  const trial = new ModelPlan({ ...parts, allowsOneDnnFallback: true, warn: () => undefined })
  let predictor: Predictor
  try {
    ;[predictor] = (await open(new LaunchPlan([trial]), stop)).predictors
  } catch (error) {
    // What dies by accident may start the next time: a pool tries it again.
    const hasDied = codeOf(error) === 'WORKER_DIED' || codeOf(error) === 'WORKER_START_FAILED'
    if (stop.aborted || !hasDied) throw error
    return undefined
  }
  try {
    if (trial.oneDnnFailure === undefined) {
      // On a CPU without it, `strict: false` has left bf16 out already.
      if (predictor.info.precision !== 'bf16') return undefined
      await predictor.run(feedsFor(predictor.inputs), { signal: stop, timeoutMs })
    }
    return trial.oneDnnFailure
  } catch {
    stop.throwIfAborted()
    return undefined
  } finally {
    await predictor.close()
  }
}

function feedsFor(inputs: readonly TensorInfo[]): Feeds {
  const shape = ({ shape: declared }: TensorInfo): number[] =>
    sampleShape(declared).map((size) => (size === -1 ? unknownSize : size))
  return Object.fromEntries(inputs.map((input) => [input.name, sampleFeed(input.dtype, shape(input))]))
}
