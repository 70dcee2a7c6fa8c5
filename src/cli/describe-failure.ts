import { inspect } from 'node:util'
import { codeOf, messageOf, PaddleError } from '../errors.js'
import { UsageError } from './usage-error.js'

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
  if (error instanceof PaddleError) return { text: `${error.message}\n[${error.code}]`, exitCode: 1 }
  if (isWrongArgument(error)) return { text: messageOf(error), exitCode: 1 }
  if (codeOf(error) === 'EPIPE') return { text: '', exitCode: 1 }
  return { text: inspect(error), exitCode: 1 }
}

/**
 * What `wrongType` and `wrongValue` make, whose messages are sentences. A TypeError of the engine itself ends without a full
 * stop: it is a bug, and its stack is wanted.
 */
function isWrongArgument(error: unknown): error is TypeError | RangeError {
  if (!(error instanceof TypeError || error instanceof RangeError)) return false
  return error.message.split('\n', 1)[0]?.endsWith('.') ?? false
}
