import { inspect } from 'node:util'
import type { CommandName } from '../commands/argv.js'
import { describeInFlags, messageInFlags } from '../commands/flags/flag-errors.js'
import { codeOf, isCallerError, PaddleError } from '../errors.js'
import { UsageError } from './usage-error.js'

export interface Failure {
  /** The text for standard error. */
  readonly text: string
  readonly exitCode: number
}

/**
 * Describes an error. Only unexpected errors include a stack.
 *
 * @param command - the command of the line, if it names one
 */
export function describeFailure(error: unknown, command?: CommandName): Failure {
  if (error instanceof UsageError) {
    return {
      text: `${error.message}\nSee: paddle-ts ${command === undefined ? '' : `${command} `}--help`,
      exitCode: 2,
    }
  }
  if (error instanceof PaddleError) return { text: describeInFlags(error), exitCode: 1 }
  if (isCallerError(error)) return { text: messageInFlags(error), exitCode: 1 }
  if (codeOf(error) === 'EPIPE') return { text: '', exitCode: 1 }
  return { text: inspect(error), exitCode: 1 }
}
