/** BMP files of all kinds are decoded to the pixels of cv2.imread, or of Pillow's convert("RGB"). */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { annotate } from '../../src/image/annotate/index.js'
import { readImage } from '../../src/index.js'
import { difference } from '../helpers/pillow.js'
import { runPython } from '../helpers/python.js'
import { referencePixels } from '../helpers/resize-reference.js'

let folder: string
let names: string[]
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bmps-'))
  await runPython('make_bmps.py', [folder])
  names = (await readdir(folder)).sort()
}, 30_000)
afterAll(() => rm(folder, { recursive: true }))

const libraries = ['opencv', 'pillow'] as const

test('all kinds as both libraries read them', async () => {
  expect(names.length).toBe(26)
  const asked = libraries.flatMap((library) => names.map((name) => ({ library, name })))
  const theirs = await referencePixels(
    asked.map(({ library, name }) => ({ path: join(folder, name), decode: library, orient: true })),
    asked.map(({ library }, image) => ({ library, image })),
  )
  for (const [index, { library, name }] of asked.entries()) {
    const ours = await readImage(join(folder, name), { as: library })
    const { width, height, data } = theirs[index]!
    expect([name, ours.width, ours.height]).toEqual([name, width, height])
    expect([library, name, difference(ours.data, data)]).toEqual([library, name, { mean: 0, most: 0 }])
  }
  // The two differ in 16 bits, and in nothing else.
  const count = names.length
  const different = names.filter(
    (_, index) => difference(theirs[index]!.data, theirs[count + index]!.data).most > 0,
  )
  expect(different).toEqual(['16-555.bmp', '16-565-top-down.bmp', '16-565.bmp', '16.bmp'])
})

test('an annotated BMP is a PNG of its pixels', async () => {
  const path = join(folder, '24.bmp')
  const { bytes, format } = await annotate(path, [], { autoOrient: true, maxPixels: 1000 })
  const { data } = await sharp(bytes).raw().toBuffer({ resolveWithObject: true })
  expect([format, new Uint8Array(data)]).toEqual(['png', (await readImage(path)).data])
})

describe('what cannot be decoded', () => {
  const formats = 'JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP'
  const failure = (bytes: Uint8Array): Promise<unknown> =>
    readImage(bytes).then(
      () => 'none',
      (error: unknown) => (error as Error).message,
    )
  const changed = async (name: string, change: (bytes: Buffer) => unknown): Promise<unknown> => {
    const bytes = await readFile(join(folder, name))
    change(bytes)
    return failure(bytes)
  }

  test.each<[string, string, (bytes: Buffer) => unknown, string]>([
    ['RLE', '8.bmp', (bytes) => bytes.writeUInt32LE(1, 30), 'a BMP compressed with RLE'],
    ['an embedded JPEG', '24.bmp', (bytes) => bytes.writeUInt32LE(4, 30), 'a BMP with the compression 4'],
    ['2 bits', '24.bmp', (bytes) => bytes.writeUInt16LE(2, 28), 'a BMP of 2 bits a pixel'],
    [
      'ten bits of red',
      '32-bitfields.bmp',
      (bytes) => bytes.writeUInt32LE(0x3ff00000, 54),
      'a BMP with the bit mask 0x3ff00000',
    ],
  ])('%s', async (_, name, change, kind) => {
    expect(await changed(name, change)).toMatch(
      new RegExp(
        `^The image \\(\\d+ bytes\\) cannot be decoded: it is ${kind}, which is not supported\\.\\nConvert it to a ${formats} image\\.$`,
      ),
    )
  })

  test('a damaged or an incomplete file, and one that claims to be huge', async () => {
    const damaged =
      /^The image \(\d+ bytes\) cannot be decoded: the BMP ends too early\.\nThe file is incomplete or damaged: replace it\.$/
    const whole = await readFile(join(folder, '8.bmp'))
    for (let length = 18; length < whole.length; length += 1)
      expect(await failure(whole.subarray(0, length))).toMatch(damaged)
    expect(await changed('24.bmp', (bytes) => bytes.writeInt32LE(0, 18))).toMatch(damaged)
    expect(await changed('24.bmp', (bytes) => bytes.writeInt32LE(2 ** 31 - 1, 22))).toMatch(damaged)
    expect(await changed('24.bmp', (bytes) => bytes.writeInt32LE(-(2 ** 31), 22))).toMatch(damaged)
    expect(await changed('24.bmp', (bytes) => bytes.writeUInt32LE(2 ** 32 - 1, 10))).toMatch(damaged)
  })

  test.each<[string, string | Buffer]>([
    ['a JPEG 2000 image', Buffer.from('0000000c6a5020200d0a870a00000014', 'hex')],
    ['a JPEG XL image', Buffer.from('ff0a000102030405060708090a0b0c0d0e0f', 'hex')],
    ['a Photoshop document', '8BPS\0\u0001\0\0\0\0\0\0\0\u0003\0\0\0\0'],
    ['a PDF', '%PDF-1.7\n%some bytes'],
    ['an SVG or another XML file', '<svg xmlns="http://www.w3.org/2000/svg"/>'],
    ['a web page', '<!DOCTYPE html><html><body>Not Found'],
    ['an icon or a cursor of Windows', Buffer.from('00000100010010100000010020006804', 'hex')],
    ['a Netpbm image', 'P6\n1 1\n255\nabc and more'],
    ['a ZIP archive', 'PK\u0003\u0004 and more bytes'],
    ['a video', '\0\0\0\u0020ftypisom\0\0\u0002\0isomiso2'],
  ])('%s is named', async (kind, content) => {
    expect(await failure(Buffer.from(content))).toMatch(
      new RegExp(
        `cannot be decoded: it is ${kind}, which is not supported\\.\\nConvert it to a ${formats} image\\.$`,
      ),
    )
  })

  test('a pointer of Git LFS', async () => {
    expect(await failure(Buffer.from('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'))).toMatch(
      /cannot be decoded: it is a pointer of Git LFS, not the image itself\.\nGet the image: git lfs pull$/,
    )
  })
})
