import type { z } from 'zod'
import { beginningOf, PaddleError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { wording, type Wording } from '../wording.js'

/** The advice for a model that no task runs. */
const ownSteps: Wording = {
  library: 'Run the model in a `Pipeline`, with `preprocess` and `postprocess` of your own.',
  command: 'Run the model from TypeScript: a Pipeline takes steps of your own.',
}

const compare = 'Compare it with the file that was exported with the model.'

/** An invalid configuration. The message reads on from the name of the file. */
export class ConfigMismatch extends Error {
  override readonly name = 'ConfigMismatch'

  /** @param advice - default: to compare the file with the exported one */
  constructor(
    message: string,
    readonly advice: Wording = compare,
    options?: ErrorOptions,
  ) {
    super(message, options)
  }
}

/** A valid configuration that requires what paddle-ts does not have. The message reads on from the name of the file. */
export class UnsupportedConfig extends ConfigMismatch {
  /** @param advice - default: a pipeline with steps of the caller's own */
  constructor(message: string, advice: Wording = ownSteps) {
    super(message, advice)
  }
}

/** A file for two models that does not say which one it lies beside. The message reads on from the name of the file. */
export class UndecidedSection extends ConfigMismatch {}

/** The error for a configuration that cannot be used. */
export function configError(file: string, cause: ConfigMismatch): PaddleError {
  const { message } = cause
  if (cause instanceof UndecidedSection) {
    const advice: Wording = {
      library: 'Load the model with the class for its kind: `ObjectDetector` or `ImageEmbedder`.',
      command: wording`Say which of them the model is: ${{ option: 'task' }}.`,
    }
    return new PaddleError('MODEL_CONFIG_INVALID', `${file} leaves open how to read the model: ${message}.`, {
      cause,
      advice,
    })
  }
  if (cause instanceof UnsupportedConfig)
    return new PaddleError('MODEL_CONFIG_INVALID', `${file} is not supported: ${message}.`, {
      cause,
      advice: cause.advice,
    })
  return invalidConfigError(file, message, cause, cause.advice)
}

/** The error for a configuration file that is not valid. */
export function invalidConfigError(
  file: string,
  what: string,
  cause?: unknown,
  advice: Wording = compare,
): PaddleError {
  return new PaddleError('MODEL_CONFIG_INVALID', `${file} is not valid: ${what}.`, { cause, advice })
}

/** The error for an operator that is not known; `where` is the section of the file, if there are several. */
export function unknownOperator(name: string, known: readonly string[], where = ''): ConfigMismatch {
  const near = nearestName(name, known)
  return new ConfigMismatch(
    `the operator ${name}${where} is unknown, known are ${known.join(', ')}`,
    near === undefined
      ? [compare, ' If the operator is there too, it is not supported. ', ownSteps]
      : `Did you mean ${near}?`,
  )
}

/** YAML terms for the types that zod reports as `expected`. */
const nouns: Readonly<Record<string, string>> = {
  array: 'a list',
  boolean: 'true or false',
  int: 'an integer',
  number: 'a number',
  object: 'a mapping',
  record: 'a mapping',
  string: 'a string',
}

/** Zod's `error` function for a value of a file: what was expected and what was found. */
export function describeZodIssue(issue: z.core.$ZodRawIssue): string | undefined {
  switch (issue.code) {
    case 'invalid_type':
      return `expected ${nouns[issue.expected] ?? issue.expected}, got ${shown(issue.input)}`
    case 'invalid_value':
      return `expected ${issue.values.map((value) => JSON.stringify(value)).join(' or ')}, got ${shown(issue.input)}`
    case 'too_small':
      return bounded(issue.inclusive === true ? 'at least' : 'more than', issue.minimum, issue.input)
    case 'too_big':
      return bounded(issue.inclusive === true ? 'at most' : 'less than', issue.maximum, issue.input)
    case 'unrecognized_keys':
      return `${issue.keys.join(', ')} ${issue.keys.length > 1 ? 'are' : 'is'} unknown, known are ${knownTo(issue.inst).join(', ') || 'none'}`
    default:
      return undefined
  }
}

/** Zod's `error` function for a value whose types have a name of their own, such as a union. */
export function expecting(what: string): (issue: z.core.$ZodRawIssue) => string {
  return ({ input }) => `expected ${what}, got ${shown(input)}`
}

/** @returns undefined for a bound on anything but a number: zod's own message is used */
function bounded(how: string, bound: number | bigint, value: unknown): string | undefined {
  return typeof value === 'number' ? `expected ${how} ${bound}, got ${shown(value)}` : undefined
}

function shown(value: unknown): string {
  if (value === undefined) return 'nothing'
  if (Array.isArray(value)) return 'a list'
  if (typeof value === 'object' && value !== null) return 'a mapping'
  const text = typeof value === 'number' ? String(value) : JSON.stringify(value)
  return text.length > 40 ? `${beginningOf(text, 40)}…` : text
}

function knownTo(schema: unknown): string[] {
  const { def } = (schema as { readonly def?: { readonly shape?: object } } | undefined) ?? {}
  return Object.keys(def?.shape ?? {})
}
