import type { ErrorCode } from '../errors.js'
import { keepWording, say, type Wording } from '../wording.js'

/** Something that its user should know, and that did not stop the work. */
export interface PredictorWarning {
  /**
   * `ONEDNN_DISABLED`: the model does not work with oneDNN, and was made again without it. `MODEL_AMBIGUOUS`: its folder holds several
   * models, and one was taken. Others are codes of errors, of which `strict: false` makes warnings.
   */
  readonly code: 'ONEDNN_DISABLED' | 'MODEL_AMBIGUOUS' | ErrorCode
  readonly message: string
  /** In a pool of several models: which one it is about. */
  readonly model?: string
}

export type WarningListener = (warning: PredictorWarning) => void

/** A warning whose message is made of this. */
export function createWarning(code: PredictorWarning['code'], text: Wording): PredictorWarning {
  return keepWording({ code, message: say(text) }, text)
}

/** Tells a warning; where nobody listens, Node does, on stderr, as of its own (`process.on('warning')`). */
export function warn(listener: WarningListener | undefined, warning: PredictorWarning): void {
  if (listener) {
    // Not from here: what a listener throws is its own, and must not break off what is under way.
    queueMicrotask(() => {
      listener(warning)
    })
  } else process.emitWarning(warning.message, { type: 'PaddleWarning', code: warning.code })
}
