import { describe, expect, test } from '@jest/globals'
import ndarray, { type NdArray } from 'ndarray'
import {
  dtypeNames,
  dtypes,
  elementCount,
  fromNdArray,
  isNdArray,
  tensor,
  toNdArray,
} from '../../src/tensor/index.js'

describe('tensor()', () => {
  test.each(dtypeNames)('accepts the array of %s', (dtype) => {
    const data = new dtypes[dtype].array(6)
    expect(tensor(dtype, [2, 3], data as never)).toEqual({ dtype, shape: [2, 3], data })
    expect(data.BYTES_PER_ELEMENT).toBe(dtypes[dtype].bytes)
  })

  test('a scalar has one element, an empty tensor none', () => {
    expect(elementCount([])).toBe(1)
    expect(elementCount([0, 6])).toBe(0)
    expect(tensor('float32', [0, 6], new Float32Array(0)).shape).toEqual([0, 6])
  })

  test.each<[string, () => unknown, Error]>([
    [
      'too few elements',
      () => tensor('float32', [2, 2], new Float32Array(3)),
      new RangeError('Expected 4 elements for `data` of shape [2,2], got 3.'),
    ],
    [
      'another array',
      () => tensor('int64', [2], new Int32Array(2) as never),
      new TypeError('Expected a BigInt64Array (int64) for `data`, got an object (Int32Array).'),
    ],
    [
      'a list that is too short',
      () => tensor('float32', [2], [1]),
      new RangeError('Expected 2 elements for `data` of shape [2], got 1.'),
    ],
    [
      'a bool that is neither 0 nor 1',
      () => tensor('bool', [2], Uint8Array.of(1, 2)),
      new RangeError('Expected 0 or 1 (bool) for `data[1]`, got `2` (number).'),
    ],
    [
      'a fraction',
      () => tensor('float32', [1.5], new Float32Array(1)),
      new RangeError('Expected a non-negative integer for `shape[0]`, got `1.5` (number).'),
    ],
    [
      'a dimension as text',
      () => tensor('float32', ['1'] as never, new Float32Array(1)),
      new TypeError('Expected a non-negative integer for `shape[0]`, got `1` (string).'),
    ],
    [
      'no shape',
      () => tensor('float32', 3 as never, new Float32Array(3)),
      new TypeError('Expected an array of non-negative integers for `shape`, got `3` (number).'),
    ],
    [
      'a product beyond all memory',
      () => tensor('float32', [2 ** 30, 2 ** 30], new Float32Array(1)),
      new RangeError(
        'Expected a shape of fewer than 2⁵³ elements for `shape`, got `[1073741824,1073741824]` (string).',
      ),
    ],
    [
      'a LoD that is not a list of lists',
      () => tensor('float32', [1], new Float32Array(1), [0, 1] as never),
      new TypeError('Expected an array of arrays of non-negative integers for `lod`, got an array.'),
    ],
  ])('rejects %s', (_, make, error) => {
    expect(make).toThrow(error)
  })
})

describe('ndarrays', () => {
  const rows = (): NdArray<Float32Array> => ndarray(new Float32Array([0, 1, 2, 3, 4, 5]), [2, 3])

  test('are recognised by their properties', () => {
    expect(isNdArray(rows())).toBe(true)
    expect(isNdArray({ dtype: 'float32', shape: [1], data: new Float32Array(1) })).toBe(false)
  })

  test('in row-major order are not copied', () => {
    const array = rows()
    const { data } = fromNdArray(array)
    expect(data.buffer).toBe(array.data.buffer)
  })

  test.each<[string, NdArray, number[], number[]]>([
    ['transposed', rows().transpose(1, 0), [3, 2], [0, 3, 1, 4, 2, 5]],
    ['sliced', rows().lo(0, 1).hi(2, 2), [2, 2], [1, 2, 4, 5]],
    ['reversed', rows().step(1, -1), [2, 3], [2, 1, 0, 5, 4, 3]],
    ['picked', rows().pick(1, null), [3], [3, 4, 5]],
  ])('%s are copied to row-major order', (_, view, shape, data) => {
    expect(fromNdArray(view)).toEqual({ dtype: 'float32', shape, data: new Float32Array(data) })
  })

  test('over plain numbers are rejected', () => {
    expect(() => fromNdArray(ndarray([1, 2], [2]), 'x')).toThrow(
      new TypeError(
        'Expected a typed array (Float64Array, Float32Array, Uint16Array, BigInt64Array, Int32Array, Int8Array, Uint8Array) for `x.data`, got an array.',
      ),
    )
  })

  test('a round trip', () => {
    const array = toNdArray(tensor('int64', [2, 1], BigInt64Array.of(5n, 6n)))
    expect(array.shape).toEqual([2, 1])
    expect(array.get(1, 0)).toBe(6n)
  })
})
