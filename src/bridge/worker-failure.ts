import { errorCodes, PaddleError, type ErrorCode } from '../errors.js'
import type { CreateRequest, EffectiveState, WorkerFailure } from './protocol.js'
import type { Death } from './worker-process.js'

/** The worker's exception as ours: its own code where it gave one, else `fallback`, under `title`. */
export function fromWorker(failure: WorkerFailure, fallback: ErrorCode, title: string): PaddleError {
  const { code, type, message } = failure
  return code !== null && Object.hasOwn(errorCodes, code)
    ? new PaddleError(code as ErrorCode, message, { cause: causeOf(failure) })
    : new PaddleError(fallback, `${title}: ${type}: ${message}`, { cause: causeOf(failure) })
}

/** The exception itself, with its stack in Python. */
export function causeOf({ type, traceback }: WorkerFailure): Error {
  const cause = new Error(traceback.trimEnd())
  cause.name = type
  return cause
}

/** The error for an interpreter that the system could not start. */
export function notStarted(interpreter: string, reason: string): PaddleError {
  return new PaddleError(
    'PYTHON_NOT_FOUND',
    `${interpreter} does not run: ${reason}.\n` +
      'Name a Python that has paddle, or none for the managed one (paddle-ts setup makes it).',
  )
}

/** Signals by which a process ends for a fault of native code. */
const crashes: readonly (string | null | undefined)[] = ['SIGSEGV', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGBUS']

/** Whether a process has ended by a fault of native code. */
export function hasCrashed(death: Pick<Death, 'signal'> | undefined): boolean {
  return crashes.includes(death?.signal)
}

/** What is known of a worker that has ended. */
interface DeathCircumstances extends Partial<Pick<EffectiveState, 'oneDnn' | 'precision'>> {
  /** What to do about the end of a process that was there for one call. */
  readonly again?: string
}

/** The error for a worker that has ended while it was needed. */
export function deathError(
  code: ErrorCode,
  during: string,
  model: string,
  death: Death | undefined,
  circumstances: DeathCircumstances = {},
): PaddleError {
  const { oneDnn, again = usualRemedy } = circumstances
  const known = death && { details: { signal: death.signal, exitCode: death.exitCode, during } }
  if (death?.broken !== undefined) {
    return new PaddleError(
      code,
      `The worker broke the protocol during \`${during}\` (${model}): ${death.broken}.\n${again}`,
      known,
    )
  }
  const how = death?.signal ? `with ${death.signal}` : `with exit code ${String(death?.exitCode)}`
  const where = oneDnn === undefined ? model : `${model}, oneDNN ${oneDnn ? 'on' : 'off'}`
  const output = death?.output ? `Last lines of its output:\n${death.output}` : 'It wrote nothing.'
  return new PaddleError(
    code,
    `The worker died ${how} during \`${during}\` (${where}). ${output}\n${remedyFor(death, circumstances)}`,
    known,
  )
}

const usualRemedy = 'Create the predictor again.'

function remedyFor(
  death: Death | undefined,
  { oneDnn, precision = 'fp32', again }: DeathCircumstances,
): string {
  if (death?.signal === 'SIGKILL') {
    return 'Something has killed it, the system perhaps for want of memory: feed smaller batches, or free memory.'
  }
  // A single call has no oneDNN to be turned off.
  if (again !== undefined) return again
  if (oneDnn === false || !hasCrashed(death)) return usualRemedy
  return (
    withoutPrecision(precision) ??
    'Try it without oneDNN: `oneDnn: false`, disableOnednn() of the Config, or --no-one-dnn.'
  )
}

/** How to leave out what oneDNN is to compute in, without which it turns itself off where it fails; undefined where that is nothing. */
export function withoutPrecision(precision: 'bf16' | 'int8'): string
export function withoutPrecision(precision: EffectiveState['precision']): string | undefined
export function withoutPrecision(precision: EffectiveState['precision']): string | undefined {
  const method = { bf16: 'enableOnednnBfloat16', int8: 'enableOnednnInt8', fp16: undefined, fp32: undefined }[
    precision
  ]
  return (
    method &&
    `Leave ${precision} out: \`precision: 'fp32'\`, a Config without ${method}(), or --precision fp32.`
  )
}

/** Calls that every predictor of the options form makes. */
const usual = ['disableGpu', 'setCpuMathLibraryNumThreads', 'enableMemoryOptim']

/** What to do about a model that paddle cannot load: it, or what was asked of its Config, may be the cause. */
export function loadRemedy(calls: CreateRequest['calls'], paddle: string): string {
  const asked = [...new Set(calls.map(({ name }) => name))].filter((name) => !usual.includes(name))
  const without = asked.length === 0 ? 'Export' : `Try it without ${asked.join(', ')}, or export`
  return `${without} the model again, with a version of paddle no newer than ${paddle}.`
}
