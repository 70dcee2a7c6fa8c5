import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import sharp, { type Sharp } from 'sharp'
import { annotate, type AnnotateOptions, type Mark } from '../../src/image/annotate/index.js'
import { drawLabel, signsOf } from '../../src/image/annotate/text.js'
import type { ImageSource } from '../../src/image/index.js'

type Rgb = readonly [number, number, number]
const white: Rgb = [255, 255, 255]
const black: Rgb = [0, 0, 0]
const grey: Rgb = [128, 128, 128]
const red: Rgb = [230, 25, 75]
// Under Jest, each access to a global takes a microsecond.
const { min, max } = Math

const box = { x1: 100, y1: 60, x2: 200, y2: 120 }
const mark: Mark = { classId: 0, score: 0.98, label: 'face', box }

function plain(colour: Rgb = grey, width = 320, height = 200): Sharp {
  const [r, g, b] = colour
  return sharp({ create: { width, height, channels: 3, background: { r, g, b } } })
}

class Picture {
  readonly width: number
  readonly height: number
  readonly channels: number
  readonly #data: Buffer

  constructor(
    data: Buffer,
    { width, height, channels }: { width: number; height: number; channels: number },
  ) {
    this.#data = data
    this.width = width
    this.height = height
    this.channels = channels
  }

  static async of(source: ImageSource, marks: readonly Mark[], options: Partial<AnnotateOptions> = {}) {
    const { bytes, format } = await annotate(source, marks, { autoOrient: true, maxPixels: 1e6, ...options })
    expect((await sharp(bytes).metadata()).format).toBe(format)
    const { data, info } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
    return Object.assign(new Picture(data, info), { format })
  }

  at(x: number, y: number): number[] {
    const at = (y * this.width + x) * this.channels
    return [...this.#data.subarray(at, at + this.channels)]
  }

  /** The greatest and the least brightness in an area. */
  contrast(left: number, top: number, width: number, height: number): number {
    const values = Array.from({ length: width * height }, (_, index) => {
      const [r = 0, g = 0, b = 0] = this.at(left + (index % width), top + Math.floor(index / width))
      return r + g + b
    })
    return max(...values) - min(...values)
  }

  /** The smallest area around the pixels that differ from a colour. */
  changed(colour: Rgb): number[] {
    const data = this.#data
    const [red, green, blue] = colour
    const { channels } = this
    let [left, top, right, bottom] = [this.width, this.height, -1, -1]
    for (let y = 0; y < this.height; y += 1) {
      for (let x = 0; x < this.width; x += 1) {
        const at = (y * this.width + x) * channels
        if (data[at] === red && data[at + 1] === green && data[at + 2] === blue) continue
        ;[left, top, right, bottom] = [min(left, x), min(top, y), max(right, x), max(bottom, y)]
      }
    }
    return [left, top, right, bottom]
  }
}

describe('a box', () => {
  test.each([[white], [black], [grey]])('has its edges where they are, on %p', async (colour) => {
    const picture = await Picture.of(plain(colour), [mark])
    for (const [x, y] of [
      [100, 90],
      [199, 90],
      [150, 119],
      [180, 60],
    ] as const) {
      expect(picture.at(x, y)).toEqual(red)
    }
    // A dark line around it, and a light one inside.
    for (const [x, y] of [
      [99, 90],
      [200, 90],
      [150, 120],
    ] as const)
      expect(picture.at(x, y)).toEqual(black)
    for (const [x, y] of [
      [102, 90],
      [197, 90],
      [150, 117],
    ] as const)
      expect(picture.at(x, y)).toEqual(white)
    expect(picture.at(150, 90)).toEqual(colour)
    expect(picture.at(97, 90)).toEqual(colour)
  })

  test('has its tag above it, with legible letters', async () => {
    const picture = await Picture.of(plain(), [mark])
    expect(picture.at(101, 58)).toEqual(red)
    expect(picture.contrast(102, 44, 60, 15)).toBe(3 * 255 - (230 + 25 + 75))
    expect(picture.at(101, 40)).toEqual(grey)
  })

  test.each([
    ['in the upper left corner', { x1: -40, y1: -5, x2: 30, y2: 20 }],
    ['in the lower right corner', { x1: 300, y1: 190, x2: 400, y2: 260 }],
    ['that is the image', { x1: 0, y1: 0, x2: 320, y2: 200 }],
    ['whose corners are the wrong way round', { x1: 200, y1: 120, x2: 100, y2: 60 }],
    ['of nothing', { x1: 50, y1: 50, x2: 50, y2: 50 }],
  ])('%s keeps its tag inside the image', async (_, at) => {
    const picture = await Picture.of(plain(), [{ ...mark, box: at }])
    const [left = 0, top = 0, right = 0, bottom = 0] = picture.changed(grey)
    expect(right - left).toBeGreaterThan(50)
    expect(bottom - top).toBeGreaterThan(15)
    expect([picture.width, picture.height]).toEqual([320, 200])
  })

  test.each([
    { x1: 400, y1: 10, x2: 500, y2: 20 },
    { x1: 10, y1: -20, x2: 20, y2: -10 },
    { x1: NaN, y1: 0, x2: 10, y2: 10 },
  ])('outside the image is not drawn: %p', async (at) => {
    expect((await Picture.of(plain(), [{ ...mark, box: at }])).changed(grey)).toEqual([320, 200, -1, -1])
  })

  test('of another class has another colour, the same in every image', async () => {
    const pictures = await Promise.all(
      [0, 1, 80].map((classId) => Picture.of(plain(), [{ ...mark, classId }])),
    )
    const [first, second, again] = pictures.map((picture) => picture.at(100, 90))
    expect(first).toEqual(red)
    expect(second).toEqual([0, 130, 200])
    expect(again).toEqual(red)
  })

  test('of another class of the image has another colour, whichever comes first', async () => {
    const of = (classId: number, y1: number) => ({ ...mark, classId, box: { ...box, y1, y2: y1 + 40 } })
    for (const [first, second] of [
      [of(0, 30), of(80, 130)],
      [of(80, 130), of(0, 30)],
    ] as const) {
      const picture = await Picture.of(plain(), [first, second])
      expect([picture.at(100, 50), picture.at(100, 150)]).toEqual([red, [0, 130, 200]])
    }
  })

  test('with a higher score is on top', async () => {
    const picture = await Picture.of(plain(), [mark, { ...mark, classId: 1, score: 0.5 }])
    expect(picture.at(100, 90)).toEqual(red)
  })
})

test('the best 300 are drawn, and no more', async () => {
  const small = { x1: 0, y1: 0, x2: 4, y2: 4 }
  const last = { classId: 1, score: 0.5, label: 'last', box }
  const withLast = async (before: number): Promise<number[]> => {
    const marks = Array.from({ length: before }, () => ({ ...mark, label: '', box: small }))
    return (await Picture.of(plain(), [...marks, last])).at(100, 90)
  }
  expect(await withLast(299)).toEqual([0, 130, 200])
  expect(await withLast(300)).toEqual([...grey])
})

test('classes are listed in the upper left corner, as many as fit', async () => {
  const classes = Array.from({ length: 50 }, (_, classId) => ({
    classId,
    score: 0.02,
    label: `name ${classId}`,
  }))
  const picture = await Picture.of(plain(), classes)
  expect(picture.at(0, 0)).toEqual(red)
  const [left, top, right = 0, bottom = 0] = picture.changed(grey)
  expect([left, top]).toEqual([0, 0])
  expect(right).toBeLessThan(160)
  expect(bottom).toBeGreaterThan(160)
  expect((await Picture.of(plain(), classes.slice(0, 1))).changed(grey)[3]).toBeLessThan(30)
})

test.each([
  [200, 150, 17],
  [1000, 800, 30],
  [600, 20, 17],
  // No room for a letter.
  [24, 24, 0],
  [1, 1, 0],
])('sizes are in proportion to the image: %d × %d', async (width, height, tag) => {
  const picture = await Picture.of(plain(grey, width, height), [{ classId: 0, score: 0.5, label: 'hen' }])
  expect(picture.changed(grey)[3]).toBe(tag - 1)
})

test.each([
  [51, 15, 0],
  [320, 200, 17],
])('the class of a segment is listed unless it would hide it: %d × %d', async (width, height, tag) => {
  const labelMap = { width, height, data: new Uint16Array(width * height).fill(1) }
  const mark: Mark = { classId: 1, share: 1, label: 'background' }
  const picture = await Picture.of(plain(grey, width, height), [mark], { labelMap })
  const tinted = picture.at(width - 1, height - 1)
  expect(tinted).not.toEqual(grey)
  const rows = Array.from({ length: height }, (_, y) => picture.at(0, y))
  expect(rows.filter((pixel) => String(pixel) !== String(tinted))).toHaveLength(tag)
})

describe('a label', () => {
  const widthOf = async (label: string, width = 1e6): Promise<number> =>
    (await drawLabel(label, ' 0.98', { size: 20, width }))?.width ?? 0

  test('that is too long is truncated', async () => {
    const long = 'white-tailed '.repeat(1000)
    const [whole, cut] = [await widthOf('white-tailed'), await widthOf(long, 200)]
    expect(cut).toBeLessThanOrEqual(200)
    expect(cut).toBeGreaterThan(whole)
    expect(await widthOf(long, 5)).toBe(0)
  })
  test('without room for its first letter is … and the number, or nothing', async () => {
    const both = await drawLabel('', '… 0.98', { size: 20, width: 1e6 })
    expect(both).toBeDefined()
    expect(await drawLabel('WWW', ' 0.98', { size: 20, width: both!.width })).toEqual(both)
    expect(await drawLabel('WWW', ' 0.98', { size: 20, width: both!.width - 1 })).toBeUndefined()
  })
  test('is not interpreted as markup', async () => {
    expect(await widthOf('<b>a&b</b>')).toBeGreaterThan(await widthOf('ab'))
    expect(await widthOf('&#10; <span size="1000000">x')).toBeLessThan(600)
  })
  test('loses control characters and those that change the direction', () => {
    expect(signsOf(' a\n\u0000b\u202ec\ud800\u2028').join('')).toBe('a bc\ufffd')
    expect(signsOf(`${'x'.repeat(3199)}😀`).join('')).toBe('x'.repeat(3199))
    // A character of several code points is not split.
    expect(signsOf('e\u0301👩‍🌾')).toEqual(['e\u0301', '👩‍🌾'])
  })
  test('in any script is drawn', async () => {
    expect(await widthOf('中文标签')).toBeGreaterThan((await widthOf('')) + 20)
  })
})

describe('an image', () => {
  const plainFile = (change: (image: Sharp) => Sharp): Promise<Buffer> =>
    change(plain([10, 200, 90])).toBuffer()
  const near = (rgb: readonly number[], by = 4): number[] =>
    rgb.map(
      (value) => ({ asymmetricMatch: (got: number) => Math.abs(got - value) <= by }) as unknown as number,
    )

  test.each<[string, (image: Sharp) => Sharp, string, number[]]>([
    ['a JPEG', (image) => image.jpeg(), 'jpeg', [10, 200, 90]],
    ['a PNG', (image) => image.png(), 'png', [10, 200, 90]],
    ['a WebP', (image) => image.webp(), 'webp', [10, 200, 90]],
    ['a GIF', (image) => image.gif(), 'png', [10, 200, 90]],
    ['a TIFF of CMYK', (image) => image.toColourspace('cmyk').tiff(), 'png', [93, 172, 53]],
    ['a PNG of 16 bits', (image) => image.toColourspace('rgb16').png(), 'png', [10, 200, 90]],
    ['a grey JPEG', (image) => image.greyscale().jpeg(), 'jpeg', [173, 173, 173]],
    ['a grey PNG', (image) => image.greyscale().toColourspace('b-w').png(), 'png', [173, 173, 173]],
    ['a PNG with alpha', (image) => image.ensureAlpha(0.5).png(), 'png', [10, 200, 90, 128]],
    [
      'a grey PNG with alpha',
      (image) => image.greyscale().toColourspace('b-w').ensureAlpha(0.5).png(),
      'png',
      [173, 173, 173, 128],
    ],
  ])('%s keeps its colours and, if possible, its format', async (_, change, format, colour) => {
    const picture = await Picture.of(await plainFile(change), [mark])
    expect(picture.format).toBe(format)
    expect(picture.at(10, 10).slice(0, colour.length)).toEqual(near(colour))
    const drawn = picture.at(100, 90)
    expect(drawn.slice(0, 3)).toEqual(near(red, format === 'png' ? 0 : 60))
    if (colour.length === 4) expect(drawn[3]).toBe(255)
  })

  test('as raw pixels, or as a sharp instance', async () => {
    const data = new Uint8Array(3 * 320 * 200).fill(128)
    const before = new Uint8Array(data)
    for (const source of [{ data, width: 320, height: 200, channels: 3 } as const, plain()]) {
      const picture = await Picture.of(source, [mark])
      expect([picture.format, picture.at(100, 90), picture.at(10, 10)]).toEqual(['png', red, grey])
    }
    expect(Buffer.compare(data, before)).toBe(0)
  })

  test('is rotated as for the network, and loses its Exif data', async () => {
    const turned = await plain(grey, 200, 320).withMetadata({ orientation: 6 }).jpeg().toBuffer()
    const { bytes } = await annotate(turned, [], { autoOrient: true, maxPixels: 1e6 })
    const { width, height, orientation } = await sharp(bytes).metadata()
    expect([width, height, orientation]).toEqual([320, 200, 1])
    expect(await Picture.of(turned, [], { autoOrient: false })).toMatchObject({ width: 200, height: 320 })
  })

  test('is written in another format on request; transparency becomes white in a JPEG', async () => {
    const clear = await plain().ensureAlpha(0).png().toBuffer()
    const picture = await Picture.of(clear, [mark], { format: 'jpeg' })
    expect([picture.format, picture.at(10, 10)]).toEqual(['jpeg', white])
  })

  test('that cannot have the format, or is too large', async () => {
    const long = await plain(grey, 17_000, 1).png().toBuffer()
    await expect(Picture.of(long, [], { format: 'webp' })).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringMatching(
        /^The image \(\d+ bytes\) cannot be written as WEBP: .+\.\nWrite it as PNG\.$/,
      ) as unknown as string,
    })
    await expect(Picture.of(long, [], { maxPixels: 16_999 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
    })
  })
})

describe('without any font on the system', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'no-fonts-'))
    const config = `<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "fonts.dtd"><fontconfig><dir>${folder}</dir></fontconfig>`
    await writeFile(join(folder, 'fonts.conf'), config)
  })
  afterAll(() => rm(folder, { recursive: true }))

  test('Latin letters are drawn, by the font of the package', async () => {
    const font = createRequire(import.meta.url).resolve(
      '@expo-google-fonts/atkinson-hyperlegible/700Bold/AtkinsonHyperlegible_700Bold.ttf',
    )
    // In a process of its own: fonts are only looked up once.
    const script = `
      import sharp from 'sharp'
      const text = { text: 'hen 0.98', font: 'Atkinson Hyperlegible, sans-serif Bold 20', dpi: 72, wrap: 'none' }
      const pixels = (fontfile) => sharp({ text: { ...text, ...fontfile } }).raw().toBuffer()
      const without = await pixels({})
      const own = await pixels({ fontfile: process.argv[1] })
      process.stdout.write(JSON.stringify([without.length, own.length]))`
    const { stdout } = await execa(process.execPath, ['--input-type=module', '-e', script, font], {
      env: { FONTCONFIG_FILE: join(folder, 'fonts.conf') },
    })
    const [without, own] = JSON.parse(stdout) as [number, number]
    const mask = await drawLabel('hen', ' 0.98', { size: 20, width: 1e6 })
    expect(own).toBe(3 * mask!.width * mask!.height)
    expect(without).not.toBe(own)
  })
})
