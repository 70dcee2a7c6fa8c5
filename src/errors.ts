import type { ErrorCode } from './error-codes.js'
import type { ErrorDetails } from './error-details.js'
import { beginningOf, cutAdvice, cutText, cutWording, keepWording, say, type Wording } from './wording.js'

export { errorCodes, type ErrorCode } from './error-codes.js'
export type { ErrorDetails, FedTensor } from './error-details.js'
export { beginningOf, endOf } from './wording.js'

/** The optional parts of an error, besides its code and what failed. */
export interface ErrorParts {
  /** What failed, without the context, if that is not the first line. */
  readonly short?: string | undefined
  /** What to do. */
  readonly advice?: Wording | undefined
  readonly details?: ErrorDetails | undefined
  readonly cause?: unknown
  readonly report?: (() => string) | undefined
}

/**
 * A failure at run time. `code` is stable. `message` contains what failed with the actual values, why and, on
 * its last line, what to do. A caller's mistake (a wrong type or value) is a `TypeError` or `RangeError`
 * instead.
 */
export class PaddleError extends Error {
  override readonly name = 'PaddleError'
  readonly code: ErrorCode
  /**
   * What is known about the failure, as values; undefined if nothing is. `docs/errors.md` lists the details
   * of each code.
   */
  readonly details: ErrorDetails | undefined
  readonly #what: string
  readonly #parts: ErrorParts
  readonly #reason: string
  #report: string | undefined

  constructor(code: ErrorCode, what: string, parts: ErrorParts = {}) {
    const { details, cause } = parts
    const advice = parts.advice === undefined ? undefined : cutWording(parts.advice, cutAdvice)
    const shortWhat = cutText(what)
    const reason = shortWhat + detailsText(details)
    const wording = advice === undefined ? reason : [reason, '\n', advice]
    // A cause that is set to undefined would be displayed.
    super(say(wording), cause === undefined ? undefined : { cause })
    keepWording(this, wording)
    this.code = code
    this.details = details
    this.#what = shortWhat
    this.#parts = { ...parts, advice, ...(parts.short !== undefined && { short: cutText(parts.short) }) }
    this.#reason = reason
  }

  /** What failed, in one line, without the details and the advice of `message`. */
  get shortMessage(): string {
    return this.#parts.short ?? firstLine(this.#what)
  }

  /** What failed and why: `message` without the advice. */
  get reason(): string {
    return this.#reason
  }

  /** What to do; undefined if there is no advice, or if the Python process has put it into the reason. */
  get advice(): Wording | undefined {
    return this.#parts.advice
  }

  /**
   * The crash report of a process that ended unexpectedly: versions, the CPU, the description of the model,
   * the Config, the current operation, and the last lines of the process's output. Folders, the user's name,
   * the feeds and anything that looks like a secret are removed; review it all the same before you publish
   * it. Created on first access.
   */
  get report(): string | undefined {
    this.#report ??=
      this.#parts.report?.() ?? (this.cause instanceof PaddleError ? this.cause.report : undefined)
    return this.#report
  }

  /** Returns the same failure with more details. */
  with({ details, ...more }: ErrorParts): PaddleError {
    const known = details ? { ...this.details, ...details } : this.details
    return new PaddleError(this.code, this.#what, { ...this.#parts, ...more, details: known })
  }
}

/** The details for a message, between what failed and what to do. */
function detailsText({ output, tries, fed }: ErrorDetails = {}): string {
  const shown = fed?.map(
    ({ name, dtype, shape, declared, lod }) =>
      `\`${name}\` ${dtype} [${shape.join(',')}]${lodText(lod)}, declared [${declared.join(',')}]`,
  )
  return [
    output === undefined
      ? ''
      : output === ''
        ? ' It wrote nothing.'
        : ` Last lines of its output:\n${output}`,
    tries === undefined ? '' : `\nThe run was tried ${tries} times.`,
    shown ? `\nIt was fed: ${shown.join('; ')}.` : '',
  ].join('')
}

/** A LoD in a message: long levels are cut to their beginning and end. */
function lodText(lod: readonly (readonly number[])[] | undefined): string {
  if (lod === undefined || lod.length === 0) return ''
  const levels = lod.map((level) => {
    const shown = level.length > shownOffsets ? [...level.slice(0, shownOffsets), '…', level.at(-1)] : level
    return `[${shown.join(',')}]`
  })
  return ` with the LoD [${levels.join(',')}]`
}

const shownOffsets = 8

/** An invalid argument. */
export interface ArgumentDetails {
  /** Its path: `tensorRt.maxBatchSize`. */
  readonly argument: string
  /** What it must be: `a positive integer`. */
  readonly expected: Wording
  readonly got: unknown
}

/**
 * Callers' mistakes: any other `TypeError` or `RangeError` is a bug. The details are not properties of the
 * error, because the value that was given does not belong in logs.
 */
const callersMistakes = new WeakMap<object, ArgumentDetails | undefined>()

function callersMistake<Mistake extends Error>(
  mistake: Mistake,
  wording: Wording,
  details?: ArgumentDetails,
): Mistake {
  callersMistakes.set(mistake, details)
  return keepWording(mistake, wording)
}

/** A `TypeError` for a caller's mistake. */
export function callerTypeError(given: Wording, details?: ArgumentDetails): TypeError {
  const wording = cutWording(given)
  return callersMistake(new TypeError(say(wording)), wording, details)
}

/** A `RangeError` for a caller's mistake. */
export function callerRangeError(given: Wording, details?: ArgumentDetails): RangeError {
  const wording = cutWording(given)
  return callersMistake(new RangeError(say(wording)), wording, details)
}

/** Whether an error reports a caller's mistake. */
export function isCallerError(error: unknown): error is TypeError | RangeError {
  return typeof error === 'object' && error !== null && callersMistakes.has(error)
}

/**
 * The one message for an invalid argument: ``Expected a positive integer for `cpuThreads`, got `0`
 * (number).``
 */
function expectation({ argument, expected, got }: ArgumentDetails): Wording {
  return ['Expected ', expected, ` for \`${argument}\`, got ${describe(got)}.`]
}

/** A `TypeError` for an argument of the wrong type. */
export function wrongType(argument: string, expected: Wording, got: unknown): TypeError {
  const details = { argument, expected, got }
  return callerTypeError(expectation(details), details)
}

/** A `RangeError` for an argument of the right type with an invalid value. */
export function wrongValue(argument: string, expected: Wording, got: unknown): RangeError {
  const details = { argument, expected, got }
  return callerRangeError(expectation(details), details)
}

/** The invalid argument, if the error reports one. */
export function argumentDetailsOf(error: unknown): ArgumentDetails | undefined {
  return isCallerError(error) ? callersMistakes.get(error) : undefined
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
      return value.length > shownOfValue
        ? `\`${shownValue(value)}\` (string of ${value.length} characters)`
        : `\`${value}\` (string)`
    case 'number':
    case 'boolean':
      return `\`${value}\` (${typeof value})`
    case 'bigint':
      return `\`${shownValue(`${value}n`)}\` (bigint)`
    case 'object':
      if (value === null) return 'null'
      if (Object.prototype.toString.call(value) === '[object URL]')
        return `\`${shownValue((value as URL).href)}\` (URL)`
      return Array.isArray(value)
        ? 'an array'
        : `an object (${Object.prototype.toString.call(value).slice(8, -1)})`
    default:
      return value === undefined ? 'undefined' : `a ${typeof value}`
  }
}

/** A longer value is cut in a message. */
const shownOfValue = 200

/** The beginning of a value that was given, for a message. */
export function shownValue(text: string): string {
  return text.length > shownOfValue ? `${beginningOf(text, shownOfValue)}…` : text
}

/** Quotes a line of another program for a message, truncated to its beginning. */
export function quoted(line: string): string {
  return JSON.stringify(beginningOf(line, shownOfLine)) + (line.length > shownOfLine ? ' …' : '')
}

const shownOfLine = 80

/** The error for work that the caller's signal has aborted; `what` begins the sentence. */
export function abortedBy(signal: AbortSignal, what: string): PaddleError {
  return new PaddleError('ABORTED', `${what} was aborted by its signal.`, { cause: signal.reason })
}

/** Throws if the caller's signal has fired; `what` begins the sentence. @throws PaddleError ABORTED */
export function throwIfAborted(signal: AbortSignal | undefined, what: string): void {
  if (signal?.aborted) throw abortedBy(signal, what)
}

/** The message of anything thrown. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error)
}

/** The first line of the message of anything thrown; for a PaddleError, its short message. */
export function shortMessageOf(error: unknown): string {
  return error instanceof PaddleError ? error.shortMessage : firstLine(messageOf(error))
}

function firstLine(text: string): string {
  return text.split('\n', 1).join('')
}

/** The `code` of anything thrown (`ENOENT`, `MODEL_NOT_FOUND`, …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}
