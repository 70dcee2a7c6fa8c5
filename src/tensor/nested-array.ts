import { callerRangeError, wrongType } from '../errors.js'
import type { DType } from './dtype.js'
import { fromHalves } from './half-float.js'
import type { Tensor } from './tensor.js'

/** Nested arrays, one level for each dimension; a single element is a scalar. */
export type Nested<T> = T | readonly Nested<T>[]

/** The element type of {@link toNested}: bigints for int64, booleans for bool, else numbers. */
export type NestedElement<D extends DType> = D extends 'int64' ? bigint : D extends 'bool' ? boolean : number

/** The shape of nested arrays, and their elements in row-major order. */
export interface Flattened {
  readonly shape: readonly number[]
  readonly elements: readonly unknown[]
}

/** The most dimensions of a paddle tensor. */
const mostDimensions = 9

/** More elements would not fit into an array, and would crash the process. */
const mostElements = 2 ** 26

/**
 * Flattens nested arrays. Does not check the elements themselves.
 *
 * @throws TypeError or RangeError for ragged or empty arrays, or a mix of arrays and elements
 */
export function flatten(name: string, nested: unknown): Flattened {
  const shape: number[] = []
  for (let first = nested; Array.isArray(first); first = (first as unknown[])[0]) {
    // An array that contains itself is infinitely deep.
    if (shape.length === mostDimensions) {
      throw callerRangeError(`Expected at most ${mostDimensions} dimensions in \`${name}\`, got more.`)
    }
    if (first.length === 0) {
      throw callerRangeError(
        `Expected at least one element in \`${name}${'[0]'.repeat(shape.length)}\`, got an empty array. ` +
          `Give a tensor without elements as { dtype, shape, data }.`,
      )
    }
    shape.push(first.length)
  }
  const count = shape.reduce((product, length) => product * length, 1)
  if (count > mostElements) {
    throw callerRangeError(
      `Expected at most ${mostElements} elements in the arrays of \`${name}\`, got ${count}. ` +
        'Give more as { dtype, shape, data } with a typed array.',
    )
  }
  const elements: unknown[] = []
  collect(name, nested, shape, 0, elements)
  return { shape, elements }
}

function collect(
  name: string,
  value: unknown,
  shape: readonly number[],
  depth: number,
  into: unknown[],
): void {
  const length = shape[depth]
  if (length === undefined) {
    if (Array.isArray(value)) throw wrongType(name, 'an element', value)
    into.push(value)
    return
  }
  if (!Array.isArray(value)) throw wrongType(name, `an array of ${length}`, value)
  const items: readonly unknown[] = value
  if (items.length !== length) {
    throw callerRangeError(
      `Expected ${length} elements in \`${name}\`, as in its sibling arrays, got ${items.length}.`,
    )
  }
  for (let index = 0; index < length; index++) {
    collect(`${name}[${index}]`, items[index], shape, depth + 1, into)
  }
}

/** The name of an element of nested arrays: ``x[1][2]``. */
export function nestedName(name: string, shape: readonly number[], index: number): string {
  let rest = index
  const path: number[] = []
  for (const dimension of [...shape].reverse()) {
    path.unshift(rest % dimension)
    rest = Math.floor(rest / dimension)
  }
  return `${name}${path.map((at) => `[${at}]`).join('')}`
}

/**
 * Converts a tensor to nested arrays, like Python's `tolist()`: numbers (also for halves), bigints for int64,
 * booleans for bool; the element itself for a scalar.
 *
 * @example
 * toNested(tensor('float32', [2, 2], [1, 2, 3, 4]))   // [[1, 2], [3, 4]]
 */
export function toNested<D extends DType>(tensor: Tensor<D>): Nested<NestedElement<D>>
export function toNested({ dtype, shape, data }: Tensor): Nested<number | bigint | boolean> {
  const halves = dtype === 'float16' || dtype === 'bfloat16'
  const elements = halves ? fromHalves(dtype, data) : data
  let next = 0
  const build = (depth: number): Nested<number | bigint | boolean> => {
    const length = shape[depth]
    if (length !== undefined) return Array.from({ length }, () => build(depth + 1))
    const element = elements[next++] ?? 0
    return dtype === 'bool' ? element !== 0 : element
  }
  return build(0)
}
