import type { ErrorCode } from './errors.js'
import { cutWording, keepWording, say, type Wording } from './wording.js'

/** A problem that does not stop the work. */
export interface PredictorWarning {
  /**
   * `ONEDNN_DISABLED`: the model does not work with oneDNN and was reloaded without it. `MODEL_AMBIGUOUS`:
   * the folder contains several models, and one was chosen. `INPUT_UNFAMILIAR`: inputs do not look like those
   * that the model of the package was trained on. `TEXT_NOT_UTF8`: a text file is not UTF-8 and was read as
   * GB18030. `DIMENSIONS_DIFFER`: a feed differs from a fixed dimension of the program. `PREPROCESSING_ASSUMED`:
   * no file says how to feed a model, and its program declares another size than the tutorial's.
   * `RESULT_NOT_FINITE`: a result has NaN or an infinity. Other codes are error codes that `strict: false` turns
   * into warnings.
   */
  readonly code:
    | 'ONEDNN_DISABLED'
    | 'MODEL_AMBIGUOUS'
    | 'INPUT_UNFAMILIAR'
    | 'TEXT_NOT_UTF8'
    | 'DIMENSIONS_DIFFER'
    | 'PREPROCESSING_ASSUMED'
    | 'RESULT_NOT_FINITE'
    | ErrorCode
  readonly message: string
  /** The name of the model, in a pool of several models. */
  readonly model?: string
}

export type WarningListener = (warning: PredictorWarning) => void

/** Creates a warning with this message. */
export function createWarning(code: PredictorWarning['code'], text: Wording): PredictorWarning {
  const wording = cutWording(text)
  return keepWording({ code, message: say(wording) }, wording)
}

/**
 * Passes the warning to the listener; without one, emits it as a Node warning (`process.on('warning')`,
 * stderr).
 */
export function warn(listener: WarningListener | undefined, warning: PredictorWarning): void {
  if (listener) {
    // Deferred, so that an exception of the listener does not interrupt the work in progress.
    queueMicrotask(() => {
      listener(warning)
    })
  } else process.emitWarning(warning.message, { type: 'PaddleWarning', code: warning.code })
}
