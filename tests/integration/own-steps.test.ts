import { expect, test } from '@jest/globals'
import sharp from 'sharp'
import { imageTensor, readImage, readPixels, resizeImage, type RgbImage } from '../../src/image/index.js'
import { tutorialPreprocessing } from '../../src/model/index.js'

const image: RgbImage = { width: 2, height: 1, data: Uint8Array.of(255, 0, 51, 0, 255, 102) }

test('pixels become a tensor: from 0 to 1, or normalised, ordered and padded as given', async () => {
  expect(await readImage({ ...image, channels: 3 })).toEqual(image)
  const plain = imageTensor(image)
  expect([plain.dtype, plain.shape, [...plain.data]]).toEqual([
    'float32',
    [1, 3, 1, 2],
    [1, 0, 0, 1, 51, 102].map((value) => (value > 1 ? Math.fround(value * Math.fround(1 / 255)) : value)),
  ])
  const padded = imageTensor(image, {
    channels: 'BGR',
    normalise: { scale: 1, mean: [1, 0, 0], std: [1, 1, 5] },
    padding: [{ to: { width: 3, height: 1 }, fill: [7, 8, 9], isNormalised: false }],
  })
  expect([padded.shape, [...padded.data]]).toEqual([
    [1, 3, 1, 3],
    [50, 101, 7, 0, 255, 8, 51, 0, 9],
  ])
})

test('an image has memory of its own, whatever was read before', async () => {
  const noise = Uint8Array.from({ length: 3 * 2000 * 1500 }, (_, index) => (index * 2_654_435_761) >>> 24)
  const large = await sharp(noise, { raw: { width: 2000, height: 1500, channels: 3 } })
    .jpeg()
    .toBuffer()
  const rgba = { data: new Uint8Array(4 * 16 * 16), width: 16, height: 16, channels: 4 as const }
  const small = sharp(rgba.data, { raw: rgba })
  // A reduced JPEG leaves its memory for the next one.
  await readPixels(large, tutorialPreprocessing)
  const sources = [await small.clone().jpeg().toBuffer(), await small.clone().png().toBuffer(), rgba, small]
  for (const source of sources) {
    const { data } = await readImage(source)
    expect([data.length, data.byteOffset, data.buffer.byteLength]).toEqual([768, 0, 768])
    expect([...new Set(data)]).toEqual([0])
  }
})

test('resizes like OpenCV, or by the given method', async () => {
  expect([...(await resizeImage(image, { width: 4, height: 1 })).data].slice(3, 6)).toEqual([191, 64, 64])
  const nearest = await resizeImage(image, { width: 4, height: 1 }, { library: 'pillow', method: 'nearest' })
  expect([...nearest.data].slice(3, 6)).toEqual([255, 0, 51])
})

test.each<[string, () => unknown, Error]>([
  [
    'too few pixels',
    () => imageTensor({ ...image, data: new Uint8Array(3) }),
    new RangeError('Expected 6 (2 × 1 × 3) for `image.data.length`, got `3` (number).'),
  ],
  [
    'no image',
    () => imageTensor(null as never),
    new TypeError('Expected { width, height, data } for `image`, got null.'),
  ],
  [
    'channels',
    () => imageTensor(image, { channels: 'rgb' as never }),
    new RangeError('Expected `RGB` or `BGR` for `channels`, got `rgb` (string).'),
  ],
  [
    'a std of 0',
    () => imageTensor(image, { normalise: { scale: 1, mean: [0, 0, 0], std: [1, 0, 1] } }),
    new RangeError('Expected numbers other than 0 for `normalise.std`, got an array.'),
  ],
  [
    'a padding to a multiple of 0',
    () => imageTensor(image, { padding: [{ to: { multipleOf: 0 }, fill: [0, 0, 0], isNormalised: false }] }),
    new RangeError('Expected a positive integer for `padding[0].to.multipleOf`, got `0` (number).'),
  ],
  [
    'a padding that is too small',
    () =>
      imageTensor(image, {
        padding: [{ to: { width: 1, height: 1 }, fill: [0, 0, 0], isNormalised: false }],
      }),
    new Error(
      'The image is 2 × 1 after resizing, too large to be padded to 1 × 1.\nResize it to a smaller size.',
    ),
  ],
  [
    'no size',
    () => resizeImage(image, { width: 0, height: 1 }),
    new RangeError('Expected a positive integer for `width`, got `0` (number).'),
  ],
  [
    'a size beyond all memory',
    () => resizeImage(image, { width: 100_000, height: 100_000 }),
    new Error(
      'The image would become an input of 10000000000 pixels (100000 × 100000), above the limit of 67108864.\nResize it to a smaller size.',
    ),
  ],
  [
    'no library',
    () => resizeImage(image, { width: 1, height: 1 }, { library: 'cv2' } as never),
    new RangeError('Expected `opencv` or `pillow` for `resampling.library`, got `cv2` (string).'),
  ],
  [
    'a method of the other library',
    () => resizeImage(image, { width: 1, height: 1 }, { library: 'opencv', method: 'bilinear' } as never),
    new RangeError(
      'Expected `nearest`, `linear`, `cubic`, `area` or `lanczos4` for `resampling.method`, got `bilinear` (string).',
    ),
  ],
])('rejects %s', async (_, work, error) => {
  const got: unknown = await Promise.resolve()
    .then(work)
    .catch((caught: unknown) => caught)
  expect(got).toEqual(error)
})
