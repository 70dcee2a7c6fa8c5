import { copyFile, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { RawPixels } from '../../src/image/index.js'
import { ObjectDetector, Pipeline, type Detection } from '../../src/index.js'
import { taskFromConfig } from '../../src/tasks/index.js'
import { makeDetectors, type NetFolder } from '../helpers/nets.js'

let nets: NetFolder
beforeAll(async () => {
  nets = await makeDetectors()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

/** An image of one colour. */
function plain(width: number, height: number, ...rgb: readonly [number, number, number]): RawPixels {
  const data = Uint8Array.from({ length: 3 * width * height }, (_, index) => rgb[index % 3] ?? 0)
  return { data, width, height, channels: 3 }
}

async function all(results: AsyncIterable<Detection>): Promise<Detection[]> {
  const list: Detection[] = []
  for await (const result of results) list.push(result)
  return list
}

/** The expected result: a box from the corner for each bright channel. */
function found(image: RawPixels, above = 0.25): object {
  const { width, height, data } = image
  const boxes = ['red', 'green', 'blue'].flatMap((label, classId) => {
    const score = (data[classId] ?? 0) / 255
    const share = (classId + 1) / 4
    return score > above
      ? [{ classId, label, score, x1: 0, y1: 0, x2: share * width, y2: share * height }]
      : []
  })
  boxes.sort((one, other) => other.score - one.score)
  return { image, size: { width, height }, boxes: boxes.map(near) }
}

/** Compares numbers to a thousandth of a pixel: PadStride's zeros do not darken the images here, and scales are float32. */
const near = (box: Record<string, unknown>): Record<string, unknown> =>
  Object.fromEntries(
    Object.entries(box).map(([name, value]) => [
      name,
      typeof value === 'number' ? (expect.closeTo(value, 3) as unknown) : value,
    ]),
  )

describe('a network with `scale_factor` and counts of boxes', () => {
  // Three images are fed as 64 × 96 and two as 64 × 64, without padding; only equal sizes share a batch.
  const images = [
    plain(48, 32, 255, 128, 0),
    plain(40, 40, 0, 0, 255),
    plain(96, 64, 0, 0, 0),
    plain(192, 128, 100, 200, 150),
    plain(20, 20, 255, 255, 255),
  ]
  let detector: ObjectDetector
  beforeAll(async () => {
    detector = await ObjectDetector.load(join(nets.folder, 'counted'), { workers: 1 })
  })
  afterAll(() => detector.close())

  test.each([1, 8])('returns boxes in pixels of the original, in batches of %d', async (batchSize) => {
    const sizes: number[] = []
    const given = [images[0]!, 'none.jpg', ...images.slice(1)]
    const [first, missing, ...others] = await all(
      detector.detect(given, { batchSize, onBatch: ({ images: count }) => sizes.push(count) }),
    )
    expect(missing).toMatchObject({ image: 'none.jpg', error: { code: 'IMAGE_NOT_FOUND' } })
    expect([first, ...others]).toEqual(images.map((image) => found(image)))
    // How many images are decoded while a batch runs depends on the machine.
    expect(sizes.reduce((sum, count) => sum + count, 0)).toBe(5)
    expect(Math.max(...sizes)).toBeLessThanOrEqual(batchSize)
  })

  test('returns boxes above the threshold of the call', async () => {
    const { boxes } = (await all(detector.detect(images[3]!, { threshold: 0.5 })))[0]!
    expect(boxes?.map(({ label }) => label)).toEqual(['green', 'blue'])
  })

  test('rejects unknown and invalid options', async () => {
    await expect(all(detector.detect(images[0]!, { threshold: 2 }))).rejects.toThrow(
      new RangeError('Expected a number from 0 to 1 for `threshold`, got `2` (number).'),
    )
    await expect(all(detector.detect(3 as never))).rejects.toThrow(TypeError)
    const topK = { topK: 1 } as never
    await expect(all(detector.detect(images[0]!, topK))).rejects.toThrow(TypeError)
  })

  test('an abort ends the iteration, and the detector remains usable', async () => {
    const signal = AbortSignal.abort()
    await expect(all(detector.detect(images, { signal }))).rejects.toMatchObject({ code: 'ABORTED' })
    expect(await all(detector.detect(images[1]!))).toEqual([found(images[1]!)])
  })
})

describe('a network that outputs fractions, and does not assign boxes to images', () => {
  const images = [plain(30, 10, 255, 128, 0), plain(8, 16, 0, 200, 255), plain(5, 5, 0, 0, 0)]

  test('runs image by image; SSD outputs fractions', async () => {
    const model = join(nets.folder, 'plain')
    await using detector = await ObjectDetector.load(model, { threshold: 0.4, workers: 1 })
    const results = await all(detector.detect(images, { batchSize: 8 }))
    expect(results).toEqual(images.map((image) => found(image, 0.4)))
    // From the second call on, images run one by one from the start.
    expect(await all(detector.detect(images))).toEqual(results)
  })

  test('without `scale_factor`, pixels are those of the image as fed', async () => {
    const model = join(nets.folder, 'plain')
    await using detector = await ObjectDetector.load(model, { boxUnit: 'pixel', labels: [], workers: 1 })
    const [image] = images
    const [result] = await all(detector.detect(image!))
    expect(result?.boxes).toEqual([
      // A quarter of a pixel of 64 × 32, in an image of 30 × 10.
      near({ classId: 0, score: 1, x1: 0, y1: 0, x2: (0.25 * 30) / 64, y2: (0.25 * 10) / 32 }),
      near({ classId: 1, score: 128 / 255, x1: 0, y1: 0, x2: (0.5 * 30) / 64, y2: (0.5 * 10) / 32 }),
    ])
  })

  test('a Pipeline feeds it as its file describes, with custom post-processing', async () => {
    await using pipeline = await Pipeline.load(join(nets.folder, 'plain'), {
      postprocess: (outputs, { input, context }) => {
        const [rows] = Object.values(outputs)
        if (rows?.shape[0] === 0) throw new Error(`nothing in ${(input as RawPixels).width}`)
        return [rows?.shape, context.original, context.resized]
      },
    })
    const results = []
    for await (const { value, error } of pipeline.run(images)) results.push(value ?? error.message)
    expect(results).toEqual([
      [[2, 6], { width: 30, height: 10 }, { width: 64, height: 32 }],
      [[2, 6], { width: 8, height: 16 }, { width: 64, height: 32 }],
      'nothing in 5',
    ])
  })
})

describe('models that are not detectors', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'no-detector-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('a model without a file that describes its preprocessing', async () => {
    await copyFile(join(nets.folder, 'counted/model.pdmodel'), join(folder, 'model.pdmodel'))
    expect(await taskFromConfig(folder)).toBe('classify')
    await expect(ObjectDetector.load(folder)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message:
        `The detector ${folder} has no preprocessing: there is no infer_cfg.yml or inference.yml that lists it next to the model.\n` +
        'Copy the file that PaddleDetection exported with the model.',
    })
  })

  test('a classifier, by its file or by its network', async () => {
    const model = join(nets.folder, 'classes')
    expect(await taskFromConfig(model)).toBe('detect')
    await expect(ObjectDetector.load(model)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: expect.stringMatching(
        /^\S+ is not an object detector: its outputs are `\S+` float32 \[-1,3\], but the first must be a float32 \[boxes,6\] of class, score, x1, y1, x2, y2, or have 7 or 8 columns, with a reading order\.\nRun it with `createPredictor` or `Pipeline`, which take any model\.$/,
      ),
    })
    await rm(join(model, 'infer_cfg.yml'))
    await writeFile(
      join(model, 'inference.yml'),
      'PreProcess:\n  transform_ops:\n  - ResizeImage: {size: 8}\n  - ToCHWImage: null\nPostProcess:\n  Topk: {topk: 1}\n',
    )
    expect(await taskFromConfig(model)).toBe('classify')
    await expect(ObjectDetector.load(model)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: `${model} is not an object detector: ${join(model, 'inference.yml')} says that it outputs classes.\nLoad it with \`ImageClassifier\`.`,
    })
  })
})

describe('PaddleDetection before 2.0', () => {
  const wide = plain(64, 40, 255, 128, 0)

  test('`im_size` is the size of the original', async () => {
    await using detector = await ObjectDetector.load(join(nets.folder, 'sized'), { workers: 1 })
    expect(await all(detector.detect([wide, plain(40, 40, 0, 0, 255)]))).toEqual([
      found(wide),
      found(plain(40, 40, 0, 0, 255)),
    ])
  })

  /** The box that shows `im_shape` and `im_info` in place of corners. */
  async function shown(model: string, image: RawPixels): Promise<number[]> {
    await using detector = await ObjectDetector.load(join(nets.folder, model), { workers: 1 })
    const { boxes } = await detector.detectOne(image)
    const [box] = boxes.filter(({ score }) => score === 0.75)
    return [box!.x1, box!.y1, box!.x2, box!.y2]
  }

  // 40 × 64 becomes 60 × 96: the longer side is at most 96.
  test('`im_info` has the size after PadStride, `im_shape` that of the original', async () => {
    expect(await shown('strided', wide)).toEqual([40, 64, 64, 96])
  })

  test('without PadStride, `im_info` has the size after Resize, which is not rounded', async () => {
    const [height, width, resizedHeight, resizedWidth] = await shown('unstrided', plain(70, 31, 0, 0, 0))
    expect([height, width]).toEqual([31, 70])
    expect([resizedHeight, resizedWidth]).toEqual([Math.fround((96 / 70) * 31), Math.fround((96 / 70) * 70)])
  })

  test('`scale_factor` has four columns', async () => {
    await using detector = await ObjectDetector.load(join(nets.folder, 'scaled'), { workers: 1 })
    const { boxes } = await detector.detectOne(wide)
    const [x, y] = [Math.fround(64 / 64), Math.fround(64 / 40)]
    expect(boxes).toMatchObject([{ x1: x, y1: y, x2: x, y2: y }])
  })

  test('fractions of the original, resized by Pillow', async () => {
    await using detector = await ObjectDetector.load(join(nets.folder, 'fractions'), { workers: 1 })
    expect(await all(detector.detect([wide]))).toEqual([found(wide)])
  })
})
