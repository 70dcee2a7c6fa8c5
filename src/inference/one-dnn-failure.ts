import { hasCrashed, withoutPrecision, type EffectiveState } from '../bridge/index.js'
import { messageOf, PaddleError } from '../errors.js'

/** What oneDNN itself, or paddle's passes for it, say. */
const itsWords = /onednn|mkldnn|dnnl|could not (?:create|execute) a |ConvertPirAttribute2RuntimeAttribute/i

/** A slip in the list of passes, whose check without oneDNN paddle leaves out. */
const unknownPass = /Pass \S+ has not been registered/

/** How sure it is that oneDNN was the cause. */
export type Suspicion = 'crash' | 'words' | 'any'

/**
 * Whether a failed creation or run may be oneDNN's fault: a death by a signal of native code, or an exception of paddle's. Errors
 * that the worker found by itself, before paddle, are not.
 *
 * @param model Its name in the message, which says nothing of the cause.
 */
export function suspicionOf(error: unknown, model: string): Suspicion | undefined {
  if (!(error instanceof PaddleError)) return undefined
  if (error.code === 'WORKER_DIED') return hasCrashed(error.details) ? 'crash' : undefined
  const own = error.cause instanceof Error && error.cause.name === 'WorkerError'
  if (own || (error.code !== 'RUN_FAILED' && error.code !== 'MODEL_LOAD_FAILED')) return undefined
  if (unknownPass.test(error.message)) return undefined
  return itsWords.test(error.message.replaceAll(model, '')) ? 'words' : 'any'
}

/** A failure in a sentence: of a death without the model and its last output. */
export function summaryOf(error: unknown): string {
  const death = error instanceof PaddleError ? error.details : undefined
  if (death) {
    const how = death.signal ?? `exit code ${String(death.exitCode)}`
    return `The worker died with ${how} during \`${death.during}\`.`
  }
  return messageOf(error).split('\n', 1)[0] ?? ''
}

/** What paddle says of a tensor in bfloat16 that an operator cannot take. */
const bfloat16Words = /bfloat16/i

/** What of a message says nothing of the cause: the operator that it happened in, and what was fed. */
const circumstances = /\n\s*\[operator < .*? > error\]|\nIt was fed: .*$/gs

/** The failure of a run with what can be done about it, where oneDNN or a precision of its own was asked for, and is what failed. */
export function withRemedy(
  error: unknown,
  model: string,
  precision: EffectiveState['precision'] = 'fp32',
): unknown {
  const suspicion = suspicionOf(error, model)
  if (!(error instanceof PaddleError) || suspicion === undefined || suspicion === 'crash') return error
  const { code, message, cause } = error
  const said = message.replaceAll(model, '').replaceAll(circumstances, '')
  if (precision === 'bf16' && bfloat16Words.test(said)) return bfloat16Failure(message, cause)
  if (!itsWords.test(said)) return error
  const remedy = withoutPrecision(precision) ?? 'Try it without oneDNN: `oneDnn: false`, or --no-one-dnn.'
  return new PaddleError(code, `${message}\n${remedy}`, { cause })
}

/** The error for a network that fails in bf16. */
export function bfloat16Failure(reason: string, cause?: unknown): PaddleError {
  return new PaddleError(
    'PRECISION_UNAVAILABLE',
    `bf16 was asked for, but the network does not work in it: ${reason}\n${withoutPrecision('bf16')}`,
    { cause },
  )
}
