import { inspect } from 'node:util'
import { codeOf, messageOf, PaddleError } from '../errors.js'

export interface Failure {
  /** What stderr gets. */
  readonly text: string
  readonly exitCode: number
}

/** The command line is wrong. */
export class UsageError extends Error {
  override readonly name = 'UsageError'
}

/** A user's mistake is told in its own words; only an error that nobody foresaw shows its stack. */
export function describeFailure(error: unknown): Failure {
  if (isUsageError(error)) {
    return { text: `${messageOf(error)}\nSee: paddle-ts --help, paddle-ts <command> --help`, exitCode: 2 }
  }
  if (error instanceof PaddleError) return { text: `${error.message}\n[${error.code}]`, exitCode: 1 }
  if (isWrongArgument(error)) return { text: messageOf(error), exitCode: 1 }
  if (codeOf(error) === 'EPIPE') return { text: '', exitCode: 1 }
  return { text: inspect(error), exitCode: 1 }
}

/** yargs' own class, for what a `coerce` refuses, is known by its name alone: it is not exported. */
function isUsageError(error: unknown): boolean {
  return error instanceof UsageError || (error instanceof Error && error.name === 'YError')
}

/**
 * What `wrongType` and `wrongValue` make, whose messages are sentences. A TypeError of the engine itself ends without a full
 * stop: it is a bug, and its stack is wanted.
 */
function isWrongArgument(error: unknown): error is TypeError | RangeError {
  if (!(error instanceof TypeError || error instanceof RangeError)) return false
  return error.message.split('\n', 1)[0]?.endsWith('.') ?? false
}
