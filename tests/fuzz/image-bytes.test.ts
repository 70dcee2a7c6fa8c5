import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import sharp from 'sharp'
import type { Preprocessing } from '../../src/model/index.js'
import { fuzzing } from '../helpers/fuzz.js'
import { makeHeic } from '../helpers/hostile-images.js'
import { pixelsOf } from '../helpers/pixels-of.js'

const picture = sharp(Buffer.from(Array.from({ length: 36 * 24 * 3 }, (_, index) => (index * 7919) % 251)), {
  raw: { width: 36, height: 24, channels: 3 },
})
const animation = { raw: { width: 36, height: 24, channels: 3, pageHeight: 8 } } as const

async function wholeFiles(): Promise<Buffer[]> {
  const frames = sharp(await picture.clone().raw().toBuffer(), animation)
  const images = await Promise.all([
    picture.clone().jpeg().toBuffer(),
    picture.clone().jpeg({ progressive: true }).toBuffer(),
    picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer(),
    picture.clone().greyscale().jpeg().toBuffer(),
    picture.clone().toColourspace('cmyk').jpeg().toBuffer(),
    picture.clone().png().toBuffer(),
    picture.clone().png({ palette: true, progressive: true }).toBuffer(),
    picture.clone().ensureAlpha(0.5).toColourspace('rgb16').png().toBuffer(),
    picture.clone().webp().toBuffer(),
    frames.clone().webp({ lossless: true }).toBuffer(),
    picture.clone().gif().toBuffer(),
    frames.clone().gif().toBuffer(),
    picture.clone().tiff({ compression: 'none' }).toBuffer(),
    picture.clone().tiff({ compression: 'lzw', tile: true, tileWidth: 16, tileHeight: 16 }).toBuffer(),
    picture.clone().tiff({ compression: 'jpeg' }).toBuffer(),
    picture.clone().avif({ effort: 0 }).toBuffer(),
  ])
  return [...images, makeHeic(), bitmap()]
}

/** A BMP, which is not read. */
function bitmap(): Buffer {
  const file = Buffer.alloc(54 + 36 * 24 * 3, 90)
  file.write('BM')
  file.writeUInt32LE(54, 10)
  return file
}

/** One change to a file; places are parts of its length, so that they fit every file. */
type Change = { at: number; to: number } & (
  { kind: 'put' | 'insert'; bytes: Uint8Array } | { kind: 'flip'; bit: number } | { kind: 'cut' | 'double' }
)

const place = fc.double({ min: 0, max: 1, noNaN: true })
const places = {
  at: fc.oneof(
    place,
    place.map((part) => part / 20),
  ),
  to: place,
}
const telling = fc.constantFrom([0xff, 0xff, 0xff, 0xff], [0, 0, 0, 0], [0x7f, 0xff], [0x80, 0], [0xff, 0xda])
const bytes = fc.oneof(
  fc.uint8Array({ minLength: 1, maxLength: 8 }),
  telling.map((values) => Uint8Array.from(values)),
)
const change: fc.Arbitrary<Change> = fc.oneof(
  fc.record({ ...places, kind: fc.constant('flip' as const), bit: fc.integer({ min: 0, max: 7 }) }),
  fc.record({ ...places, kind: fc.constantFrom('put' as const, 'insert' as const), bytes }),
  fc.record({ ...places, kind: fc.constantFrom('cut' as const, 'double' as const) }),
)

function changed(file: Buffer, { at, to, ...how }: Change): Buffer {
  const from = Math.floor(at * file.length)
  const end = Math.min(file.length, from + Math.ceil(to * to * 64))
  const [before, part, after] = [file.subarray(0, from), file.subarray(from, end), file.subarray(end)]
  switch (how.kind) {
    case 'flip': {
      const copy = Buffer.from(file)
      if (from < copy.length) copy[from] = (copy[from] ?? 0) ^ (1 << how.bit)
      return copy
    }
    case 'put':
      return Buffer.concat([before, how.bytes, file.subarray(from + how.bytes.length)])
    case 'insert':
      return Buffer.concat([before, how.bytes, part, after])
    case 'cut':
      return Buffer.concat([before, after])
    case 'double':
      return Buffer.concat([before, part, part, after])
  }
}

const errors = new Set(['IMAGE_UNREADABLE', 'IMAGE_TOO_LARGE'])

test(`changed files of every format: pixels of the size asked for, or why not (seed ${fuzzing.seed})`, async () => {
  const files = await wholeFiles()
  const preprocessing: Partial<Preprocessing> = {
    steps: [
      {
        step: 'resize',
        to: { short: 12, fraction: 'cut' },
        resampling: { library: 'pillow', method: 'bilinear' },
      },
      { step: 'crop', size: { width: 12, height: 12 } },
    ],
  }
  const tally = { pixels: 0, errors: 0 }
  const property = fc.asyncProperty(
    fc.nat({ max: files.length - 1 }),
    fc.array(change, { maxLength: 4 }),
    async (index, changes) => {
      const file = changes.reduce(changed, files[index]!)
      try {
        const { width, height, data } = await pixelsOf(file, preprocessing, { maxPixels: 100_000 })
        expect({ width, height, length: data.length }).toEqual({ width: 12, height: 12, length: 432 })
        tally.pixels += 1
      } catch (error) {
        if (!errors.has((error as { code: string }).code)) throw error
        expect(error).toMatchObject({ name: 'PaddleError' })
        expect((error as Error).message).toMatch(/^The image \(\d+ bytes\) [^]+\.\n[^\n]+\.$/)
        tally.errors += 1
      }
    },
  )
  await fc.assert(property, fuzzing.parameters('image bytes', 800))
  // Both happen, else nothing was tried.
  expect(Math.min(tally.pixels, tally.errors)).toBeGreaterThan(0)
  // And nothing of it stays.
  expect((await pixelsOf(files[0]!, preprocessing)).data.length).toBe(432)
})
