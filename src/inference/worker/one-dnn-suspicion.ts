import { hasCrashed, oneDnnAdvice, type EffectiveState } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'
import { isOutOfMemory } from '../../out-of-memory.js'
import type { Wording } from '../../wording.js'

/** Phrases in paddle's messages that show the source of an error. */
const words = {
  /** oneDNN itself, or paddle's passes for it. */
  oneDnn: /onednn|mkldnn|dnnl|could not (?:create|execute) a |ConvertPirAttribute2RuntimeAttribute/i,
  /** An operator that does not accept bfloat16 tensors. */
  bfloat16: /bfloat16/i,
  /** An unknown pass; without oneDNN, paddle skips this check. */
  unknownPass: /Pass \S+ has not been registered/,
} as const

/** The operator that raised the exception, which does not show the cause. */
const operator = /\n\s*\[operator < .*? > error\]/gs

/** How strongly an error points to oneDNN. */
export type OneDnnSuspicion = 'crash' | 'words' | 'any'

/**
 * Whether oneDNN may have caused a failure: a native crash or an exception of paddle's. Errors that the
 * worker raises itself, before it calls paddle, are excluded.
 */
export function oneDnnSuspicion(error: unknown): OneDnnSuspicion | undefined {
  if (!(error instanceof PaddleError)) return undefined
  const { code, details } = error
  if (isOutOfMemory(details?.exception?.message ?? details?.output ?? '')) return undefined
  // An idle worker computes nothing.
  if (code === 'WORKER_DIED')
    return details?.during !== undefined && hasCrashed(details) ? 'crash' : undefined
  const message = details?.exception?.message
  if (message === undefined || words.unknownPass.test(message)) return undefined
  return words.oneDnn.test(message) ? 'words' : 'any'
}

/**
 * Adds advice to the error of a failed run if the caller requested oneDNN or a precision of its own, and that
 * is what failed.
 */
export function withOneDnnAdvice(error: unknown, precision: EffectiveState['precision'] = 'fp32'): unknown {
  if (!(error instanceof PaddleError)) return error
  const { message = '' } = error.details?.exception ?? {}
  const cause = message.replaceAll(operator, '')
  if (precision === 'bf16' && words.bfloat16.test(cause)) return bfloat16Error(error.shortMessage, error)
  return words.oneDnn.test(cause) ? error.with({ advice: oneDnnAdvice(precision) }) : error
}

/** The error for a network that fails in bf16. */
export function bfloat16Error(reason: string, error?: PaddleError): PaddleError {
  return new PaddleError(
    'PRECISION_UNAVAILABLE',
    `bf16 was requested, but the network does not work in bf16: ${reason}`,
    { details: error?.details, cause: error?.cause, advice: oneDnnAdvice('bf16') },
  )
}

/** Replaces the advice to turn oneDNN off, for a crash of a model that crashes without it too. */
export function withoutOneDnnAdvice(error: unknown): unknown {
  return error instanceof PaddleError && oneDnnSuspicion(error) === 'crash'
    ? error.with({ advice: crashAdvice })
    : error
}

const crashAdvice: Wording = {
  library:
    'It crashes without oneDNN too: compare the feeds with the `inputs` of the model, or export the model again.',
  command:
    'It crashes without oneDNN too: compare what it is fed with its inputs, which paddle-ts inspect lists, or export it again.',
}
