import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RawPixels } from '../../src/image/index.js'
import { ImageSegmenter, Pipeline, type Segmentation } from '../../src/index.js'
import { taskFromConfig } from '../../src/tasks/index.js'
import { makeSegmenters, type NetFolder } from '../helpers/nets.js'

let nets: NetFolder
beforeAll(async () => {
  nets = await makeSegmenters()
})
afterAll(async () => nets[Symbol.asyncDispose]())

const model = (name: string): string => join(nets.folder, name)

const colours = [
  [200, 10, 20],
  [30, 220, 40],
  [50, 60, 240],
] as const

/** An image of the colours of these classes, in columns of equal width: the brightest channel is the class. */
function striped(width: number, height: number, ...classes: readonly number[]): RawPixels {
  const data = new Uint8Array(3 * width * height)
  for (let pixel = 0; pixel < width * height; pixel += 1) {
    const stripe = Math.floor(((pixel % width) * classes.length) / width)
    data.set(colours[classes[stripe] ?? 0] ?? [], 3 * pixel)
  }
  return { data, width, height, channels: 3 }
}

async function all(results: AsyncIterable<Segmentation>): Promise<Segmentation[]> {
  const list: Segmentation[] = []
  for await (const result of results) list.push(result)
  return list
}

/** The expected label map. */
function mapOf({ width, height, data }: RawPixels): object {
  const ids = Uint16Array.from({ length: width * height }, (_, pixel) => {
    const [red = 0, green = 0, blue = 0] = data.subarray(3 * pixel, 3 * pixel + 3)
    return [red, green, blue].indexOf(Math.max(red, green, blue))
  })
  return { width, height, data: ids }
}

describe.each(['ids64', 'bytes'])('classes of images of any size: %s', (name) => {
  // Two images have the same size, and share a batch.
  const images = [striped(12, 4, 0, 1), striped(9, 5, 2, 1, 0), striped(12, 4, 2), striped(1, 1, 1)]

  test.each([1, 8])('returns the class of each pixel, in batches of %d', async (batchSize) => {
    await using segmenter = await ImageSegmenter.load(model(name), { workers: 1 })
    const given = [images[0]!, 'none.jpg', ...images.slice(1)]
    const [first, missing, ...others] = await all(segmenter.segment(given, { batchSize }))
    expect(missing).toMatchObject({ image: 'none.jpg', error: { code: 'IMAGE_NOT_FOUND' } })
    for (const [index, result] of [first, ...others].entries()) {
      const image = images[index]!
      expect(result).toMatchObject({
        image,
        size: { width: image.width, height: image.height },
        labelMap: mapOf(image),
      })
    }
  })
})

test('segments: classes with their names, pixels and run lengths', async () => {
  await using segmenter = await ImageSegmenter.load(model('ids64'), { workers: 1 })
  const image = striped(4, 3, 1, 1, 0, 1)
  const [result] = await all(segmenter.segment(image))
  expect(result).toEqual({
    image,
    size: { width: 4, height: 3 },
    segments: [
      { classId: 1, label: 'green', pixels: 9, share: 0.75, mask: { size: [3, 4], counts: [0, 6, 3, 3] } },
      { classId: 0, label: 'red', pixels: 3, share: 0.25, mask: { size: [3, 4], counts: [6, 3, 3] } },
    ],
    labelMap: mapOf(image),
  })
  expect(await segmenter.segmentOne(image)).toEqual(result)
  await expect(segmenter.segmentOne([image] as never)).rejects.toThrow(/use `segment`/)
})

describe('the size of the original is restored', () => {
  // Widths and heights are reduced or enlarged by whole numbers, so that classes have exact borders.
  const images = [striped(96, 48, 0, 1, 2), striped(24, 12, 2, 0), striped(24, 48, 1)]

  const halves = [striped(112, 56, 0, 2), striped(56, 112, 1, 2), striped(112, 56, 1)]

  test.each([
    ['scores', images],
    // By way of 80 pixels, in the middle of which the border is.
    ['ids32', halves],
  ])('%s', async (name, given) => {
    await using segmenter = await ImageSegmenter.load(model(name), { workers: 1 })
    const results = await all(segmenter.segment(given))
    expect(results.map(({ labelMap }) => labelMap)).toEqual(given.map(mapOf))
  })

  test('a network for one image of a fixed size runs image by image', async () => {
    await using segmenter = await ImageSegmenter.load(model('fixed'), { workers: 1, labels: ['a', 'b', 'c'] })
    const sizes: number[] = []
    const unequal = [...images, striped(96, 48, 2, 1), striped(48, 32, 0)]
    const results = await all(
      segmenter.segment(unequal, { onBatch: ({ images: count }) => sizes.push(count) }),
    )
    expect(results.map(({ labelMap }) => labelMap)).toEqual(unequal.map(mapOf))
    expect(results[3]?.segments?.map(({ label, share }) => [label, share])).toEqual([
      ['b', 0.5],
      ['c', 0.5],
    ])
    expect(sizes.reduce((sum, count) => sum + count, 0)).toBe(unequal.length)
  })
})

test('an image that does not fit into the padding is an error of its own', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'padding-'))
  try {
    await copyFile(join(model('bytes'), 'model.pdmodel'), join(folder, 'model.pdmodel'))
    await copyFile(join(model('bytes'), 'model.pdiparams'), join(folder, 'model.pdiparams'))
    await writeFile(
      join(folder, 'deploy.yaml'),
      'Deploy: {transforms: [{type: Padding, target_size: [20, 10]}, {type: Normalize}]}',
    )
    await using segmenter = await ImageSegmenter.load(folder, { workers: 1 })
    const image = striped(10, 10, 2, 0)
    const [large, small] = await all(segmenter.segment([striped(21, 5, 0), image]))
    expect(large?.error).toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message:
        'The image of 21 × 5 pixels is 21 × 5 after resizing, too large to be padded to 20 × 10.\nResize it to a smaller size.',
    })
    expect(small?.labelMap).toEqual(mapOf(image))
  } finally {
    await rm(folder, { recursive: true })
  }
})

test('rejects unknown options, and more labels than classes', async () => {
  await expect(ImageSegmenter.load(model('scores'), { topK: 1 } as never)).rejects.toThrow(TypeError)
  await expect(ImageSegmenter.load(model('scores'), { labels: ['a'], workers: 1 })).rejects.toMatchObject({
    code: 'LABELS_INVALID',
    message: `The list \`labels\` has 1 label, but ${model('scores')} has 3 classes.\nGive one label for each class.`,
  })
  await using segmenter = await ImageSegmenter.load(model('ids64'), { workers: 1 })
  await expect(all(segmenter.segment(3 as never))).rejects.toThrow(TypeError)
  const signal = AbortSignal.abort()
  await expect(all(segmenter.segment(striped(2, 2, 0), { signal }))).rejects.toMatchObject({
    code: 'ABORTED',
  })
})

test.each([
  ['vector', /its outputs are `\S+` float32 \[-1,3\], but the first must be classes/],
  [
    'half',
    /its output `\S+` is int32 \[1,2,4\], but it was fed \[1,3,4,8\], so \[1,4,8\] or \[1,C,4,8\] is needed/,
  ],
  ['negative', /contains the class -1, but classes are from 0 to 65535/],
  ['logits', /its outputs are `\S+` float32 \[-1,1,-1,-1\], but the first must be classes/],
])('a network that returns no classes of pixels: %s', async (name, why) => {
  expect(await taskFromConfig(model(name))).toBe('segment')
  const segmenter = await ImageSegmenter.open(model(name), { workers: 1 })
  try {
    await expect(all(segmenter.segment(striped(8, 4, 0)))).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: expect.stringMatching(why),
    })
  } finally {
    await segmenter.close()
  }
})

test('a Pipeline feeds such a model as its file describes', async () => {
  const images = [striped(96, 48, 0, 2), striped(24, 12, 1), striped(12, 24, 1)]
  await using pipeline = await Pipeline.load(model('scores'), {
    postprocess: (outputs, { context }) => [
      Object.values(outputs)[0]?.shape,
      context.original,
      context.resized,
    ],
  })
  const results = []
  for await (const { value, error } of pipeline.run(images, { batchSize: 8 })) results.push(value ?? error)
  expect(results).toEqual([
    [[1, 3, 64, 64], { width: 96, height: 48 }, { width: 48, height: 24 }],
    [[1, 3, 64, 64], { width: 24, height: 12 }, { width: 48, height: 24 }],
    [[1, 3, 64, 64], { width: 12, height: 24 }, { width: 24, height: 48 }],
  ])
})
