import { codeOf } from '../../errors.js'

/** Why a write fails, where there is more to say than the code. */
const reasons: Readonly<Record<string, string>> = {
  ENOSPC: 'the disk is full',
  EDQUOT: 'the quota of the disk is used up',
  EFBIG: 'a file may not be larger: ulimit -f',
}

/** Why something could not be written: `(EACCES)`, `(ENOSPC): the disk is full`. */
export function writeFailureReason(error: unknown): string {
  const code = codeOf(error) ?? 'unknown error'
  const reason = reasons[code]
  return reason === undefined ? `(${code})` : `(${code}): ${reason}`
}
