import { hasCrashed, oneDnnAdvice, type EffectiveState } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'

/** What is to be seen from paddle's own words: who says them. */
const words = {
  /** oneDNN itself, or paddle's passes for it. */
  oneDnn: /onednn|mkldnn|dnnl|could not (?:create|execute) a |ConvertPirAttribute2RuntimeAttribute/i,
  /** An operator that cannot take a tensor in bfloat16. */
  bfloat16: /bfloat16/i,
  /** A list of passes with a slip, whose check without oneDNN paddle leaves out. */
  unknownPass: /Pass \S+ has not been registered/,
} as const

/** The operator that an exception happened in, which says nothing of its cause. */
const operator = /\n\s*\[operator < .*? > error\]/gs

/** How sure it is that oneDNN was the cause. */
export type OneDnnSuspicion = 'crash' | 'words' | 'any'

/**
 * Whether a failed creation or run may be oneDNN's fault: a death by a signal of native code, or an exception of paddle's. Errors
 * that the worker found by itself, before paddle, are not.
 */
export function oneDnnSuspicion(error: unknown): OneDnnSuspicion | undefined {
  if (!(error instanceof PaddleError)) return undefined
  const { code, details } = error
  if (code === 'WORKER_DIED') return hasCrashed(details) ? 'crash' : undefined
  const said = details?.exception?.message
  if (said === undefined || words.unknownPass.test(said)) return undefined
  return words.oneDnn.test(said) ? 'words' : 'any'
}

/** The failure of a run with what can be done about it, where oneDNN or a precision of its own was asked for, and is what failed. */
export function withOneDnnAdvice(error: unknown, precision: EffectiveState['precision'] = 'fp32'): unknown {
  if (!(error instanceof PaddleError)) return error
  const { message = '' } = error.details?.exception ?? {}
  const said = message.replaceAll(operator, '')
  if (precision === 'bf16' && words.bfloat16.test(said)) return bfloat16Error(error.shortMessage, error)
  return words.oneDnn.test(said) ? error.with({ advice: oneDnnAdvice(precision) }) : error
}

/** The error for a network that fails in bf16. */
export function bfloat16Error(reason: string, error?: PaddleError): PaddleError {
  return new PaddleError(
    'PRECISION_UNAVAILABLE',
    `bf16 was asked for, but the network does not work in it: ${reason}`,
    { details: error?.details, cause: error?.cause, advice: oneDnnAdvice('bf16') },
  )
}
