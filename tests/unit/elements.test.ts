import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import ndarray from 'ndarray'
import { checkFeed } from '../../src/inference/io/check-feeds.js'
import { DeclaredInputs } from '../../src/inference/io/declared-inputs.js'
import type { Feed } from '../../src/inference/io/feed-types.js'
import {
  dtypeNames,
  fromNdArray,
  tensor,
  toHalves,
  toNdArray,
  toNested,
  type DType,
} from '../../src/tensor/index.js'

/** What an input of that dtype and rank receives for `feed`. */
function fed(dtype: string, rank: number, feed: Feed): { shape: readonly number[]; data: unknown } {
  const { shape, byteLength, write } = checkFeed(
    { name: 'x', dtype, shape: Array<number>(rank).fill(-1) },
    feed,
    new DeclaredInputs('the model', { strictShapes: true, warn: () => undefined }),
  )
  const { data } = tensor(dtype as DType, shape, Array<number>(shape.reduce((a, b) => a * b, 1)).fill(0))
  expect(data.byteLength).toBe(byteLength)
  void write(data)
  return { shape, data }
}

describe('plain elements', () => {
  test.each<[DType, readonly unknown[], unknown]>([
    ['float64', [0.1, -0, NaN], new Float64Array([0.1, -0, NaN])],
    ['float32', [0.1, 1e300], new Float32Array([0.1, Infinity])],
    ['float16', [1, 65520, 1e-9], new Uint16Array([0x3c00, 0x7c00, 0])],
    ['bfloat16', [1, -2], new Uint16Array([0x3f80, 0xc000])],
    [
      'int64',
      [2n ** 63n - 1n, -(2n ** 63n), 2 ** 53 - 1],
      BigInt64Array.of(2n ** 63n - 1n, -(2n ** 63n), 2n ** 53n - 1n),
    ],
    ['int32', [2147483647, -2147483648], new Int32Array([2147483647, -2147483648])],
    ['int8', [127, -128], new Int8Array([127, -128])],
    ['uint8', [255, 0], new Uint8Array([255, 0])],
    ['bool', [true, false, 1, 0], new Uint8Array([1, 0, 1, 0])],
  ])('become a tensor of %s', (dtype, elements, data) => {
    expect(tensor(dtype, [elements.length], elements as never).data).toEqual(data)
  })

  test.each<[DType, unknown, Error]>([
    ['float32', '1', new TypeError('Expected a number for `data[1]`, got `1` (string).')],
    ['float32', 1n, new TypeError('Expected a number for `data[1]`, got `1n` (bigint).')],
    ['float64', undefined, new TypeError('Expected a number for `data[1]`, got undefined.')],
    ['float16', true, new TypeError('Expected a number for `data[1]`, got `true` (boolean).')],
    ['int64', 1.5, new RangeError('Expected a bigint or a safe integer for `data[1]`, got `1.5` (number).')],
    [
      'int64',
      2n ** 63n,
      new RangeError(
        'Expected a bigint from -2⁶³ to 2⁶³ - 1 for `data[1]`, got `9223372036854775808n` (bigint).',
      ),
    ],
    [
      'int64',
      true,
      new TypeError('Expected a bigint or a safe integer for `data[1]`, got `true` (boolean).'),
    ],
    [
      'int32',
      2 ** 31,
      new RangeError(
        'Expected an integer from -2147483648 to 2147483647 for `data[1]`, got `2147483648` (number).',
      ),
    ],
    ['int8', 300, new RangeError('Expected an integer from -128 to 127 for `data[1]`, got `300` (number).')],
    ['int8', 1.5, new RangeError('Expected an integer from -128 to 127 for `data[1]`, got `1.5` (number).')],
    ['uint8', -1, new RangeError('Expected an integer from 0 to 255 for `data[1]`, got `-1` (number).')],
    ['uint8', 1n, new TypeError('Expected an integer from 0 to 255 for `data[1]`, got `1n` (bigint).')],
    ['bool', 2, new RangeError('Expected a boolean, 0 or 1 for `data[1]`, got `2` (number).')],
    ['bool', 'yes', new TypeError('Expected a boolean, 0 or 1 for `data[1]`, got `yes` (string).')],
  ])('%s rejects %p', (dtype, element, error) => {
    expect(() => tensor(dtype, [2], [0, element] as never)).toThrow(error)
  })
})

describe('nested arrays', () => {
  test('have the shape of their nesting and the dtype of the input', () => {
    expect(
      fed('float32', 2, [
        [1, 2, 3],
        [4, 5, 6],
      ]),
    ).toEqual({
      shape: [2, 3],
      data: new Float32Array([1, 2, 3, 4, 5, 6]),
    })
    expect(fed('int64', 3, [[[1n], [2]]])).toEqual({ shape: [1, 2, 1], data: BigInt64Array.of(1n, 2n) })
    expect(fed('bool', 1, [true, 0])).toEqual({ shape: [2], data: new Uint8Array([1, 0]) })
  })

  test('without dimensions are the element itself', () => {
    expect(fed('float32', 0, 1.5)).toEqual({ shape: [], data: new Float32Array([1.5]) })
    expect(fed('int64', 0, 7n)).toEqual({ shape: [], data: BigInt64Array.of(7n) })
    expect(fed('bool', 0, true)).toEqual({ shape: [], data: new Uint8Array([1]) })
  })

  test.each<[string, unknown, Error]>([
    [
      'ragged',
      [[1, 2], [3]],
      new RangeError('Expected 2 elements in `x[1]`, as in its sibling arrays, got 1.'),
    ],
    [
      'elements beside arrays',
      [[1, 2], 3],
      new TypeError('Expected an array of 2 for `x[1]`, got `3` (number).'),
    ],
    ['arrays beside elements', [[1, [2]]], new TypeError('Expected an element for `x[0][1]`, got an array.')],
    [
      'empty',
      [[], []],
      new RangeError(
        'Expected at least one element in `x[0]`, got an empty array. Give a tensor without elements as { dtype, shape, data }.',
      ),
    ],
    [
      'typed rows',
      [new Float32Array(2)],
      new TypeError('Expected a number for `x[0]`, got an object (Float32Array).'),
    ],
    ['a wrong element', [[1, null]], new TypeError('Expected a number for `x[0][1]`, got null.')],
  ])('rejects %s', (_, nested, error) => {
    expect(() => fed('float32', 2, nested as Feed)).toThrow(error)
  })

  test('a round trip returns the same', () => {
    const shape = fc.array(fc.integer({ min: 1, max: 4 }), { maxLength: 4 })
    fc.assert(
      fc.property(
        fc.constantFrom(...dtypeNames),
        shape,
        fc.infiniteStream(fc.integer({ min: 0, max: 1 })),
        (dtype, dimensions, bits) => {
          const count = dimensions.reduce((product, dimension) => product * dimension, 1)
          const original = tensor(dtype, dimensions, [...bits.take(count)] as never)
          const { shape: again, data } = fed(dtype, dimensions.length, toNested(original))
          expect({ shape: again, data }).toEqual({ shape: dimensions, data: original.data })
        },
      ),
    )
  })

  test('toNested returns plain values', () => {
    expect(toNested(tensor('float16', [2], toHalves('float16', [1.5, -2])))).toEqual([1.5, -2])
    expect(toNested(tensor('bool', [1, 2], [true, false]))).toEqual([[true, false]])
    expect(toNested(tensor('int64', [], [3]))).toBe(3n)
    expect(toNested(tensor('float32', [2, 0], []))).toEqual([[], []])
    expect(toNested(tensor('float32', [0, 6], []))).toEqual([])
  })
})

describe('a Uint16Array', () => {
  const bits = new Uint16Array([0x3c00, 0x4000])

  test('holds the kind of halves that the input declares', () => {
    expect(fromNdArray(ndarray(bits, [2]), 'x', 'bfloat16')).toEqual({
      dtype: 'bfloat16',
      shape: [2],
      data: bits,
    })
    expect(toNdArray(tensor('float16', [2], bits)).data).toBe(bits)
  })

  test('otherwise counts as uint16, which paddle does not accept', () => {
    expect(() => fed('float32', 1, ndarray(bits, [2]))).toThrow(
      expect.objectContaining({
        code: 'DTYPE_UNSUPPORTED',
        message:
          '`x.data` is uint16, which paddle does not accept: it would silently convert it to int32.\nFeed it as int32 (an Int32Array).',
      }),
    )
  })
})

test('a Float16Array is read as its bits, if the runtime has one', () => {
  // Node has it from version 24 on; it is recognised by the tag of its class.
  class Float16Array extends Uint16Array {
    override get [Symbol.toStringTag](): 'Uint16Array' {
      return 'Float16Array' as 'Uint16Array'
    }
  }
  const half = new Float16Array([0, 0x3c00, 0x4000]).subarray(1)
  const given = tensor('float16', [2], half)
  expect(given.data).toEqual(new Uint16Array([0x3c00, 0x4000]))
  expect(given.data.buffer).toBe(half.buffer)
  expect(fromNdArray(ndarray(half, [2]), 'x', 'float16').data).toEqual(given.data)
})
