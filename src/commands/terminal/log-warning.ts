import type { PredictorWarning } from '../../inference/index.js'
import { describeInFlags } from '../flags/flag-errors.js'
import { logNote } from './stderr-log.js'

/** Puts a warning on stderr: it must not stand among the answers. */
export function logWarning(warning: PredictorWarning): void {
  logNote(`Warning: ${describeInFlags(warning)}\n`)
}
