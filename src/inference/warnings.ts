import type { ErrorCode } from '../errors.js'

/** What a warning can be about, beside the codes of errors that `strict: false` makes warnings of. */
export const warningCodes = {
  ONEDNN_DISABLED: 'The model cannot be used with oneDNN; it was made again without it.',
  MODEL_AMBIGUOUS: 'The folder holds several models; one was taken.',
} as const

/** Something that its user should know, and that did not stop the work. */
export interface PredictorWarning {
  readonly code: keyof typeof warningCodes | ErrorCode
  readonly message: string
}

export type WarningListener = (warning: PredictorWarning) => void

/** Tells a warning; where nobody listens, Node does, on stderr, as of its own (`process.on('warning')`). */
export function warn(listener: WarningListener | undefined, { code, message }: PredictorWarning): void {
  if (listener) listener({ code, message })
  else process.emitWarning(message, { type: 'PaddleWarning', code })
}
