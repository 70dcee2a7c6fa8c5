/** Resizing equals cv2.resize and Pillow's Image.resize, by any method, size and part. */
import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { decodeJpeg } from '../../src/image/decode/jpeg.js'
import type { RgbImage } from '../../src/image/preprocess/normalise.js'
import { cut, resample, type Part } from '../../src/image/resample/index.js'
import type { Resampling } from '../../src/model/preprocessing.js'
import { packageFile } from '../../src/package-files.js'
import { difference } from '../helpers/pillow.js'
import { pick, randomFrom } from '../helpers/random.js'
import { realModels } from '../helpers/real-models.js'
import { referencePixels, type ImageFile, type ReferenceJob } from '../helpers/resize-reference.js'

const resamplings: readonly Resampling[] = [
  { library: 'opencv', method: 'nearest' },
  { library: 'opencv', method: 'linear' },
  { library: 'opencv', method: 'cubic' },
  { library: 'opencv', method: 'area' },
  { library: 'opencv', method: 'lanczos4' },
  { library: 'pillow', method: 'nearest' },
  { library: 'pillow', method: 'box' },
  { library: 'pillow', method: 'bilinear' },
  { library: 'pillow', method: 'hamming' },
  { library: 'pillow', method: 'bicubic' },
  { library: 'pillow', method: 'lanczos' },
]

const random = randomFrom(71)
const between = (least: number, most: number): number => least + pick(random, most - least + 1)

type Group = 'random' | 'tiny' | 'tall' | 'scaled' | 'real' | 'jpeg'

interface Compared extends ReferenceJob {
  readonly group: Group
  readonly theirs: RgbImage
}

const images: (RgbImage | ImageFile)[] = []
const asked: (ReferenceJob & { readonly group: Group })[] = []
let compared: Compared[]

beforeAll(async () => {
  for (let index = 0; index < 220; index += 1) addRandom(index)
  for (let index = 0; index < 30; index += 1) addTiny(index)
  for (let index = 0; index < 40; index += 1) addScaled(index)
  for (let index = 0; index < 10; index += 1) addTall()
  await addReal()
  addJpegs()
  const theirs = await referencePixels(images, asked)
  compared = asked.map((job, index) => ({ ...job, theirs: theirs[index]! }))
}, 60_000)

/** Noise; every third image is only black and white, where sums that are not clamped exceed a byte. */
function noise(index: number, least: number, most = 64): RgbImage {
  const [width, height] = [between(least, most), between(least, most)]
  const value = index % 3 === 0 ? () => 255 * pick(random, 2) : () => pick(random, 256)
  return { width, height, data: Uint8Array.from({ length: 3 * width * height }, value) }
}

function addRandom(index: number): void {
  // Even sizes are halved, for which OpenCV has separate code, and others reduced to a third.
  const image = noise(index, 4)
  const { width, height } = image
  const size = [between(1, 90), between(1, 90)] as const
  const whole = { 0: [2, 2], 1: [3, 3], 2: [1, 4] }[index % 10]
  const isWhole = whole && width >= whole[0]! && height >= whole[1]!
  const [x = 1, y = 1] = isWhole ? whole : []
  const [wide, high] = [x * Math.floor(width / x), y * Math.floor(height / y)]
  const source = isWhole ? cut(image, { left: 0, top: 0, width: wide, height: high }) : image
  images.push(source)
  for (const resampling of resamplings) {
    asked.push({
      group: 'random',
      image: images.length - 1,
      ...resampling,
      size: isWhole ? [wide / x, high / y] : size,
    })
  }
}

function addTiny(index: number): void {
  images.push(noise(index, 1, 3))
  const size = [between(1, 9), between(1, 9)] as const
  for (const resampling of resamplings)
    asked.push({ group: 'tiny', image: images.length - 1, ...resampling, size })
}

/** More than a hundred times as high as wide: Pillow then processes the columns first. */
function addTall(): void {
  const [width, height] = [between(1, 6), between(601, 900)]
  images.push({
    width,
    height,
    data: Uint8Array.from({ length: 3 * width * height }, () => pick(random, 256)),
  })
  const size = [between(1, 12), between(5, 1000)] as const
  for (const resampling of resamplings) {
    if (resampling.library === 'pillow')
      asked.push({ group: 'tall', image: images.length - 1, ...resampling, size })
  }
}

/** `fx` and `fy` other than the ratio of the sizes: how PaddleDetection keeps the ratio of the sides. */
function addScaled(index: number): void {
  const image = noise(index, 9)
  const factor = 0.2 + 1.8 * random()
  const scale = [
    [factor, factor] as const,
    [0.5, 0.5] as const,
    [1 / 3, 1 / 3] as const,
    [factor, 1.3] as const,
  ][index % 4]!
  images.push(image)
  for (const resampling of resamplings) {
    if (resampling.library === 'opencv')
      asked.push({ group: 'scaled', image: images.length - 1, ...resampling, scale })
  }
}

/** Parts of photographs and of images with text. */
async function addReal(): Promise<void> {
  const folder = join(realModels, 'images')
  const names = existsSync(folder) ? (await readdir(folder)).sort().map((name) => join(folder, name)) : []
  const files = [packageFile('images/demo.jpg'), ...names]
  for (let index = 0; index < 20; index += 1) {
    const { data, info } = await sharp(files[index % files.length])
      .removeAlpha()
      .toColourspace('srgb')
      .raw()
      .toBuffer({ resolveWithObject: true })
    const [width, height] = [
      Math.min(info.width, between(180, 420)),
      Math.min(info.height, between(120, 400)),
    ]
    const [left, top] = [pick(random, info.width - width + 1), pick(random, info.height - height + 1)]
    images.push(cut({ width: info.width, height: info.height, data }, { left, top, width, height }))
    const size = [
      [224, 224] as const,
      [between(20, 180), between(20, 180)] as const,
      [between(200, 400), between(200, 400)] as const,
    ][index % 3]!
    for (const resampling of resamplings)
      asked.push({ group: 'real', image: images.length - 1, ...resampling, size })
  }
}

/** A photograph large enough to be halved while decoding. */
function addJpegs(): void {
  images.push({ path: packageFile('images/demo.jpg'), decode: 'pillow' })
  for (const size of [
    [120, 119],
    [60, 60],
    [17, 31],
  ] as const) {
    asked.push({ group: 'jpeg', image: images.length - 1, library: 'pillow', method: 'bilinear', size })
  }
}

async function ours({ image, library, method, scale, theirs }: Compared, part?: Part): Promise<RgbImage> {
  const target = { size: theirs, ...(scale && { scale: { x: scale[0], y: scale[1] } }) }
  const whole = { left: 0, top: 0, width: theirs.width, height: theirs.height }
  return resample(images[image] as RgbImage, target, part ?? whole, { library, method } as Resampling)
}

/** How far the images of a group are off: the greatest difference, and the greatest mean of an image. */
async function farthest(
  group: Group,
  { library, method }: Resampling,
): Promise<{ images: number; most: number; mean: number }> {
  const jobs = compared.filter(
    (job) => job.group === group && job.library === library && job.method === method,
  )
  let [most, mean] = [0, 0]
  for (const job of jobs) {
    const off = difference((await ours(job)).data, job.theirs.data)
    most = Math.max(most, off.most)
    mean = Math.max(mean, off.mean)
  }
  return { images: jobs.length, most, mean }
}

/**
 * On x64, OpenCV's cubic is from Intel's IPP, which adds in an order of its own, so that ties round
 * differently, and which leaves images of less than four pixels to OpenCV's integer code.
 */
const isCubic = ({ method }: Resampling): boolean => method === 'cubic'

describe.each(resamplings)('$library $method', (resampling) => {
  const check = async (group: Group, count: number, meanOfCubic: number): Promise<void> => {
    const off = await farthest(group, resampling)
    expect(off.images).toBe(count)
    if (!isCubic(resampling)) expect(off).toEqual({ images: count, most: 0, mean: 0 })
    expect(off.most).toBeLessThanOrEqual(1)
    expect(off.mean).toBeLessThan(meanOfCubic)
  }

  test('220 random sizes, up and down', () => check('random', 220, 0.01))
  test('images of one to three pixels', () => check('tiny', 30, 1))
  test('20 real images', () => check('real', 20, 0.001))
  if (resampling.library === 'pillow') test('very high images', () => check('tall', 10, 1))
  if (resampling.library === 'opencv') test('fx and fy', () => check('scaled', 40, 0.01))

  test('a part equals that part of the whole', async () => {
    const { library, method } = resampling
    for (const job of compared) {
      // Every third image is enough.
      if (job.group === 'jpeg' || job.image % 3 > 0) continue
      if (job.library !== library || job.method !== method) continue
      const whole = await ours(job)
      const [width, height] = [between(1, whole.width), between(1, whole.height)]
      const [left, top] = [pick(random, whole.width - width + 1), pick(random, whole.height - height + 1)]
      const part = { left, top, width, height }
      expect(Buffer.compare((await ours(job, part)).data, cut(whole, part).data)).toBe(0)
    }
  })
})

test('a JPEG that is halved while decoding is close, and any other is exact', async () => {
  const bytes = await readFile(packageFile('images/demo.jpg'))
  const { width, height } = await sharp(bytes).metadata()
  const jobs = compared.filter(({ group }) => group === 'jpeg')
  expect(jobs.length).toBe(3)
  for (const { theirs } of jobs) {
    const part = { left: 0, top: 0, width: theirs.width, height: theirs.height }
    const by = { library: 'pillow', method: 'bilinear' } as const
    const fast = (await decodeJpeg(bytes, { width, height }, theirs))!
    const exact = (await decodeJpeg(bytes, { width, height }, { width, height }))!
    expect([exact.width, exact.height]).toEqual([width, height])
    expect(difference((await resample(exact, { size: theirs }, part, by)).data, theirs.data).most).toBe(0)
    expect(
      difference((await resample(fast, { size: theirs }, part, by)).data, theirs.data).mean,
    ).toBeLessThan(0.5)
    expect(fast.width).toBe(
      theirs.width === 120 ? Math.ceil(width / 2) : Math.ceil(width / (theirs.width === 60 ? 2 : 4)),
    )
  }
})
