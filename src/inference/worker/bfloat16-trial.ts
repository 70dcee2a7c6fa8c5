import { codeOf } from '../../errors.js'
import { wordingOf } from '../../wording.js'
import { requestedOneDnn, requestsBfloat16 } from '../config/one-dnn-calls.js'
import { sampleFeeds } from '../io/sample-feed.js'
import type { Predictor } from '../predictor.js'
import { createWarning } from '../../warnings.js'
import { LaunchPlan, ModelPlan } from './launch-plan.js'
import { bfloat16Error } from './one-dnn-suspicion.js'
import { allowsOneDnnFallback } from './plan-model.js'

/** Starts the workers of a plan. */
type Open = (
  plan: LaunchPlan,
  stop: AbortSignal,
) => Promise<{ readonly predictors: readonly [Predictor, ...Predictor[]] }>

/**
 * Devices and engines that compute without oneDNN; and shape collection, whose file the trial would write to.
 */
const notTried = /^(?:enable(?:UseGpu|Xpu|Ipu|CustomDevice|OpenvinoEngine)|collectShapeRangeInfo)$/

/** The maximum duration of the trial run; a slower run proves nothing. */
const runTimeoutMs = 60_000

/**
 * Runs a model once in bf16 if its plan requests bf16 from oneDNN: paddle loads every network in bf16, but
 * some fail when they run. The trial runs the network on generated feeds in its own predictor. bf16 counts as
 * the cause only if the network then works without oneDNN, and so without bf16; unsuitable feeds fail either
 * way.
 *
 * @returns the same plan; with `strict: false`, a plan without bf16 if the network does not work in bf16
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

/** Why the network fails in bf16; undefined if it works, or if the trial is inconclusive. */
async function failureOf(
  { parts }: ModelPlan,
  open: Open,
  stop: AbortSignal,
  timeoutMs: number,
): Promise<string | undefined> {
  // The fallback without oneDNN also runs without bf16.
  const trial = new ModelPlan({ ...parts, allowsOneDnnFallback: true, warn: () => undefined })
  let predictor: Predictor
  try {
    ;[predictor] = (await open(new LaunchPlan([trial]), stop)).predictors
  } catch (error) {
    // A crash may be accidental; a pool starts such a worker again.
    const hasDied = codeOf(error) === 'WORKER_DIED' || codeOf(error) === 'WORKER_START_FAILED'
    if (stop.aborted || !hasDied) throw error
    return undefined
  }
  try {
    if (trial.oneDnnFailure === undefined) {
      // On a CPU without bf16, `strict: false` has already dropped it.
      if (predictor.info.precision !== 'bf16') return undefined
      await predictor.run(sampleFeeds(predictor.inputs), { signal: stop, timeoutMs })
    }
    return trial.oneDnnFailure
  } catch {
    stop.throwIfAborted()
    return undefined
  } finally {
    await predictor.close()
  }
}
