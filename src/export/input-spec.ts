import { callerRangeError, checkNames, wrongType, wrongValue } from '../errors.js'

/** The element types that an input of an exported network can have. */
const specDtypes = [
  'float32',
  'float64',
  'float16',
  'bfloat16',
  'int64',
  'int32',
  'int8',
  'uint8',
  'bool',
] as const

/** One input of a network of one's own. */
export interface InputSpec {
  /** The name that it has in the model; one of a parameter of `forward` makes it that parameter. */
  readonly name: string
  readonly dtype: (typeof specDtypes)[number]
  /** Its sizes, -1 where they are free; `[]` for a scalar. */
  readonly shape: readonly number[]
}

const expected = 'NAME:DTYPE[SHAPE], such as x:float32[-1,3,224,224],'
const form = /^(?<name>[^:\s]+):(?<dtype>\w+)\[(?<sizes>(?:(?:-1|\?|[1-9]\d*)(?:,(?:-1|\?|[1-9]\d*))*)?)\]$/

/**
 * Reads `x:float32[-1,3]`; a free size is `-1` or `?`.
 *
 * @throws Error with what is wrong, for the text itself
 */
export function parseInputSpec(text: string): InputSpec {
  const { name = '', dtype = '', sizes = '' } = form.exec(text.replaceAll(' ', ''))?.groups ?? {}
  if (name === '') throw new Error(`Expected ${expected} got ${text === '' ? 'an empty value' : text}.`)
  if (!isSpecDtype(dtype))
    throw new Error(`Expected a dtype of ${specDtypes.join(', ')}, got ${dtype} in ${text}.`)
  const shape = sizes === '' ? [] : sizes.split(',').map((size) => (size === '?' ? -1 : Number(size)))
  return { name, dtype, shape }
}

/** As `parseInputSpec` reads it. */
export function formatInputSpec({ name, dtype, shape }: InputSpec): string {
  return `${name}:${dtype}[${shape.join(',')}]`
}

/** @throws TypeError or RangeError unless these are inputs, each as a text or as an object. */
export function readInputSpecs(option: string, given: unknown): InputSpec[] {
  if (!Array.isArray(given)) throw wrongType(option, 'an array of inputs', given)
  const specs = given.map((input: unknown, index) => readInputSpec(`${option}[${index}]`, input))
  const twice = specs.find(({ name }, index) => specs.findIndex((other) => other.name === name) !== index)
  if (twice) throw callerRangeError(`\`${option}\` describes ${twice.name} twice.`)
  return specs
}

function readInputSpec(option: string, given: unknown): InputSpec {
  if (typeof given === 'string') {
    try {
      return parseInputSpec(given)
    } catch {
      throw wrongValue(option, expected.slice(0, -1), given)
    }
  }
  if (typeof given !== 'object' || given === null) throw wrongType(option, 'a string or an object', given)
  checkNames(given, ['name', 'dtype', 'shape'])
  const { name, dtype, shape } = given as Record<keyof InputSpec, unknown>
  if (typeof name !== 'string') throw wrongType(`${option}.name`, 'a string', name)
  if (!/^[^:\s]+$/.test(name)) throw wrongValue(`${option}.name`, 'a name without spaces and colons', name)
  if (typeof dtype !== 'string') throw wrongType(`${option}.dtype`, 'a string', dtype)
  if (!isSpecDtype(dtype)) throw wrongValue(`${option}.dtype`, specDtypes.join(', '), dtype)
  if (!Array.isArray(shape)) throw wrongType(`${option}.shape`, 'an array of sizes', shape)
  const sizes: readonly unknown[] = shape
  const wrong = sizes.find((size) => size !== -1 && !(Number.isSafeInteger(size) && (size as number) > 0))
  if (wrong !== undefined || sizes.includes(undefined)) {
    throw wrongValue(`${option}.shape`, 'positive integers, and -1 where a size is free,', wrong)
  }
  return { name, dtype, shape: sizes as readonly number[] }
}

function isSpecDtype(name: string): name is InputSpec['dtype'] {
  return (specDtypes as readonly string[]).includes(name)
}
