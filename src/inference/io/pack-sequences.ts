import { callerRangeError, callerTypeError, wrongType } from '../../errors.js'
import { checkOptions, count, kindBy, or, type Form } from '../../options/index.js'
import {
  arrayTypeOf,
  checkDType,
  dtypeOfArray,
  elementCount,
  flatten,
  fromElements,
  isDType,
  type DType,
  type Nested,
  type Tensor,
  type TensorData,
} from '../../tensor/index.js'

/**
 * A sequence: its rows, each an element or nested arrays of them, or a typed array of elements. With more than one
 * level, a list of sequences.
 */
export type Sequences = TensorData | readonly (Nested<number | bigint | boolean> | TensorData)[]

export interface PackOptions<D extends DType = DType> {
  /** The dtype of the tensor. @default by the elements: bigints int64, booleans bool, numbers float32, a typed array its own */
  readonly dtype?: D | undefined
  /** How many levels of sequences there are; deeper arrays are the dimensions of a row. @default 1 */
  readonly levels?: number | undefined
}

const packForm = {
  dtype: kindBy((name, value) => {
    checkDType(name, value)
    return value
  }),
  levels: or(count(1), 1),
} satisfies Form<PackOptions>

/**
 * Concatenates sequences of different lengths to one tensor with its LoD, which an input with LoD levels
 * (`lodLevel`) takes. A row that is a single element becomes a row of one, [rows,1], as usual for numbers of words;
 * a row that is an array keeps its dimensions, [rows,…].
 *
 * @throws TypeError or RangeError for rows of different shapes, or elements that the dtype cannot represent;
 * PaddleError DTYPE_UNSUPPORTED
 *
 * @example
 * packSequences([[1n, 2n], [3n]])   // int64 [3,1], lod [[0, 2, 3]]
 */
export function packSequences<D extends DType = DType>(
  sequences: readonly Sequences[],
  options: PackOptions<D> = {},
): Tensor<D> {
  const { dtype: asked, levels } = checkOptions(packForm, options)
  const lod = Array.from({ length: levels }, () => [0])
  const rows: Row[] = []
  collect('sequences', sequences, 0)
  const [first] = rows
  const dtype = asked ?? dtypeOf(first)
  const shape = first?.shape ?? [1]
  const different = rows.find((row) => String(row.shape) !== String(shape))
  if (different) {
    throw callerRangeError(
      `Expected rows of shape [${shape.join(',')}], as the first one, got [${different.shape.join(',')}] at \`${different.name}\`.`,
    )
  }
  const width = elementCount(shape)
  const data = fromElements(
    dtype,
    rows.flatMap(({ elements }) => elements),
    (index) => rows[Math.floor(index / width)]?.name ?? 'sequences',
  )
  return { dtype, shape: [rows.length, ...shape], data, lod } as unknown as Tensor<D>

  function collect(name: string, value: unknown, level: number): void {
    const isLast = level === levels - 1
    for (const [index, item] of listOf(name, value).entries()) {
      const own = `${name}[${index}]`
      if (isLast) addRows(own, item)
      else collect(own, item, level + 1)
      lod[level]?.push(isLast ? rows.length : (lod[level + 1]?.length ?? 1) - 1)
    }
  }

  function addRows(name: string, sequence: unknown): void {
    const typed = arrayTypeOf(sequence) !== undefined
    const elementType = typed ? dtypeOfArray(name, sequence, asked) : undefined
    const items = typed ? Array.from(sequence as Iterable<unknown>) : listOf(name, sequence)
    for (const [index, item] of items.entries()) {
      const row = flatten(`${name}[${index}]`, item)
      rows.push({
        name: `${name}[${index}]`,
        shape: row.shape.length === 0 ? [1] : row.shape,
        elements: row.elements,
        dtype: elementType,
      })
    }
  }
}

/** A row of the tensor, and the dtype of the typed array that it comes from. */
interface Row {
  readonly name: string
  readonly shape: readonly number[]
  readonly elements: readonly unknown[]
  readonly dtype: DType | undefined
}

function listOf(name: string, value: unknown): readonly unknown[] {
  if (Array.isArray(value)) return value
  throw wrongType(name, 'an array', value)
}

function dtypeOf(row: Row | undefined): DType {
  if (!row) throw callerTypeError('Without a row, `packSequences` requires the option `dtype`.')
  if (isDType(row.dtype)) return row.dtype
  const types = { bigint: 'int64', boolean: 'bool', number: 'float32' } as const
  const type = typeof row.elements[0]
  return type in types ? types[type as keyof typeof types] : 'float32'
}
