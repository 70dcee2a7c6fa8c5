import { messageOf } from '../../errors.js'

/** One line of the doctor's answer. */
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

export function failure(name: string, detail: string, remedy: string): Check {
  return { name, status: 'failure', detail, remedy }
}

/** An error as a failure: the last line of its message is the remedy. */
export function failed(name: string, error: unknown): Check {
  const lines = messageOf(error).split('\n')
  if (lines.length === 1) return { name, status: 'failure', detail: lines.join('') }
  return failure(name, lines.slice(0, -1).join('\n'), lines.at(-1) ?? '')
}
