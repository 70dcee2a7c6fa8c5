import { messageOf, PaddleError } from '../../errors.js'
import type { Wording } from '../../wording.js'
import { formatInFlags } from '../flags/flag-errors.js'

/** The result of one check. */
export interface Check {
  readonly name: string
  readonly status: 'ok' | 'warning' | 'failure'
  /** What was found. */
  readonly detail: string
  /** What to do about a warning or a failure. */
  readonly remedy?: string
}

export function ok(name: string, detail: string): Check {
  return { name, status: 'ok', detail }
}

export function warning(name: string, detail: string, remedy: string): Check {
  return { name, status: 'warning', detail, remedy }
}

export function failure(name: string, detail: string, remedy: Wording): Check {
  return { name, status: 'failure', detail, remedy: formatInFlags(remedy) }
}

/** Turns an error into a failure. */
export function failed(name: string, error: unknown): Check {
  const { reason, advice } = error instanceof PaddleError ? error : { reason: messageOf(error) }
  return advice === undefined ? { name, status: 'failure', detail: reason } : failure(name, reason, advice)
}
