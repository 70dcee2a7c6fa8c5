import { expect, test } from '@jest/globals'
import type { Outputs } from '../../src/inference/index.js'
import type { PixelStep } from '../../src/model/index.js'
import { boxesOf } from '../../src/tasks/detect/boxes.js'
import type { BoxRows } from '../../src/tasks/detect/found-boxes.js'
import { detectorPorts, rowsOf } from '../../src/tasks/detect/detector-signature.js'

const unit = { x: 1, y: 1 }
const size = { width: 100, height: 100 }

function rowsOfSix(...values: readonly number[]): BoxRows {
  return { data: Float32Array.from(values), columns: 6 }
}

test('boxes above the threshold, best first, equal scores in order; drops a class below 0', () => {
  const rows = rowsOfSix(
    ...[0, 0.5, 1, 2, 3, 4],
    ...[1, 0.25, 0, 0, 1, 1],
    ...[2, 0.75, 5, 6, 7, 8],
    ...[-1, 1, 0, 0, 0, 0],
    ...[1, 0.5, 9, 9, 9, 9],
  )
  expect(boxesOf(rows, { threshold: 0.25, labels: ['a', ''], size, unit: { x: 2, y: 0.5 } })).toEqual([
    { classId: 2, score: 0.75, x1: 10, y1: 3, x2: 14, y2: 4 },
    { classId: 0, score: 0.5, label: 'a', x1: 2, y1: 1, x2: 6, y2: 2 },
    { classId: 1, score: 0.5, x1: 18, y1: 4.5, x2: 18, y2: 4.5 },
  ])
  expect(boxesOf(rowsOfSix(0, NaN, 0, 0, 1, 1), { threshold: 0, labels: [], size, unit })).toEqual([])
})

const image = { name: 'image', dtype: 'float32', shape: [-1, 3, -1, -1] }
const boxes = { name: 'boxes', dtype: 'float32', shape: [-1, 6] }
const counts = { name: 'counts', dtype: 'int32', shape: [-1] }
const pair = (name: string) => ({ name, dtype: 'float32', shape: [-1, 2] })

test('the inputs and outputs of a detector', () => {
  const ports = (inputs: object[], outputs: object[], steps: readonly PixelStep[] = []) =>
    detectorPorts('m', { inputs, outputs } as Parameters<typeof detectorPorts>[1], { planes: 3, steps })
  expect(ports([pair('im_shape'), image, pair('scale_factor')], [boxes, counts])).toMatchObject({
    image: 'image',
    sizes: [{ name: 'im_shape' }, { name: 'scale_factor' }],
    returnsOriginal: true,
    boxes: 'boxes',
    counts: 'counts',
  })
  expect(ports([pair('im_shape'), image], [boxes]).returnsOriginal).toBe(false)
  const warp = { step: 'warp', size: { width: 8, height: 8 } } as const
  expect(ports([image, pair('scale_factor')], [boxes], [warp]).returnsOriginal).toBe(true)
  expect(() => ports([image], [boxes], [warp])).toThrow(
    'its inputs are `image` float32 [-1,3,-1,-1], but after WarpAffine without keep_res a scale_factor is needed',
  )
  expect(ports([image, pair('im_size')], [boxes]).returnsOriginal).toBe(true)
  expect(ports([image, pair('im_info'), pair('im_shape')], [boxes]).returnsOriginal).toBe(true)
  expect(ports([image], [boxes])).toEqual({
    image: 'image',
    sizes: [],
    returnsOriginal: false,
    boxes: 'boxes',
  })
  const refused = (why: string): string =>
    `m is not an object detector: ${why}.\nRun it with \`createPredictor\` or \`Pipeline\`, which take any model.`
  const inputsNeeded =
    'but one float32 [N,3,H,W] is needed, optionally with `im_shape`, `scale_factor`, `im_size` and `im_info`'
  expect(() => ports([image, pair('im_id')], [boxes])).toThrow(
    refused(`its inputs are \`image\` float32 [-1,3,-1,-1], \`im_id\` float32 [-1,2], ${inputsNeeded}`),
  )
  expect(() => ports([image], [{ name: 'y', dtype: 'float32', shape: [-1, 10] }])).toThrow(
    '; boxes of 10 values are rotated ones.',
  )
  expect(() => ports([], [boxes])).toThrow(refused(`its inputs are none, ${inputsNeeded}`))
  expect(ports([image], [{ name: 'y', dtype: 'float32', shape: [-1, 8] }])).toMatchObject({ boxes: 'y' })
  expect(() => ports([image], [{ name: 'y', dtype: 'float32', shape: [-1, 9] }])).toThrow(
    refused(
      'its outputs are `y` float32 [-1,9], but the first must be a float32 [boxes,6] of class, score, x1, y1, x2, y2, or have 7 or 8 columns, with a reading order',
    ),
  )
})

const two = Float32Array.of(...[0, 1, 1, 1, 1, 1], ...[1, 1, 2, 2, 2, 2])

test.each<[string, Outputs, number, number[] | undefined]>([
  [
    'counts',
    { b: tensor([2, 6]), c: { dtype: 'int32', shape: [3], data: Int32Array.of(1, 0, 1) } },
    3,
    [1, 0, 1],
  ],
  [
    'counts of 64 bits',
    { b: tensor([2, 6]), c: { dtype: 'int64', shape: [2], data: BigInt64Array.of(0n, 2n) } },
    2,
    [0, 2],
  ],
  ['a LoD', { b: { ...tensor([2, 6]), lod: [[0, 1, 2]] } }, 2, [1, 1]],
  ['one image', { b: tensor([2, 6]) }, 1, [2]],
  ['neither', { b: tensor([2, 6]) }, 2, undefined],
  ['a LoD of other images', { b: { ...tensor([2, 6]), lod: [[0, 2]] } }, 2, undefined],
  [
    'no boxes, as older networks output it',
    { b: { dtype: 'float32', shape: [1, 1], data: Float32Array.of(-1) } },
    2,
    [0, 0],
  ],
])('assigns boxes to images: %s', (_, outputs, images, lengths) => {
  const ports = {
    image: 'x',
    sizes: [],
    returnsOriginal: false,
    boxes: 'b',
    ...('c' in outputs && { counts: 'c' }),
  }
  expect(rowsOf('m', ports, outputs, images)?.map(({ data, columns }) => data.length / columns)).toEqual(
    lengths,
  )
})

function tensor(shape: number[]): Outputs[string] {
  return { dtype: 'float32', shape, data: two }
}
