import type { PredictorWarning } from '../../inference/index.js'
import { describeInFlags } from '../flags/flag-errors.js'
import { logNote } from './print.js'

/** Writes a warning to standard error, apart from the results. */
export function logWarning(warning: PredictorWarning): void {
  logNote(`Warning: ${describeInFlags(warning)}\n`)
}
