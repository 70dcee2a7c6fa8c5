/**
 * Every code that a {@link PaddleError} can carry, with what it means.
 * `docs/errors.md` has a section for each.
 */
export const errorCodes = {
  ABORTED: 'The caller’s `signal` ended the work.',
  TIMEOUT: 'The work took longer than `timeoutMs`.',

  PLATFORM_UNSUPPORTED: 'The platform has no Paddle wheel that paddle-ts can drive.',
  PYTHON_NOT_FOUND: 'No suitable Python interpreter was found, or the one named does not run.',
  PYTHON_TOO_OLD: 'The Python interpreter is older or newer than the wheel takes.',
  PYTHON_NO_VENV: 'The Python interpreter lacks the venv or ensurepip module.',
  ENVIRONMENT_NOT_READY: 'The managed Python has not been made yet.',
  ENVIRONMENT_NO_NETWORK: 'The package index could not be reached.',
  ENVIRONMENT_NO_SPACE: 'The disk is full.',
  ENVIRONMENT_UNWRITABLE: 'The folder of the managed Python cannot be written.',
  ENVIRONMENT_GPU_SOURCE_MISSING:
    'A GPU wheel was asked for without the index or the file that it comes from.',
  ENVIRONMENT_WHEEL_INVALID: 'The wheel file is missing, damaged, or not for this Python and platform.',
  ENVIRONMENT_INSTALL_FAILED: 'pip could not install the packages.',
  PADDLE_NOT_INSTALLED: 'The Python interpreter has no paddle package.',
  PADDLE_IMPORT_FAILED: 'The paddle package is there but cannot be imported.',
  PADDLE_CPU_UNSUPPORTED: 'The CPU lacks an instruction set that the wheel needs.',

  MODEL_NOT_FOUND: 'There is no model at the path.',
  MODEL_PARAMS_NOT_FOUND: 'The model has parameters, but no file that holds them.',
  MODEL_LOAD_FAILED: 'Paddle could not load the model.',
  MODEL_CONFIG_INVALID: 'The inference.yml beside the model is not valid.',
  MODEL_UNSUITABLE: 'The inputs or outputs of the model do not fit the task.',
  LABELS_INVALID: 'The labels file cannot be used.',

  CONFIG_UNSUPPORTED: 'The wheel has no such method of Config.',
  CONFIG_INVALID: 'Paddle refused a setting of the Config.',
  DEVICE_UNAVAILABLE: 'The device that was asked for cannot be used.',
  ENGINE_UNAVAILABLE: 'The engine that was asked for is not in the wheel, or cannot be used.',
  PRECISION_UNAVAILABLE: 'The CPU or the network cannot compute in the precision that was asked for.',
  PREPARE_FAILED: 'The Python function that was to prepare the Config is not there, or failed.',
  RUN_FAILED: 'Paddle raised an error during the run.',
  DTYPE_UNSUPPORTED: 'A tensor has a type that paddle cannot be fed.',
  OUTPUT_UNSUPPORTED: 'The model put out a type that cannot be read from the wheel.',
  RUN_IN_WRITE: 'A feed’s `write` ran the predictor that it writes for.',
  PREDICTOR_CLOSED: 'The predictor or the pool was closed.',
  POOL_FAILED: 'Worker after worker of the pool has ended without an answer.',
  QUEUE_FULL: 'More runs wait for the pool than `maxQueue` allows.',
  WORKER_DIED: 'The worker process ended unexpectedly.',
  WORKER_START_FAILED: 'The worker process could not be started.',
  TENSOR_CLOSED: 'The allocated tensor was closed.',
  SHARED_MEMORY_FAILED: 'Shared memory could not be had from the system.',

  CONVERT_FAILED: 'The model could not be converted.',
  CONVERT_TARGET_UNUSABLE: 'The converted files cannot be written.',

  EXPORT_FAILED: 'The network could not be exported.',
  EXPORT_TARGET_UNUSABLE: 'The exported files cannot be written into the folder.',
  EXPORT_UNKNOWN_MODEL: 'There is no network of that name.',
  EXPORT_NETWORK_INVALID: 'The network of one’s own could not be loaded or made.',
  EXPORT_INPUTS_INVALID: 'The inputs that were described are not those of the network.',
  EXPORT_FORMAT_UNSUPPORTED: 'The wheel cannot write the network in that format.',
  EXPORT_WEIGHTS_INVALID: 'The weights cannot be loaded into the network.',
  EXPORT_DOWNLOAD_FAILED: 'The pretrained weights could not be downloaded.',

  IMAGE_NOT_FOUND: 'There is no image at the path.',
  IMAGE_UNREADABLE: 'The file is not an image that can be decoded.',
  IMAGE_TOO_LARGE: 'The image has more pixels than `maxPixels` allows, or takes more memory than there is.',
  IMAGE_QUARANTINED: 'The worker that ran the image ended, again and again.',
  IMAGE_TOO_SMALL: 'The image, as it was resized, is smaller than the part to be cropped.',

  REFERENCE_UNAVAILABLE: 'The Python lacks a package that plain Python needs beside paddle.',
  REFERENCE_FAILED: 'Plain Python, which results are compared with, failed or ended.',

  FILE_NOT_WRITTEN: 'The file or folder that answers go to cannot be written.',
  RESUME_REFUSED: 'The answers in the file cannot be gone on with.',
} as const

/** The stable identifier of a failure; see `docs/errors.md`. */
export type ErrorCode = keyof typeof errorCodes

/** How the Python process ended that a failure is about. */
export interface DeathDetails {
  /** The signal that ended it: `SIGSEGV`. */
  readonly signal: NodeJS.Signals | null
  readonly exitCode: number | null
  /** What it was needed for: `create`, `run`. */
  readonly during: string
}

/**
 * A failure at run time. `code` is stable; `message` says what failed with the actual values, why, and, on
 * its last line, what to do. A caller's mistake (a wrong type or value) is a `TypeError` or `RangeError`
 * instead.
 */
export class PaddleError extends Error {
  override readonly name = 'PaddleError'
  readonly code: ErrorCode
  /** How the Python process ended, where that is what failed (WORKER_DIED, …); undefined for every other failure. */
  readonly details: DeathDetails | undefined
  readonly #makeReport: (() => string) | undefined
  #report: string | undefined

  constructor(
    code: ErrorCode,
    message: string,
    {
      cause,
      details,
      report,
    }: { cause?: unknown; details?: DeathDetails | undefined; report?: (() => string) | undefined } = {},
  ) {
    // A cause that is there but undefined would be shown.
    super(message, cause === undefined ? undefined : { cause })
    this.code = code
    this.details = details
    this.#makeReport = report
  }

  /**
   * When a process has ended unexpectedly: a text for a bug report, with versions, the CPU, the model's description, the Config, what was being
   * done, and the last lines that the process wrote. Folders, the user's name, what was fed and what looks like a secret are left out; read it
   * all the same before you publish it. Made when it is first asked for.
   */
  get report(): string | undefined {
    this.#report ??=
      this.#makeReport?.() ?? (this.cause instanceof PaddleError ? this.cause.report : undefined)
    return this.#report
  }
}

/** What is wrong with an argument. */
export interface ArgumentDetails {
  /** Its path: `tensorRt.maxBatchSize`. */
  readonly argument: string
  /** What it has to be: `a positive integer`. */
  readonly expected: string
  readonly got: unknown
}

class WrongType extends TypeError {
  constructor(readonly details: ArgumentDetails) {
    super(expectation(details))
  }
}

class WrongValue extends RangeError {
  constructor(readonly details: ArgumentDetails) {
    super(expectation(details))
  }
}

/** The one wording for a wrong argument: ``Expected a positive integer for `cpuThreads`, got `0` (number).`` */
function expectation({ argument, expected, got }: ArgumentDetails): string {
  return `Expected ${expected} for \`${argument}\`, got ${describe(got)}.`
}

/** A `TypeError` for an argument of the wrong type. */
export function wrongType(argument: string, expected: string, got: unknown): TypeError {
  return new WrongType({ argument, expected, got })
}

/** A `RangeError` for an argument of the right type whose value cannot be used. */
export function wrongValue(argument: string, expected: string, got: unknown): RangeError {
  return new WrongValue({ argument, expected, got })
}

/** What is wrong with an argument, where that is what the error says. */
export function argumentDetailsOf(error: unknown): ArgumentDetails | undefined {
  return error instanceof WrongType || error instanceof WrongValue ? error.details : undefined
}

/** Throws when there is an option that nobody knows: most likely a slip of the pen. */
export function checkNames(options: object, names: readonly string[]): void {
  for (const name of Object.keys(options)) {
    if (!names.includes(name)) {
      throw new TypeError(`Unknown option \`${name}\`. The options are ${names.join(', ')}.`)
    }
  }
}

function describe(value: unknown): string {
  switch (typeof value) {
    case 'string':
    case 'number':
    case 'boolean':
      return `\`${value}\` (${typeof value})`
    case 'bigint':
      return `\`${value}n\` (bigint)`
    case 'object':
      if (value === null) return 'null'
      return Array.isArray(value)
        ? 'an array'
        : `an object (${Object.prototype.toString.call(value).slice(8, -1)})`
    default:
      return value === undefined ? 'undefined' : `a ${typeof value}`
  }
}

/** Throws unless `value` is an integer from `least` on. */
export function checkInteger(
  name: string,
  value: unknown,
  least: number,
  expected = least > 0 ? 'a positive integer' : 'a non-negative integer',
): void {
  if (typeof value !== 'number') throw wrongType(name, expected, value)
  if (!Number.isSafeInteger(value) || value < least) throw wrongValue(name, expected, value)
}

/** Throws unless `value` is a text that is not empty; whether something lies there is seen later. */
export function checkPath(name: string, expected: string, value: unknown): void {
  if (typeof value !== 'string' || value === '') throw wrongType(name, expected, value)
}

/** Throws unless `value` is one of these words. */
export function checkOneOf(
  name: string,
  values: readonly string[],
  value: unknown,
  expected = values.map((each) => `\`${each}\``).join(' or '),
): asserts value is string {
  if (typeof value !== 'string') throw wrongType(name, expected, value)
  if (!values.includes(value)) throw wrongValue(name, expected, value)
}

/** A line of another program for a message: quoted, and cut to its beginning. */
export function quoted(line: string): string {
  return JSON.stringify(beginningOf(line, shownOfLine)) + (line.length > shownOfLine ? ' …' : '')
}

const shownOfLine = 80

/** At most so many UTF-16 units from the start of a text, with no character cut in half. */
export function beginningOf(text: string, most: number): string {
  return text.slice(0, most).replace(/[\uD800-\uDBFF]$/, '')
}

/** At most so many UTF-16 units from the end of a text, with no character cut in half. */
export function endOf(text: string, most: number): string {
  return text.slice(-most).replace(/^[\uDC00-\uDFFF]/, '')
}

/** The error for work that the caller's signal has ended; `what` begins the sentence. */
export function abortedBy(signal: AbortSignal, what: string): PaddleError {
  return new PaddleError('ABORTED', `${what} was aborted by its signal.`, { cause: signal.reason })
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return typeof error === 'object' && error !== null && 'message' in error
    ? String(error.message)
    : String(error)
}

/** The `code` of anything thrown (`ENOENT`, `MODEL_NOT_FOUND`, …), if it has one. */
export function codeOf(error: unknown): string | undefined {
  return typeof error === 'object' && error !== null && 'code' in error && typeof error.code === 'string'
    ? error.code
    : undefined
}
