import { inspect } from 'node:util'
import { describeInFlags, messageInFlags } from '../commands/flags/flag-errors.js'
import { codeOf, isCallerError, PaddleError } from '../errors.js'
import { UsageError } from './parser.js'

export interface Failure {
  /** What stderr gets. */
  readonly text: string
  readonly exitCode: number
}

/** A user's mistake is told in its own words; only an error that nobody foresaw shows its stack. */
export function describeFailure(error: unknown): Failure {
  if (error instanceof UsageError) {
    return { text: `${error.message}\nSee: paddle-ts --help, paddle-ts <command> --help`, exitCode: 2 }
  }
  if (error instanceof PaddleError) return { text: describeInFlags(error), exitCode: 1 }
  if (isCallerError(error)) return { text: messageInFlags(error), exitCode: 1 }
  if (codeOf(error) === 'EPIPE') return { text: '', exitCode: 1 }
  return { text: inspect(error), exitCode: 1 }
}
