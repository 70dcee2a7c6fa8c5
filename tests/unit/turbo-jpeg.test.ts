import { beforeAll, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { jpegOrientation } from '../../src/image/decode/image-header.js'
import { turboDecode, turboSize } from '../../src/image/decode/libjpeg-turbo.js'

const picture = sharp({ create: { width: 33, height: 17, channels: 3, background: '#4080c0' } })
let jpeg: Buffer

beforeAll(async () => {
  jpeg = await picture.clone().jpeg().toBuffer()
})

test('RGB and grey JPEGs are supported; others are not', async () => {
  expect(turboSize(jpeg)).toEqual({ width: 33, height: 17 })
  expect(turboSize(await picture.clone().greyscale().jpeg().toBuffer())).toEqual({ width: 33, height: 17 })
  expect(turboSize(await picture.clone().toColourspace('cmyk').jpeg().toBuffer())).toBeUndefined()
  expect(turboSize(await picture.clone().png().toBuffer())).toBeUndefined()
  expect(turboSize(jpeg.subarray(0, 20))).toBeUndefined()
})

test('a damaged one is left to sharp', async () => {
  const target = new Uint8Array(3 * 33 * 17)
  await expect(turboDecode(jpeg, { width: 33, height: 17 }, target)).resolves.toBe(true)
  await expect(turboDecode(jpeg.subarray(0, -20), { width: 33, height: 17 }, target)).resolves.toBe(false)
})

test('many concurrent calls each return their own pixels', async () => {
  const greys = await Promise.all(
    Array.from({ length: 24 }, async (_, index) => {
      const background = { r: 10 * index, g: 10 * index, b: 10 * index }
      const image = sharp({ create: { width: 64, height: 64, channels: 3, background } })
      const target = new Uint8Array(3 * 64 * 64)
      await turboDecode(await image.jpeg({ quality: 100 }).toBuffer(), { width: 64, height: 64 }, target)
      return [...new Set(target)]
    }),
  )
  expect(greys).toEqual(Array.from({ length: 24 }, (_, index) => [10 * index]))
})

test('too small a buffer is an error before anything is written', async () => {
  const target = new Uint8Array(10)
  await expect(turboDecode(jpeg, { width: 33, height: 17 }, target)).rejects.toThrow(
    'No room for 33 × 17 pixels.',
  )
})

test('finds the orientation in Exif data of both byte orders, and returns 1 without Exif data', async () => {
  expect(jpegOrientation(jpeg)).toBe(1)
  const turned = await picture.clone().withMetadata({ orientation: 6 }).jpeg().toBuffer()
  expect(jpegOrientation(turned)).toBe(6)
  expect(jpegOrientation(withExif('4d4d002a00000008000101120003000000010008000000000000'))).toBe(8)
  expect(jpegOrientation(withExif('49492a000800000001001201030001000000030000000000000000'))).toBe(3)
  expect(jpegOrientation(withExif('4d4d002a000000080000'))).toBe(1)
})

test('truncated or invalid Exif data have no reliable orientation', () => {
  expect(jpegOrientation(withExif('4d4d002a00000008000201'))).toBeUndefined()
  expect(jpegOrientation(withExif('00000000000000000000'))).toBeUndefined()
  expect(jpegOrientation(jpeg.subarray(0, 6))).toBeUndefined()
})

/** The JPEG with a TIFF file, in hexadecimal, as its Exif data. */
function withExif(tiff: string): Uint8Array {
  const payload = Buffer.concat([Buffer.from('Exif\0\0'), Buffer.from(tiff, 'hex')])
  const head = Buffer.from([0xff, 0xd8, 0xff, 0xe1, 0, payload.length + 2])
  return Buffer.concat([head, payload, jpeg.subarray(2)])
}
