import { once } from 'node:events'
import { mkdir, mkdtemp, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { findImages } from '../../src/commands/images/find-images.js'
import type { RgbImage } from '../../src/image/index.js'
import { jpegOfSize, makeHeic, makePng, manyScans } from '../helpers/hostile-images.js'
import { pixelsOf } from '../helpers/pixels-of.js'

const noise = sharp(Buffer.from(Array.from({ length: 120 * 80 * 3 }, (_, index) => (index * 7919) % 251)), {
  raw: { width: 120, height: 80, channels: 3 },
})
const formats = ['jpeg', 'progressive', 'png', 'webp', 'tiff', 'gif', 'avif'] as const
const whole = {} as Record<(typeof formats)[number], Buffer>
let folder: string

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hostile-'))
  whole.jpeg = await noise.clone().jpeg().toBuffer()
  whole.progressive = await noise.clone().jpeg({ progressive: true }).toBuffer()
  whole.png = await noise.clone().png().toBuffer()
  whole.webp = await noise.clone().webp().toBuffer()
  whole.tiff = await noise.clone().tiff({ compression: 'lzw' }).toBuffer()
  whole.gif = await noise.clone().gif().toBuffer()
  whole.avif = await noise.clone().avif({ effort: 0 }).toBuffer()
})
afterAll(() => rm(folder, { recursive: true }))

/** The code and the first line of the error, or else the size of the image. */
async function outcomeOf(source: string | Uint8Array, maxPixels?: number): Promise<string> {
  try {
    const { width, height } = await pixelsOf(source, {}, maxPixels === undefined ? {} : { maxPixels })
    return `${width} × ${height}`
  } catch (error) {
    const { code, message } = error as { code: string; message: string }
    return `${code}: ${message.split('\n')[0]}`
  }
}

describe('a truncated file', () => {
  test.each(formats)('%s, at each tenth', async (format) => {
    const file = whole[format]
    expect(await outcomeOf(file)).toBe('120 × 80')
    for (let tenth = 0; tenth < 10; tenth += 1) {
      const cut = file.subarray(0, Math.floor((file.length * tenth) / 10))
      const what = tenth === 0 ? 'is empty \\(0 bytes\\)' : `\\(${cut.length} bytes\\) cannot be decoded: .+`
      expect(await outcomeOf(cut)).toMatch(new RegExp(`^IMAGE_UNREADABLE: The image ${what}\\.$`))
    }
  })
})

describe('random bytes after a valid header', () => {
  test.each(formats)('%s', async (format) => {
    const file = Buffer.from(whole[format])
    for (let at = file.length >> 1; at < file.length; at += 1) file[at] = (at * 193 + (at >> 3)) & 0xff
    // Some formats have no check sums; the existing data are decoded then.
    expect(await outcomeOf(file)).toMatch(/^(IMAGE_UNREADABLE: The image .+|120 × 80$)/)
  })
})

describe('a header that claims a size', () => {
  const tooLarge = (file: Buffer, width: number, height: number): string =>
    `IMAGE_TOO_LARGE: The image (${file.length} bytes) has ${width * height} pixels (${width} × ${height}), above the limit of 268402689.`

  test('a small PNG of 50,000 × 50,000', async () => {
    const file = makePng(50_000, 50_000, { depth: 1, rows: 1 })
    expect(file.length).toBeLessThan(150)
    expect(await outcomeOf(file)).toBe(tooLarge(file, 50_000, 50_000))
  })
  test('a JPEG', async () => {
    const file = jpegOfSize(whole.jpeg, 65_500, 65_500)
    expect(await outcomeOf(file)).toBe(tooLarge(file, 65_500, 65_500))
  })
  test('a progressive JPEG that needs rotation, which sharp reads', async () => {
    const turned = await noise.clone().withMetadata({ orientation: 6 }).jpeg({ progressive: true }).toBuffer()
    const file = jpegOfSize(turned, 60_000, 50_000)
    expect(await outcomeOf(file)).toBe(tooLarge(file, 50_000, 60_000))
  })
  test('a GIF', async () => {
    const file = Buffer.from(whole.gif)
    for (const at of [6, file.indexOf(Buffer.from([0x2c, 0, 0, 0, 0])) + 5]) {
      file.writeUInt16LE(65_535, at)
      file.writeUInt16LE(65_535, at + 2)
    }
    expect(await outcomeOf(file)).toBe(tooLarge(file, 65_535, 65_535))
  })
  test('a TIFF', async () => {
    const file = Buffer.from(whole.tiff)
    const directory = file.readUInt32LE(4)
    for (let at = directory + 2; at < directory + 2 + 12 * file.readUInt16LE(directory); at += 12) {
      if ([256, 257].includes(file.readUInt16LE(at))) file.writeUInt32LE(60_000, at + 8)
    }
    expect(await outcomeOf(file)).toBe(tooLarge(file, 60_000, 60_000))
  })
  test('a WebP cannot claim more than the limit', async () => {
    const file = Buffer.from(whole.webp)
    file.writeUInt16LE(0x3fff, 26)
    file.writeUInt16LE(0x3fff, 28)
    expect(await outcomeOf(file, 1e6)).toBe(
      `IMAGE_TOO_LARGE: The image (${file.length} bytes) has 268402689 pixels (16383 × 16383), above the limit of 1000000.`,
    )
  })
  test('an AVIF', async () => {
    const file = Buffer.from(whole.avif)
    const at = file.indexOf('ispe') + 8
    file.writeUInt32BE(30_000, at)
    file.writeUInt32BE(30_000, at + 4)
    expect(await outcomeOf(file)).toMatch(/^IMAGE_(TOO_LARGE|UNREADABLE): The image /)
  })
})

test('an image too long for resizing is rejected before memory is allocated', async () => {
  const resampling = { library: 'pillow', method: 'bilinear' } as const
  const to = { width: 224, height: 224, by: 'size' } as const
  await expect(
    pixelsOf(makePng(1, 3_000_000, { rows: 1 }), { steps: [{ step: 'resize', to, resampling }] }),
  ).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: expect.stringMatching(
      /^The image \(\d+ bytes\) needs more memory than is available: resizing would take \d+ bytes\.\nMake it smaller\.$/,
    ),
  })
})

test('a JPEG of thousands of scans, each of which would take a pass over the image', async () => {
  const file = manyScans(whole.progressive, 5000)
  expect(await outcomeOf(file)).toMatch(/^IMAGE_UNREADABLE: The image \(\d+ bytes\) cannot be decoded: .+\.$/)
})

describe('only the first of several frames is used', () => {
  const frames = Buffer.alloc(10 * 30 * 3)
  frames.fill(200, 0, 300).fill(90, 300, 600).fill(10, 600)
  const pictures = sharp(frames, { raw: { width: 10, height: 30, channels: 3, pageHeight: 10 } })
  const expectFirst = ({ width, height, data }: RgbImage): void => {
    expect({ width, height, colours: [...new Set(data)] }).toEqual({ width: 10, height: 10, colours: [200] })
  }
  test('an animated GIF', async () => {
    expectFirst(await pixelsOf(await pictures.clone().gif().toBuffer(), {}))
  })
  test('an animated WebP', async () => {
    expectFirst(await pixelsOf(await pictures.clone().webp({ lossless: true }).toBuffer(), {}))
  })
  test('a TIFF of several pages', async () => {
    const pages = await pictures.clone().tiff({ compression: 'none' }).toBuffer()
    expect((await sharp(pages).metadata()).pages).toBe(3)
    expectFirst(await pixelsOf(pages, {}))
  })
})

test('a wrong extension has no effect', async () => {
  const path = join(folder, 'png.jpg')
  await writeFile(path, whole.png)
  expect((await pixelsOf(path, {})).data).toEqual((await pixelsOf(whole.png, {})).data)
})

test('HEIC, which requires a licensed decoder', async () => {
  const file = makeHeic()
  await expect(pixelsOf(file, {})).rejects.toMatchObject({
    code: 'IMAGE_UNREADABLE',
    message:
      `The image (${file.length} bytes) cannot be decoded: HEIC is not supported, only AVIF.\n` +
      'Convert it to a JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP image.',
  })
})

describe('an SVG', () => {
  const unknown = (text: string): string =>
    `IMAGE_UNREADABLE: The image (${text.length} bytes) cannot be decoded: it is an SVG or another XML file, which is not supported.`

  test('does not fetch or read anything', async () => {
    const requests: (string | undefined)[] = []
    const server = createServer((request, response) => {
      requests.push(request.url)
      response.end(whole.png)
    }).listen(0, '127.0.0.1')
    await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    try {
      expect(await (await fetch(`${origin}/seen`)).text()).not.toBe('')
      const secret = join(folder, 'secret.png')
      await writeFile(secret, whole.png)
      for (const reference of [`${origin}/image.png`, `file://${secret}`, secret]) {
        for (const text of [
          `<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="9" height="9"><image xlink:href="${reference}" width="9" height="9"/></svg>`,
          `<?xml version="1.0"?><!DOCTYPE svg [<!ENTITY e SYSTEM "${reference}">]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e;</text></svg>`,
          `<?xml version="1.0"?><!DOCTYPE svg SYSTEM "${reference}"><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>`,
        ]) {
          expect(await outcomeOf(Buffer.from(text))).toBe(unknown(text))
          const path = join(folder, 'drawing.svg')
          await writeFile(path, text)
          expect(await outcomeOf(path)).toBe(unknown(text).replace(/The image \(\d+ bytes\)/, path))
        }
      }
      expect(requests).toEqual(['/seen'])
    } finally {
      server.closeAllConnections()
      server.close()
    }
  })

  test('with expanding entities is not parsed', async () => {
    const entities = Array.from({ length: 12 }, (_, level) => {
      const content = level === 0 ? 'lol' : `&e${level - 1};`.repeat(10)
      return `<!ENTITY e${level} "${content}">`
    })
    const text = `<?xml version="1.0"?><!DOCTYPE svg [${entities.join('')}]><svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><text>&e11;</text></svg>`
    expect(await outcomeOf(Buffer.from(text))).toBe(unknown(text))
  })
})

describe('anything but a regular file', () => {
  test('an endless device', async () => {
    expect(await outcomeOf('/dev/zero')).toBe('IMAGE_UNREADABLE: /dev/zero is a device, not an image file.')
    const path = join(folder, 'zero.png')
    await symlink('/dev/zero', path)
    expect(await outcomeOf(path)).toBe(`IMAGE_UNREADABLE: ${path} is a device, not an image file.`)
  })
  test('a kernel file, which reports that it is empty but is endless', async () => {
    expect(await outcomeOf('/proc/self/pagemap')).toBe(
      'IMAGE_UNREADABLE: /proc/self/pagemap is empty (0 bytes).',
    )
  })
  test('broken links', async () => {
    const [broken, loop] = [join(folder, 'broken.png'), join(folder, 'loop.png')]
    await symlink('gone.png', broken)
    await symlink('loop.png', loop)
    expect(await outcomeOf(broken)).toBe(
      `IMAGE_NOT_FOUND: ${broken} is a link to gone.png, which does not exist.`,
    )
    expect(await outcomeOf(loop)).toBe(`IMAGE_UNREADABLE: ${loop} is a link that refers to itself.`)
  })
})

test('large files: one that is not an image is not read, and no more is read than Node supports', async () => {
  const [zeros, long] = [join(folder, 'zeros.jpg'), join(folder, 'long.jpg')]
  await writeFile(zeros, '')
  await truncate(zeros, 1.9e9)
  const before = process.resourceUsage().maxRSS
  expect(await outcomeOf(zeros)).toBe(
    `IMAGE_UNREADABLE: ${zeros} cannot be decoded: it is not a JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP image.`,
  )
  expect(process.resourceUsage().maxRSS - before).toBeLessThan(200_000)
  await writeFile(long, whole.jpeg)
  await truncate(long, 2 ** 31)
  expect(await outcomeOf(long)).toBe(
    `IMAGE_TOO_LARGE: ${long} has 2147483648 bytes, above the limit of 2147483647.`,
  )
})

test('names with spaces, quotes, newlines and other scripts', async () => {
  for (const name of [
    'a b.png',
    'it\'s "quoted".png',
    'two\nlines.png',
    '图像 é.png',
    '$(x) `y`.png',
    '-n.png',
  ]) {
    const path = join(folder, name)
    await writeFile(path, whole.png)
    expect(await outcomeOf(path)).toBe('120 × 80')
  }
})

test('a name that is not UTF-8 is reported as such', async () => {
  const path = join(folder, 'a\uFFFD.png')
  await expect(pixelsOf(path, {})).rejects.toMatchObject({
    code: 'IMAGE_NOT_FOUND',
    message:
      `There is no image at ${path}.\n` +
      'Rename it if its name is not UTF-8: the character � replaces bytes that could not be decoded.',
  })
})

describe('bytes that the caller changes meanwhile', () => {
  const expected = async (): Promise<RgbImage> => pixelsOf(whole.jpeg, {})

  test('shared memory', async () => {
    const shared = new Uint8Array(new SharedArrayBuffer(whole.jpeg.length))
    shared.set(whole.jpeg)
    const reading = pixelsOf(shared, {})
    shared.fill(0)
    expect(await reading).toEqual(await expected())
  })
  test('memory that shrinks', async () => {
    const Resizable = ArrayBuffer as unknown as new (
      length: number,
      options: { maxByteLength: number },
    ) => ArrayBuffer & { resize(length: number): void }
    const memory = new Resizable(whole.jpeg.length, { maxByteLength: 2 ** 20 })
    const bytes = new Uint8Array(memory)
    bytes.set(whole.jpeg)
    const reading = pixelsOf(bytes, {})
    memory.resize(0)
    expect(await reading).toEqual(await expected())
    expect(await outcomeOf(bytes)).toBe('IMAGE_UNREADABLE: The image is empty (0 bytes).')
  })
  test('transferred memory', async () => {
    const bytes = Uint8Array.from(whole.jpeg)
    const reading = pixelsOf(bytes, {})
    structuredClone(bytes.buffer, { transfer: [bytes.buffer] })
    expect(await reading).toEqual(await expected())
    expect(await outcomeOf(bytes)).toBe('IMAGE_UNREADABLE: The image is empty (0 bytes).')
  })
  test('an array of other elements is the caller’s mistake', async () => {
    await expect(pixelsOf(new Float32Array(9) as never, {})).rejects.toThrow(
      new TypeError(
        'Expected a path, a file: or data: URL, the bytes of an image file (Uint8Array, ArrayBuffer, DataView, Blob or a stream), a sharp instance, an ImageData or { data, width, height, channels } for `image`, got an object (Float32Array).',
      ),
    )
  })
})

test('files whose names are not UTF-8 are each reported, and none is dropped', async () => {
  const odd = join(folder, 'odd')
  await mkdir(odd)
  const write = (name: Buffer): Promise<void> =>
    writeFile(Buffer.concat([Buffer.from(`${odd}/`), name]), whole.png)
  for (const byte of [0xfe, 0xff]) await write(Buffer.from([0x61, byte, 0x27, 0x2e, 0x70, 0x6e, 0x67]))
  for (const name of ['a\uFFFD.png', 'b\n.png', 'é.png']) await write(Buffer.from(name))
  const nothing = new Map<string, Error>()
  const found: string[] = []
  for await (const path of findImages([odd], { nothing: nothing as never, recursive: false }))
    found.push(path)
  const shown = [`${odd}/$'a\\xfe\\x27.png'`, `${odd}/$'a\\xff\\x27.png'`]
  expect([...found].sort()).toEqual([...shown, `${odd}/a\uFFFD.png`, `${odd}/b\n.png`, `${odd}/é.png`].sort())
  expect([...nothing.keys()].sort()).toEqual(shown)
  expect(nothing.get(shown[0]!)).toMatchObject({
    code: 'IMAGE_UNREADABLE',
    message: `${shown[0]!} cannot be read: its name is not UTF-8.\nRename it.`,
  })
})
