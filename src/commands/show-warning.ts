import type { PredictorWarning } from '../inference/index.js'
import { toldInFlags } from './in-flags.js'
import { tellNote } from './notes.js'

/** Puts a warning on stderr: it must not stand among the answers. */
export function showWarning(warning: PredictorWarning): void {
  tellNote(`Warning: ${toldInFlags(warning)}\n`)
}
