import type { PredictorWarning } from '../inference/index.js'
import { tellNote } from './notes.js'

/** Puts a warning on stderr: it must not stand among the answers. */
export function showWarning({ code, message }: PredictorWarning): void {
  tellNote(`Warning: ${message}\n[${code}]\n`)
}
