import { expect, test } from '@jest/globals'
import ndarray from 'ndarray'
import type { FeedWriter } from '../../src/inference/index.js'
import { collateFeeds, feedSignature, splitOutputs } from '../../src/tasks/pipeline/custom-feeds.js'
import { tensor } from '../../src/tensor/index.js'

test('feeds of one row each with equal dtypes and shapes have equal signatures', () => {
  const row = (width: number, dtype: 'float32' | 'float64' = 'float32') => ({
    x: tensor(
      dtype,
      [1, width],
      Array.from({ length: width }, () => 0),
    ),
  })
  expect(feedSignature(row(2))).toBe(feedSignature(row(2)))
  expect(feedSignature(row(2))).not.toBe(feedSignature(row(3)))
  expect(feedSignature(row(2))).not.toBe(feedSignature(row(2, 'float64')))
  const [x, y] = [tensor('int32', [1], [1]), tensor('bool', [1], [true])]
  expect(feedSignature({ x, y })).toBe(feedSignature({ y, x }))
})

test.each([
  ['two rows', { x: tensor('float32', [2, 1], [1, 2]) }],
  ['a LoD', { x: tensor('float32', [1, 1], [1], [[0, 1]]) }],
  ['an ndarray', { x: ndarray(new Float32Array(2), [1, 2]) }],
  ['nested arrays', { x: [[1]] }],
  ['strings', { x: ['a'] }],
])('feeds that cannot share a batch have no signature: %s', (_, feeds) => {
  expect(feedSignature(feeds)).toBeUndefined()
  expect(collateFeeds([feeds])).toBe(feeds)
})

test('rows are concatenated', () => {
  const { x } = collateFeeds([
    { x: { dtype: 'float32', shape: [1, 2], data: [1, 2] } },
    { x: tensor('float32', [1, 2], Float32Array.of(3, 4)) },
  ]) as { x: FeedWriter<'float32'> }
  expect([x.dtype, x.shape]).toEqual(['float32', [2, 2]])
  const data = new Float32Array(4)
  void x.write(data)
  expect([...data]).toEqual([1, 2, 3, 4])
})

test('outputs are split by rows, or by the sequences of a LoD', () => {
  const outputs = {
    y: tensor('int64', [2, 2], [1n, 2n, 3n, 4n]),
    z: tensor('float32', [3, 1], [1, 2, 3], [[0, 1, 3]]),
  }
  expect(splitOutputs(outputs, 1)).toEqual([outputs])
  expect(splitOutputs(outputs, 2)).toEqual([
    { y: tensor('int64', [1, 2], [1n, 2n]), z: tensor('float32', [1, 1], [1], [[0, 1]]) },
    { y: tensor('int64', [1, 2], [3n, 4n]), z: tensor('float32', [2, 1], [2, 3], [[0, 2]]) },
  ])
  for (const { y } of splitOutputs(outputs, 2) ?? []) expect(y?.data.buffer.byteLength).toBe(16)
  expect(splitOutputs({ ...outputs, w: tensor('float32', [3], [1, 2, 3]) }, 2)).toBeUndefined()
  expect(splitOutputs({ w: tensor('float32', [], [1]) }, 2)).toBeUndefined()
})
