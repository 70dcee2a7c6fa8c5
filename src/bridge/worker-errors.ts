import { errorCodes, PaddleError, type ErrorCode, type ErrorDetails } from '../errors.js'
import { addressSpaceLimit, isOutOfMemory, raiseLimit } from '../out-of-memory.js'
import { wording, type Wording } from '../wording.js'
import type { CreateRequest, EffectiveState, WorkerFailure } from './protocol/control.js'
import type { Death } from './worker-process.js'

/**
 * Converts an exception of the worker: with its own code if it has one, else with `fallback`, `title` and
 * `advice`.
 */
export function toPaddleError(
  failure: WorkerFailure,
  fallback: ErrorCode,
  title: string,
  advice?: Wording,
): PaddleError {
  const { code, type, message } = failure
  // The message of a WorkerError, which the worker raises itself, needs no further explanation.
  const details = type === 'WorkerError' ? undefined : { exception: { type, message } }
  const known = { details, cause: causeOf(failure) }
  return code !== null && Object.hasOwn(errorCodes, code)
    ? new PaddleError(code as ErrorCode, message, known)
    : new PaddleError(fallback, `${title}: ${type}: ${message}`, { ...known, advice })
}

/** The original exception with its Python traceback. */
function causeOf({ type, traceback }: WorkerFailure): Error {
  const cause = new Error(traceback.trimEnd())
  cause.name = type
  return cause
}

/** The error for an interpreter that the system could not start. */
export function interpreterFailed(interpreter: string, reason: string): PaddleError {
  return new PaddleError('PYTHON_NOT_FOUND', `${interpreter} does not run: ${reason}.`, {
    advice: 'Name a Python that has paddle, or omit it to use the managed one (paddle-ts setup installs it).',
  })
}

/** Signals of native crashes. */
const crashes: readonly (string | null | undefined)[] = ['SIGSEGV', 'SIGABRT', 'SIGILL', 'SIGFPE', 'SIGBUS']

/** Whether a process ended by a native crash. */
export function hasCrashed(death: Pick<ErrorDetails, 'signal'> | undefined): boolean {
  return crashes.includes(death?.signal)
}

/** More address space than this does not end a worker that says nothing about memory. */
const ampleSpace = 64 * 2 ** 30

/** Whether a process ended, or may have ended, because a limit of the address space left it no memory. */
export function mayLackMemory(
  death: Pick<ErrorDetails, 'signal' | 'exitCode' | 'output'> | undefined,
): boolean {
  const limit = addressSpaceLimit()
  if (limit === undefined) return false
  if (isOutOfMemory(death?.output ?? '')) return true
  return limit.bytes < ampleSpace && (hasCrashed(death) || (death?.exitCode ?? 0) !== 0)
}

/** What is known about a worker that has ended. */
interface DeathCircumstances extends Partial<Pick<EffectiveState, 'oneDnn' | 'precision'>> {
  /** The advice for a process that served a single call. */
  readonly again?: Wording
}

/**
 * The error for a worker that ended while it was needed.
 *
 * @param during - the operation that needed it; undefined if it was idle
 */
export function deathError(
  code: ErrorCode,
  during: string | undefined,
  model: string,
  death: Death | undefined,
  circumstances: DeathCircumstances = {},
): PaddleError {
  const { oneDnn, again = usualRemedy } = circumstances
  const doing = during === undefined ? 'while it was idle' : `during \`${during}\``
  const details = death && {
    ...{ signal: death.signal, exitCode: death.exitCode },
    ...(during !== undefined && { during }),
  }
  if (death?.broken !== undefined) {
    const what = `The worker broke the protocol ${doing} (${model}): ${death.broken}.`
    return new PaddleError(code, what, { details, advice: again })
  }
  const how = death?.signal ?? `exit code ${String(death?.exitCode)}`
  const short = `The worker died with ${how} ${doing}`
  const where = oneDnn === undefined ? model : `${model}, oneDNN ${oneDnn ? 'on' : 'off'}`
  const limit = mayLackMemory(death)
    ? ` Its address space is limited: ${addressSpaceLimit()?.text ?? ''}.`
    : ''
  return new PaddleError(code, `${short} (${where}).${limit}`, {
    short: `${short}.`,
    details: { ...details, output: death?.output ?? '' },
    advice: during === undefined ? idleAdvice(death) : adviceFor(death, circumstances),
  })
}

const usualRemedy = { library: 'Create the predictor again.', command: 'Run the command again.' }

/** Neither the feeds nor oneDNN can be the cause. */
function idleAdvice(death: Death | undefined): Wording {
  return death?.signal === 'SIGKILL'
    ? 'It was killed, perhaps because the system ran out of memory: free memory.'
    : usualRemedy
}

function adviceFor(
  death: Death | undefined,
  { oneDnn, precision = 'fp32', again }: DeathCircumstances,
): Wording {
  if (mayLackMemory(death)) return `${raiseLimit}, or feed smaller batches.`
  if (death?.signal === 'SIGKILL') {
    return 'It was killed, perhaps because the system ran out of memory: feed smaller batches, or free memory.'
  }
  // A single call has no oneDNN to turn off.
  if (again !== undefined) return again
  if (oneDnn === false || !hasCrashed(death)) return usualRemedy
  return oneDnnAdvice(precision)
}

/**
 * How to run without oneDNN; for a precision that oneDNN provides, how to run without that precision, so that
 * the fallback becomes available.
 */
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

/** Calls that a predictor makes for every set of options. */
const usual = ['disableGpu', 'setCpuMathLibraryNumThreads', 'enableMemoryOptim']

/** Advice for a model that paddle cannot load: the cause may be the model or the calls on its Config. */
export function loadAdvice(calls: CreateRequest['calls'], paddle: string): Wording {
  const asked = [...new Set(calls.map(({ name }) => name))].filter((name) => !usual.includes(name))
  const library = asked.length === 0 ? 'Export' : `Try it without ${asked.join(', ')}, or export`
  const command =
    asked.length === 0 ? 'Export' : 'Try it without the flags that change how the network runs, or export'
  return [{ library, command }, ` the model again, with a version of paddle no newer than ${paddle}.`]
}
