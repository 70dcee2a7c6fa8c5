/** Images are read like with Pillow: the same pixels, and nearly the same after resizing. */
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { tutorialPreprocessing } from '../../src/model/index.js'
import { difference, pillowPixels } from '../helpers/pillow.js'
import { pixelsOf } from '../helpers/pixels-of.js'
import { runPython } from '../helpers/python.js'
import { describeReal, realModels } from '../helpers/real-models.js'

let folder: string
let names: string[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'parity-'))
  await runPython('make_images.py', [folder])
  for (const name of ['kind-profile.png', 'kind-profile.jpg']) {
    await sharp(join(folder, 'kind-rgb.tif')).withIccProfile('p3').toFile(join(folder, name))
  }
  names = (await readdir(folder)).sort()
})
afterAll(() => rm(folder, { recursive: true }))

interface Compared {
  readonly name: string
  readonly mean: number
  readonly most: number
  /** The reduction of the shorter side. */
  readonly reduction: number
}

/** Compares the crop of each image, after the tutorial's preprocessing, with Pillow's. */
async function compareCrops(images: readonly string[]): Promise<Compared[]> {
  const theirs = await pillowPixels(images.map((path) => ({ path, short: 256, crop: 224 })))
  return Promise.all(
    images.map(async (path, index) => {
      const ours = await pixelsOf(path, tutorialPreprocessing)
      const { width, height } = await sharp(path).metadata()
      const { mean, most } = difference(ours.data, theirs[index]?.pixels ?? new Uint8Array())
      return {
        name: path.slice(path.lastIndexOf('/') + 1),
        mean,
        most,
        reduction: Math.min(width, height) / 256,
      }
    }),
  )
}

/** A JPEG that is reduced more than this is halved while decoding. */
const halvedFrom = 5.4

const tooFar = ({ name, mean, most, reduction }: Compared): boolean =>
  name.endsWith('.jpg') && reduction >= halvedFrom ? mean >= 0.5 : most > 0

test('images of all sizes and kinds equal Pillow’s bit for bit, resized and cropped', async () => {
  const images = names.filter((name) => !name.startsWith('exif-')).map((name) => join(folder, name))
  const compared = await compareCrops(images)
  expect(compared.length).toBeGreaterThan(30)
  expect(compared.filter(({ reduction }) => reduction >= halvedFrom).length).toBeGreaterThan(1)
  expect(compared.filter(tooFar)).toEqual([])
})

test.each([
  ['grey', ['kind-grey.png', 'kind-grey.jpg', 'kind-1-bit.png']],
  [
    'a palette, with and without a transparent colour',
    ['kind-palette.png', 'kind-palette-transparent.png', 'kind-palette.gif'],
  ],
  ['alpha, which is dropped', ['kind-rgba.png', 'kind-rgba.webp', 'kind-grey-alpha.png']],
  ['CMYK', ['kind-cmyk.jpg', 'kind-cmyk.tif']],
  ['other formats', ['kind-rgb.tif', 'kind-rgb.webp', 'kind-progressive.jpg']],
  ['a colour profile, which is ignored', ['kind-profile.png', 'kind-profile.jpg']],
])('the exact pixels of Pillow’s convert("RGB"): %s', async (_, kinds) => {
  const theirs = await pillowPixels(kinds.map((name) => ({ path: join(folder, name) })))
  for (const [index, name] of kinds.entries()) {
    const ours = await pixelsOf(join(folder, name), {})
    expect([name, ours.width, ours.height]).toEqual([name, ...(theirs[index]?.size ?? [])])
    expect([name, difference(ours.data, theirs[index]?.pixels ?? new Uint8Array())]).toEqual([
      name,
      { mean: 0, most: 0 },
    ])
  }
})

test.each([1, 2, 3, 4, 5, 6, 7, 8])(
  'EXIF orientation %d is applied, or ignored with autoOrient: false',
  async (orientation) => {
    const path = join(folder, `exif-${orientation}.png`)
    const [turned, asStored] = await pillowPixels([{ path, orient: true }, { path }])
    const ours = await pixelsOf(path, {})
    expect([ours.width, ours.height]).toEqual(turned?.size)
    expect(Buffer.from(ours.data).equals(Buffer.from(turned?.pixels ?? []))).toBe(true)
    const untouched = await pixelsOf(path, {}, { autoOrient: false })
    expect(Buffer.from(untouched.data).equals(Buffer.from(asStored?.pixels ?? []))).toBe(true)
  },
)

test.each([1, 3, 6])('EXIF orientation %d of a JPEG', async (orientation) => {
  const path = join(folder, `turned-${orientation}.jpg`)
  await sharp(join(folder, 'size-224x300.jpg')).withMetadata({ orientation }).toFile(path)
  const [turned, asStored] = await pillowPixels([{ path, orient: true }, { path }])
  expect(difference((await pixelsOf(path, {})).data, turned?.pixels ?? new Uint8Array()).most).toBe(0)
  const untouched = await pixelsOf(path, {}, { autoOrient: false })
  expect(difference(untouched.data, asStored?.pixels ?? new Uint8Array()).most).toBe(0)
})

test('16-bit images lose their lower half, and grey ones are clipped at 255, as in Pillow', async () => {
  const { grey, rgb } = JSON.parse(await runPython('make_16_bit.py', [folder])) as {
    grey: number[]
    rgb: number[]
  }
  const greyImage = await pixelsOf(join(folder, 'grey-16.png'), {})
  expect([...greyImage.data]).toEqual(
    grey.flatMap((value) => Array(3).fill(Math.min(value, 255)) as number[]),
  )
  expect([...(await pixelsOf(join(folder, 'grey-16.tif'), {})).data]).toEqual([...greyImage.data])
  const rgbImage = await pixelsOf(join(folder, 'rgb-16.png'), {})
  expect([...rgbImage.data]).toEqual(rgb.map((value) => value >> 8))
})

describeReal('real images', () => {
  test('equal Pillow’s', async () => {
    const images = (await readdir(join(realModels, 'images'))).map((name) => join(realModels, 'images', name))
    const compared = await compareCrops(images)
    expect(compared.length).toBeGreaterThan(5)
    expect(compared.filter(tooFar)).toEqual([])
  })
})
