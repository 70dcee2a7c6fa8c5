import { errorCodes, PaddleError, type ErrorCode, type ErrorDetails } from '../errors.js'
import { wording, type Wording } from '../wording.js'
import type { CreateRequest, EffectiveState, WorkerFailure } from './protocol.js'
import type { Death } from './worker-process.js'

/** The worker's exception as ours: its own code where it gave one, else `fallback`, under `title`, with `advice`. */
export function toPaddleError(
  failure: WorkerFailure,
  fallback: ErrorCode,
  title: string,
  advice?: string,
): PaddleError {
  const { code, type, message } = failure
  // What the worker finds by itself, before paddle does, is explained by it.
  const details = type === 'WorkerError' ? undefined : { exception: { type, message } }
  const known = { details, cause: causeOf(failure) }
  return code !== null && Object.hasOwn(errorCodes, code)
    ? new PaddleError(code as ErrorCode, message, known)
    : new PaddleError(fallback, `${title}: ${type}: ${message}`, { ...known, advice })
}

/** The exception itself, with its stack in Python. */
function causeOf({ type, traceback }: WorkerFailure): Error {
  const cause = new Error(traceback.trimEnd())
  cause.name = type
  return cause
}

/** The error for an interpreter that the system could not start. */
export function interpreterFailed(interpreter: string, reason: string): PaddleError {
  return new PaddleError('PYTHON_NOT_FOUND', `${interpreter} does not run: ${reason}.`, {
    advice: 'Name a Python that has paddle, or none for the managed one (paddle-ts setup makes it).',
  })
}

/** Signals by which a process ends for a fault of native code. */
const crashes: readonly (string | null | undefined)[] = ['SIGSEGV', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGBUS']

/** Whether a process has ended by a fault of native code. */
export function hasCrashed(death: Pick<ErrorDetails, 'signal'> | undefined): boolean {
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
  const details = death && { signal: death.signal, exitCode: death.exitCode, during }
  if (death?.broken !== undefined) {
    const what = `The worker broke the protocol during \`${during}\` (${model}): ${death.broken}.`
    return new PaddleError(code, what, { details, advice: again })
  }
  const how = death?.signal ?? `exit code ${String(death?.exitCode)}`
  const short = `The worker died with ${how} during \`${during}\``
  const where = oneDnn === undefined ? model : `${model}, oneDNN ${oneDnn ? 'on' : 'off'}`
  return new PaddleError(code, `${short} (${where}).`, {
    short: `${short}.`,
    details: { ...details, output: death?.output ?? '' },
    advice: adviceFor(death, circumstances),
  })
}

const usualRemedy = 'Create the predictor again.'

function adviceFor(
  death: Death | undefined,
  { oneDnn, precision = 'fp32', again }: DeathCircumstances,
): Wording {
  if (death?.signal === 'SIGKILL') {
    return 'Something has killed it, the system perhaps for want of memory: feed smaller batches, or free memory.'
  }
  // A single call has no oneDNN to be turned off.
  if (again !== undefined) return again
  if (oneDnn === false || !hasCrashed(death)) return usualRemedy
  return oneDnnAdvice(precision)
}

/** How to leave oneDNN out; where it is to compute in a precision of its own, how to leave that out, without which it turns itself off where it fails. */
export function oneDnnAdvice(precision: EffectiveState['precision']): Wording {
  const method = { bf16: 'enableOnednnBfloat16', int8: 'enableOnednnInt8', fp16: undefined, fp32: undefined }[
    precision
  ]
  if (method === undefined) {
    const code = '`oneDnn: false`, or disableOnednn() of the Config'
    return wording`Try it without oneDNN: ${{ option: 'oneDnn', value: false, code }}.`
  }
  const code = `\`precision: 'fp32'\`, or a Config without ${method}()`
  return wording`Leave ${precision} out: ${{ option: 'precision', value: 'fp32', code }}.`
}

/** Calls that every predictor of the options form makes. */
const usual = ['disableGpu', 'setCpuMathLibraryNumThreads', 'enableMemoryOptim']

/** What to do about a model that paddle cannot load: it, or what was asked of its Config, may be the cause. */
export function loadAdvice(calls: CreateRequest['calls'], paddle: string): string {
  const asked = [...new Set(calls.map(({ name }) => name))].filter((name) => !usual.includes(name))
  const without = asked.length === 0 ? 'Export' : `Try it without ${asked.join(', ')}, or export`
  return `${without} the model again, with a version of paddle no newer than ${paddle}.`
}
