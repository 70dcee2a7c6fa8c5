import { callerRangeError, wrongValue } from '../errors.js'
import { kindBy, kindOf, list, objectOf, required, word } from '../options/index.js'

/** The supported dtypes of an exported network's inputs. */
const dtypes = word(
  ...(['float32', 'float64', 'float16', 'bfloat16', 'int64', 'int32', 'int8', 'uint8', 'bool'] as const),
)

const sizes = kindOf(
  'a positive integer, or -1 for a free dimension,',
  (value) => typeof value === 'number',
  (value) => value === -1 || (Number.isSafeInteger(value) && value > 0),
)

/** An input of a network of your own. */
export interface InputSpec {
  /** Its name in the model. The name of a parameter of `forward` selects that parameter. */
  readonly name: string
  readonly dtype: ReturnType<typeof dtypes.check>
  /** The dimensions, -1 for free ones; `[]` for a scalar. */
  readonly shape: readonly number[]
}

const expected = 'NAME:DTYPE[SHAPE], such as x:float32[-1,3,224,224],'
const form = /^(?<name>[^:\s]+):(?<dtype>\w+)\[(?<sizes>(?:(?:-1|\?|[1-9]\d*)(?:,(?:-1|\?|[1-9]\d*))*)?)\]$/

/**
 * Parses `x:float32[-1,3]`; a free dimension is `-1` or `?`.
 *
 * @throws Error that describes the problem with the text
 */
export function parseInputSpec(text: string): InputSpec {
  const { name = '', dtype = '', sizes: among = '' } = form.exec(text.replaceAll(' ', ''))?.groups ?? {}
  if (name === '') throw new Error(`Expected ${expected} got ${text === '' ? 'an empty value' : text}.`)
  if (!isDtype(dtype))
    throw new Error(`Expected a dtype of ${dtypes.words.join(', ')}, got ${dtype} in ${text}.`)
  const shape = among === '' ? [] : among.split(',').map((size) => (size === '?' ? -1 : Number(size)))
  return { name, dtype, shape }
}

/** Formats an input for `parseInputSpec`. */
export function formatInputSpec({ name, dtype, shape }: InputSpec): string {
  return `${name}:${dtype}[${shape.join(',')}]`
}

const given = objectOf<InputSpec>(
  {
    name: required(
      kindOf(
        'a name without spaces and colons',
        (value) => typeof value === 'string',
        (value) => /^[^:\s]+$/.test(value),
      ),
    ),
    dtype: required(dtypes),
    shape: required(list(sizes, 'an array of sizes')),
  },
  'a string or an object',
)

/** @throws TypeError or RangeError unless these are inputs, as strings or objects. */
export function readInputSpecs(option: string, inputs: unknown): readonly InputSpec[] {
  const specs = list(kindBy(readInputSpec), 'an array of inputs').check(option, inputs)
  const twice = specs.find(({ name }, index) => specs.findIndex((other) => other.name === name) !== index)
  if (twice) throw callerRangeError(`\`${option}\` describes ${twice.name} twice.`)
  return specs
}

function readInputSpec(option: string, input: unknown): InputSpec {
  if (typeof input !== 'string') return given.check(option, input)
  try {
    return parseInputSpec(input)
  } catch {
    throw wrongValue(option, expected.slice(0, -1), input)
  }
}

function isDtype(name: string): name is InputSpec['dtype'] {
  return (dtypes.words as readonly string[]).includes(name)
}
