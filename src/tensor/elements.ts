import { wrongType, wrongValue } from '../errors.js'
import { dtypes, type DType, type TensorData } from './dtype.js'
import { toHalfBits } from './half-float.js'

/** The ranges of the integer types. */
const ranges = {
  int32: [-(2 ** 31), 2 ** 31 - 1],
  int8: [-128, 127],
  uint8: [0, 255],
} as const

type Fill = (data: TensorData, index: number, element: unknown, name: () => string) => void

/** Checks an element and writes its value to the typed array. */
const fills: Readonly<Record<DType, Fill>> = {
  float64: fillNumber,
  float32: fillNumber,
  float16: (data, index, element, name) => {
    data[index] = toHalfBits('float16', checkNumber(element, name))
  },
  bfloat16: (data, index, element, name) => {
    data[index] = toHalfBits('bfloat16', checkNumber(element, name))
  },
  int64: (data, index, element, name) => {
    data[index] = checkLong(element, name)
  },
  int32: fillInteger(...ranges.int32),
  int8: fillInteger(...ranges.int8),
  uint8: fillInteger(...ranges.uint8),
  bool: (data, index, element, name) => {
    data[index] = checkBool(element, name)
  },
}

/**
 * Creates a typed array from plain elements, which must be valid for the dtype; `nameOf` returns the name of
 * an element for errors.
 *
 * @throws TypeError or RangeError
 */
export function fromElements(
  dtype: DType,
  elements: readonly unknown[],
  nameOf: (index: number) => string,
): TensorData {
  const data = new dtypes[dtype].array(elements.length)
  const fill = fills[dtype]
  for (let index = 0; index < elements.length; index++) {
    fill(data, index, elements[index], () => nameOf(index))
  }
  return data
}

/**
 * Throws unless all bytes of a bool tensor are 0 or 1: to paddle, other values are neither true nor false.
 */
export function checkBools(name: string, data: Uint8Array): void {
  const index = data.findIndex((byte) => byte > 1)
  if (index !== -1) throw wrongValue(`${name}[${index}]`, '0 or 1 (bool)', data[index])
}

function fillNumber(data: TensorData, index: number, element: unknown, name: () => string): void {
  data[index] = checkNumber(element, name)
}

function fillInteger(least: number, most: number): Fill {
  return (data, index, element, name) => {
    const expected = `an integer from ${least} to ${most}`
    if (typeof element !== 'number') throw wrongType(name(), expected, element)
    if (!Number.isInteger(element) || element < least || element > most) {
      throw wrongValue(name(), expected, element)
    }
    data[index] = element
  }
}

function checkNumber(element: unknown, name: () => string): number {
  if (typeof element !== 'number') throw wrongType(name(), 'a number', element)
  return element
}

function checkLong(element: unknown, name: () => string): bigint {
  if (typeof element === 'bigint') {
    if (BigInt.asIntN(64, element) === element) return element
    throw wrongValue(name(), 'a bigint from -2⁶³ to 2⁶³ - 1', element)
  }
  if (typeof element !== 'number') throw wrongType(name(), 'a bigint or a safe integer', element)
  if (!Number.isSafeInteger(element)) throw wrongValue(name(), 'a bigint or a safe integer', element)
  return BigInt(element)
}

function checkBool(element: unknown, name: () => string): number {
  if (typeof element === 'boolean') return Number(element)
  if (typeof element !== 'number') throw wrongType(name(), 'a boolean, 0 or 1', element)
  if (element !== 0 && element !== 1) throw wrongValue(name(), 'a boolean, 0 or 1', element)
  return element
}
