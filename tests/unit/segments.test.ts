import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { Canvas, coloursOf } from '../../src/image/annotate/canvas.js'
import { tintClasses } from '../../src/image/annotate/draw.js'
import { encodeLabelMap, type LabelMap } from '../../src/image/annotate/index.js'
import { sizedSteps } from '../../src/image/index.js'
import type { Outputs } from '../../src/inference/index.js'
import type { FloatStep, Size } from '../../src/model/index.js'
import { toFloatPreprocessing } from '../../src/model/operators/paddle-seg-ops.js'
import { compareMaps } from '../../src/tasks/segment/compare-maps.js'
import { restoreSize } from '../../src/tasks/segment/restore-size.js'
import { classMaps, segmenterPorts } from '../../src/tasks/segment/segmenter-signature.js'
import { segmentsOf } from '../../src/tasks/segment/segments.js'
import { pick, randomFrom } from '../helpers/random.js'

const mapOf = (width: number, ids: readonly number[]): LabelMap => ({
  width,
  height: ids.length / width,
  data: Uint16Array.from(ids),
})

const size = (width: number, height: number): Size => ({ width, height })

test('segments: most pixels first, equal ones by class; labels where they are known', async () => {
  const map = mapOf(3, [7, 7, 2, 0, 0, 2])
  expect(await segmentsOf(map, ['sky', '', ''])).toEqual([
    { classId: 0, label: 'sky', pixels: 2, share: 1 / 3, mask: { size: [2, 3], counts: [1, 1, 1, 1, 2] } },
    { classId: 2, pixels: 2, share: 1 / 3, mask: { size: [2, 3], counts: [4, 2] } },
    { classId: 7, pixels: 2, share: 1 / 3, mask: { size: [2, 3], counts: [0, 1, 1, 1, 3] } },
  ])
})

/** COCO's definition: column by column, beginning with the number of zeros. */
function cocoCounts({ width, height, data }: LabelMap, classId: number): number[] {
  const counts: number[] = []
  let [value, length] = [false, 0]
  for (let x = 0; x < width; x += 1) {
    for (let y = 0; y < height; y += 1) {
      const inside = data[y * width + x] === classId
      if (inside !== value) {
        counts.push(length)
        length = 0
        value = inside
      }
      length += 1
    }
  }
  return [...counts, length]
}

test('run lengths are those of COCO, for maps of any size', async () => {
  const random = randomFrom(3)
  for (let round = 0; round < 60; round += 1) {
    const [width, height] = [1 + pick(random, 150), 1 + pick(random, 40)]
    const classes = 1 + pick(random, 4)
    // Patches, so that runs are longer than a pixel.
    const ids = Array.from({ length: width * height }, (_, at) =>
      random() < 0.2 ? pick(random, classes) : Math.floor(at / 17) % classes,
    )
    const map = mapOf(width, ids)
    const segments = await segmentsOf(map, [])
    expect(segments.map(({ classId }) => classId).sort()).toEqual([...new Set(ids)].sort())
    for (const { classId, pixels, share, mask } of segments) {
      expect(mask).toEqual({ size: [height, width], counts: cocoCounts(map, classId) })
      expect(pixels).toBe(ids.filter((id) => id === classId).length)
      expect(share).toBe(pixels / ids.length)
    }
  }
})

const resize = (width: number, height: number): FloatStep => ({
  step: 'resize',
  to: { rule: 'size', size: { width, height } },
  method: 'linear',
})
const pad = (width: number, height: number): FloatStep => ({ step: 'pad', to: { width, height }, fill: 0 })
const normalise: FloatStep = { step: 'normalise', mean: [0, 0, 0], std: [1, 1, 1] }

test('the sizes between the steps', () => {
  const after = (from: Size, to: Extract<FloatStep, { step: 'resize' }>['to']): Size | undefined =>
    sizedSteps([{ step: 'resize', to, method: 'linear' }], from)[0]?.to
  expect(after(size(5, 2), { rule: 'short', short: 3, most: 1e10 })).toEqual(size(8, 3))
  // int(7 / 5 * 2) is 2.
  expect(after(size(5, 2), { rule: 'short', short: 3, most: 7 })).toEqual(size(5, 2))
  expect(after(size(5, 2), { rule: 'long', long: 9 })).toEqual(size(9, 4))
  // 5 * 0.5 is 2.5, which becomes the even 2.
  expect(after(size(5, 10), { rule: 'long', long: 5 })).toEqual(size(2, 5))
  expect(after(size(1000, 1), { rule: 'long', long: 10 })).toEqual(size(10, 1))
  expect(after(size(30, 20), { rule: 'within', size: size(10, 60) })).toEqual(size(15, 10))
  expect(after(size(30, 20), { rule: 'within', size: size(10, 60), divisor: 8 })).toEqual(size(16, 16))
  expect(after(size(30, 20), { rule: 'limit', most: 15 })).toEqual(size(15, 10))
  expect(after(size(30, 20), { rule: 'limit', least: 60, most: 90 })).toEqual(size(60, 40))
  expect(after(size(30, 20), { rule: 'limit', least: 30, most: 30 })).toEqual(size(30, 20))
  expect(after(size(30, 20), { rule: 'factor', factor: 0.75 })).toEqual(size(22, 15))
  const padded = (from: Size, aspectRatio: number): Size | undefined =>
    sizedSteps([{ step: 'pad', to: { aspectRatio }, fill: 0 }], from)[0]?.to
  expect(padded(size(30, 20), 1)).toEqual(size(30, 30))
  expect(padded(size(20, 30), 1.5)).toEqual(size(45, 30))
  expect(padded(size(30, 20), 1.5)).toEqual(size(30, 20))
})

/** As PaddleSeg, whose steps compute with fractions. */
const restored = (
  ids: Uint16Array,
  floatSteps: readonly FloatStep[],
  original: Size,
  by?: 'nearest' | 'linear',
): Promise<LabelMap> => restoreSize(ids, { ...toFloatPreprocessing([]), floatSteps }, original, by)

test('the steps are undone in reverse order', async () => {
  // 4 × 2 becomes 2 × 1, padded to 3 × 2.
  const fed = Uint16Array.of(1, 2, 9, 9, 9, 9)
  expect(await restored(fed, [resize(2, 1), normalise, pad(3, 2)], size(4, 2))).toEqual(
    mapOf(4, [1, 1, 2, 2, 1, 1, 2, 2]),
  )
  // 2 × 1 is padded to 2 × 2, and that becomes 4 × 4.
  const large = Uint16Array.from({ length: 16 }, (_, at) => at)
  expect(await restored(large, [pad(2, 2), resize(4, 4)], size(2, 1))).toEqual(mapOf(2, [0, 2]))
  expect(await restored(Uint16Array.of(3, 4), [normalise], size(2, 1))).toEqual(mapOf(2, [3, 4]))
})

test('resizes that follow one another are undone as one', async () => {
  // By way of 1 × 1, a single class would remain.
  const fed = Uint16Array.of(1, 2, 3, 4)
  expect(await restored(fed, [resize(1, 1), normalise, resize(4, 1)], size(4, 1))).toEqual(
    mapOf(4, [1, 2, 3, 4]),
  )
  expect(await restored(fed, [resize(1, 1), pad(1, 2), resize(4, 1)], size(4, 1))).toEqual(
    mapOf(4, [1, 1, 1, 1]),
  )
})

const output = (dtype: string, shape: number[], data: object): Outputs =>
  ({ y: { dtype, shape, data } }) as unknown as Outputs

const read = async (outputs: Outputs, images = 1, fed = size(2, 1)): Promise<number[][] | undefined> => {
  const map = classMaps('m', 'y', outputs, { images, fed })
  return map && Promise.all(Array.from({ length: images }, async (_, image) => Array.from(await map(image))))
}

test.each<[string, Outputs, number, number[][] | undefined]>([
  ['int32', output('int32', [1, 1, 2], Int32Array.of(3, 65535)), 1, [[3, 65535]]],
  [
    'int64 of two images',
    output('int64', [2, 1, 2], BigInt64Array.of(3n, 1n, 0n, 2n)),
    2,
    [
      [3, 1],
      [0, 2],
    ],
  ],
  ['uint8 with a plane', output('uint8', [1, 1, 1, 2], Uint8Array.of(7, 255)), 1, [[7, 255]]],
  [
    'scores: the best, the first of equal ones',
    output('float32', [2, 3, 1, 2], Float32Array.of(1, 0, 1, 5, 0, 4, -3, -1, -2, -1, -2, -0.5)),
    2,
    [
      [0, 1],
      [1, 2],
    ],
  ],
  [
    'scores: the first that is not a number',
    output('float32', [1, 3, 1, 2], Float32Array.of(1, NaN, NaN, 9, NaN, NaN)),
    1,
    [[1, 0]],
  ],
  ['another number of images', output('int32', [1, 1, 2], Int32Array.of(3, 4)), 2, undefined],
])('reads classes: %s', async (_, outputs, images, expected) => {
  expect(await read(outputs, images)).toEqual(expected)
})

const refused = (why: string): string =>
  `m is not a segmentation model: ${why}.\nRun it with \`createPredictor\` or \`Pipeline\`, which take any model.`
const needed =
  'the first must be classes [N,H,W] of integers, or scores float32 [N,C,H,W] with C of at least 2'

test.each([
  ['float32', [1, 1, 2], needed],
  ['float32', [1, 1, 1, 2], needed],
  ['int32', [1, 3, 1, 2], needed],
  ['int32', [1, 2], needed],
  ['float64', [1, 3, 1, 2], needed],
])('rejects %s %j', async (dtype, shape, why) => {
  const values = dtype === 'float32' ? new Float32Array(6) : new Int32Array(6)
  await expect(read(output(dtype, shape, values))).rejects.toThrow(
    refused(`its output \`y\` is ${dtype} [${shape.join(',')}], but ${why}`),
  )
})

test('rejects another size than the one fed, and classes that no map holds', async () => {
  await expect(read(output('int32', [1, 2, 2], new Int32Array(4)))).rejects.toThrow(
    refused('its output `y` is int32 [1,2,2], but it was fed [1,3,1,2], so [1,1,2] or [1,C,1,2] is needed'),
  )
  for (const id of [-1, 65536])
    await expect(read(output('int32', [1, 1, 2], Int32Array.of(0, id)))).rejects.toThrow(
      refused(`its output \`y\` contains the class ${id}, but classes are from 0 to 65535`),
    )
  await expect(read({})).rejects.toThrow(refused(`its output \`y\` is nothing, but ${needed}`))
})

test('the input and the output of a network', () => {
  const ports = (inputs: object[], outputs: object[]) =>
    segmenterPorts('m', { inputs, outputs } as Parameters<typeof segmenterPorts>[1], 3)
  const image = { name: 'x', dtype: 'float32', shape: [-1, 3, -1, -1] }
  const ids = { name: 'y', dtype: 'int32', shape: [-1, -1, -1] }
  expect(ports([image], [ids])).toEqual({ input: 'x', output: 'y', oneByOne: false })
  expect(ports([{ ...image, shape: [1, 3, 8, 8] }], [{ ...ids, shape: [1, 19, 8, 8] }])).toEqual({
    input: 'x',
    output: 'y',
    classes: 19,
    oneByOne: true,
  })
  expect(() => ports([image, { name: 'z', dtype: 'float32', shape: [-1, 2] }], [ids])).toThrow(
    refused(
      'its inputs are `x` float32 [-1,3,-1,-1], `z` float32 [-1,2], but one float32 [N,3,H,W] is needed',
    ),
  )
  expect(() => ports([image], [{ name: 'y', dtype: 'float32', shape: [-1, 5] }])).toThrow(
    refused(`its outputs are \`y\` float32 [-1,5], but ${needed}`),
  )
})

test('the comparison with plain Python: a few pixels may differ', () => {
  const ours = mapOf(
    100,
    Array.from({ length: 2000 }, (_, at) => at % 2),
  )
  const theirs = (changed: number, shape = [20, 100]) => ({
    name: '',
    shape,
    data: Float32Array.from(ours.data, (id, at) => (at < changed ? id + 1 : id)),
  })
  expect(compareMaps(ours, theirs(0))).toEqual({ same: true, text: '2 classes, 0 of 2000 pixels differ' })
  expect(compareMaps(ours, theirs(2))).toEqual({
    same: true,
    text: '2 classes, 2 of 2000 pixels differ (0.10 %)',
  })
  expect(compareMaps(ours, theirs(3))).toEqual({
    same: false,
    text: '2 classes, 3 of 2000 pixels differ (0.15 %)',
  })
  expect(compareMaps(ours, theirs(0, [100, 20]))).toEqual({
    same: false,
    text: '2 classes, 100 × 20; plain Python: 20 × 100',
  })
  expect(compareMaps(ours, undefined).same).toBe(false)
})

test.each([
  ['8 bits', [0, 255, 3, 4, 5, 6], 'uchar'],
  ['16 bits when a class is above 255', [0, 256, 3, 4, 65535, 6], 'ushort'],
] as const)('a label map as a PNG: %s', async (_, ids, depth) => {
  const bytes = await encodeLabelMap(mapOf(3, ids))
  const { channels, depth: found, width, height, format } = await sharp(bytes).metadata()
  expect({ channels, found, width, height, format }).toEqual({
    ...{ channels: 1, found: depth, width: 3, height: 2, format: 'png' },
  })
  const read = await sharp(bytes)
    .toColourspace(depth === 'uchar' ? 'b-w' : 'grey16')
    .raw({ depth })
    .toBuffer()
  const values = depth === 'uchar' ? read : new Uint16Array(read.buffer, read.byteOffset, ids.length)
  expect(Array.from(values)).toEqual(ids)
})

test('the overlay blends the colour of each class', () => {
  const canvas = new Canvas(size(3, 2), 3, new Uint8Array(18).fill(100))
  const colourOf = coloursOf([0, 1, 5])
  tintClasses(canvas, mapOf(3, [0, 0, 1, 5, 1, 1]), colourOf)
  const at = (index: number): number[] => Array.from(canvas.data.subarray(3 * index, 3 * index + 3))
  const blended = (classId: number): number[] =>
    colourOf(classId).map((value) => Math.floor(100 + ((value - 100) * 115) / 255 + 0.5))
  expect([0, 1, 2, 3, 4, 5].map(at)).toEqual([0, 0, 1, 5, 1, 1].map(blended))
})
