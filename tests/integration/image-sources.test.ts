import { createReadStream, openAsBlob } from 'node:fs'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Readable } from 'node:stream'
import { finished } from 'node:stream/promises'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import sharp from 'sharp'
import { isImageSource, readPixels, type ImageSource, type RawPixels } from '../../src/image/index.js'
import { readStream } from '../../src/image/source/read-stream.js'
import { tutorialPreprocessing } from '../../src/model/index.js'
import { hostileServer } from '../helpers/hostile-server.js'
import { until } from '../helpers/until.js'

const asItIs = { ...tutorialPreprocessing, steps: [] }
const [width, height] = [20, 12]
const colours = Uint8Array.from({ length: 3 * width * height }, (_, index) => (index * 7919) % 251)

let folder: string
let path: string
let file: Buffer
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sources-'))
  path = join(folder, 'ü #1.png')
  file = await sharp(colours, { raw: { width, height, channels: 3 } })
    .png()
    .toBuffer()
  await writeFile(path, file)
})
afterAll(() => rm(folder, { recursive: true }))

async function pixelsOf(source: ImageSource): Promise<Uint8Array> {
  const { pixels } = await readPixels(source, asItIs)
  expect([pixels.width, pixels.height]).toEqual([width, height])
  return pixels.data
}

/** The file in chunks smaller than a signature. */
function* parts(): Generator<Buffer> {
  for (let at = 0; at < file.length; at += 7) yield file.subarray(at, at + 7)
}

// eslint and Jest both require an async one.
async function* partsLater(): AsyncGenerator<Buffer> {
  for (const part of parts()) yield await Promise.resolve(part)
}

function shared(bytes: Uint8Array): Uint8Array<SharedArrayBuffer> {
  const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
  copy.set(bytes)
  return copy
}

function escaped(bytes: Uint8Array): string {
  return Array.from(bytes, (byte) => `%${byte.toString(16).padStart(2, '0')}`).join('')
}

function withAlpha(): Uint8Array {
  return Uint8Array.from({ length: 4 * width * height }, (_, index) =>
    index % 4 === 3 ? index % 256 : colours[Math.floor(index / 4) * 3 + (index % 4)]!,
  )
}

const raw = (channels: RawPixels['channels'], data: Uint8Array = colours): RawPixels => ({
  ...{ data, width, height, channels },
})

describe('has the pixels of the path', () => {
  test.each<[string, () => ImageSource | Promise<ImageSource>]>([
    ['a path', () => path],
    ['a file: URL', () => pathToFileURL(path)],
    ['a Buffer', () => file],
    [
      'a Uint8Array into the middle of its memory',
      () => new Uint8Array(Buffer.concat([file, file])).subarray(file.length),
    ],
    ['a Uint8Array in shared memory', () => shared(file)],
    ['a file: URL as a string', () => pathToFileURL(path).href],
    ['a data: URL', () => `data:image/png;base64,${file.toString('base64')}`],
    ['a data: URL with percent signs', () => new URL(`data:,${escaped(file)}`)],
    ['an ArrayBuffer', () => new Uint8Array(file).buffer],
    ['shared memory', () => shared(file).buffer],
    [
      'a DataView into the middle of its memory',
      () => new DataView(new Uint8Array(Buffer.concat([file, file])).buffer, file.length, file.length),
    ],
    ['a Blob', () => new Blob([new Uint8Array(file)])],
    ['a File', () => new File([new Uint8Array(file)], 'a.png')],
    ['a Blob of a file', async () => openAsBlob(path)],
    ['pixels in a Uint8ClampedArray', () => ({ ...raw(3), data: new Uint8ClampedArray(colours) })],
    ['an ImageData', () => ({ data: new Uint8ClampedArray(withAlpha()), width, height })],
    ['a stream of a file', () => createReadStream(path, { highWaterMark: 100 })],
    ['a Readable', () => Readable.from(parts(), { objectMode: false })],
    ['a ReadableStream', () => new Blob([new Uint8Array(file)]).stream()],
    ['the body of a Response', () => new Response(new Uint8Array(file)).body!],
    ['an async generator', () => partsLater()],
    ['a sharp instance', () => sharp(path)],
    ['a sharp instance of pixels', () => sharp(colours, { raw: { width, height, channels: 3 } })],
    ['a sharp instance that is to write a JPEG', () => sharp(file).jpeg({ quality: 1 })],
    ['a sharp instance that is fed', () => Readable.from(parts(), { objectMode: false }).pipe(sharp())],
    ['raw pixels', () => raw(3)],
  ])('%s', async (_, make) => {
    const source = await make()
    expect(await pixelsOf(source)).toEqual(colours)
  })
})

test('chunks whose memory is reused', async () => {
  async function* again(): AsyncGenerator<Buffer> {
    const memory = Buffer.alloc(7)
    for (const part of parts()) {
      part.copy(memory)
      yield await Promise.resolve(memory.subarray(0, part.length))
    }
  }
  expect(await pixelsOf(again())).toEqual(colours)
})

describe('pixels other than RGB', () => {
  const grey = colours.filter((_, index) => index % 3 === 1)
  const thrice = Uint8Array.from({ length: colours.length }, (_, index) => grey[Math.floor(index / 3)]!)

  test('repeats raw grey', async () => {
    expect(await pixelsOf(raw(1, grey))).toEqual(thrice)
  })
  test('drops raw alpha', async () => {
    const rgba = withAlpha()
    expect(await pixelsOf(raw(4, rgba))).toEqual(colours)
    expect(rgba[7]).toBe(7)
  })
  test('a grey sharp instance', async () => {
    expect(await pixelsOf(sharp(grey, { raw: { width, height, channels: 1 } }))).toEqual(thrice)
  })
  test('a sharp instance with grey and alpha', async () => {
    const both = Uint8Array.from({ length: 2 * grey.length }, (_, index) =>
      index % 2 ? index % 256 : grey[index / 2]!,
    )
    expect(await pixelsOf(sharp(both, { raw: { width, height, channels: 2 } }))).toEqual(thrice)
  })
  test('a sharp instance with 16 bits', async () => {
    const deep = sharp(
      Uint16Array.from(colours, (value) => 257 * value),
      { raw: { width, height, channels: 3 } },
    )
    expect(await pixelsOf(sharp(await deep.toColourspace('rgb16').png().toBuffer()))).toEqual(colours)
  })
})

test('a sharp instance keeps its operations and remains usable', async () => {
  const image = sharp(file).extract({ left: 4, top: 2, width: 10, height: 8 }).rotate(90).negate()
  const { pixels, original } = await readPixels(image, asItIs)
  const { data, info } = await image.raw().toBuffer({ resolveWithObject: true })
  expect([pixels.width, pixels.height]).toEqual([info.width, info.height])
  expect([original.width, original.height]).toEqual([8, 10])
  expect(pixels.data).toEqual(new Uint8Array(data))
})

test('a sharp instance with a whole animation: the first frame', async () => {
  const pages = sharp(Buffer.concat([colours, colours.toReversed()]), {
    raw: { width, height: 2 * height, channels: 3, pageHeight: height },
  })
  const animation = await pages.webp({ lossless: true }).toBuffer()
  expect((await sharp(animation).metadata()).pages).toBe(2)
  expect(await pixelsOf(sharp(animation, { animated: true }))).toEqual(colours)
})

test('memory that is transferred or changed after the call', async () => {
  const sent = new Uint8Array(file)
  const changed = new Uint8Array(colours)
  const both = Promise.all([pixelsOf(sent), pixelsOf(raw(3, changed))])
  structuredClone(sent, { transfer: [sent.buffer] })
  expect(sent.length).toBe(0)
  changed.fill(0)
  expect(await both).toEqual([colours, colours])
})

async function failureOf(source: unknown, maxPixels?: number): Promise<string> {
  try {
    await readPixels(source as ImageSource, asItIs, maxPixels === undefined ? {} : { maxPixels })
    return 'none'
  } catch (error) {
    const { name, code, message } = error as Error & { code?: string }
    return `${code ?? name}: ${message}`
  }
}

const wrong = (got: string): string =>
  'TypeError: Expected a path, a file: or data: URL, the bytes of an image file (Uint8Array, ArrayBuffer, DataView, ' +
  `Blob or a stream), a sharp instance, an ImageData or { data, width, height, channels } for \`image\`, got ${got}.`

describe('has the pixels of the path where URLs are allowed', () => {
  const allowUrls = { hosts: ['127.0.0.1'] }

  test.each<[string, (url: URL) => ImageSource]>([
    ['a URL', (url) => url],
    ['a URL as a string', (url) => url.href],
    ['a URL whose scheme is in upper case', (url) => url.href.replace('http', 'HTTP')],
  ])('%s', async (_, sourceOf) => {
    await using server = await hostileServer((_request, response) => response.end(file))
    const { pixels } = await readPixels(sourceOf(server.at()), asItIs, { allowUrls })
    expect(pixels.data).toEqual(await pixelsOf(path))
    expect(server.requests).toHaveLength(1)
  })

  test('an aborted download ends', async () => {
    const stop = new AbortController()
    await using server = await hostileServer((_, response) =>
      response.write(file.subarray(0, 20), () => {
        stop.abort()
      }),
    )
    const reading = readPixels(server.at(), asItIs, { allowUrls }, stop.signal)
    await expect(reading).rejects.toMatchObject({ name: 'AbortError' })
    await until(() => server.open() === 0)
  })

  test('one that does not begin like an image is not read to its end', async () => {
    await using server = await hostileServer((_, response) => response.write('<!doctype html><html>'))
    await expect(readPixels(server.at(), asItIs, { allowUrls })).rejects.toMatchObject({
      code: 'IMAGE_UNREADABLE',
    })
    await until(() => server.open() === 0)
  })
})

describe('other values', () => {
  test.each([
    [undefined, 'undefined'],
    [null, 'null'],
    [7, '`7` (number)'],
    [['a.jpg'], 'an array'],
    [new Float32Array(3), 'an object (Float32Array)'],
    [new Uint8ClampedArray(3), 'an object (Uint8ClampedArray)'],
    [{}, 'an object (Object)'],
  ])('%p', async (source, got) => {
    expect(await failureOf(source)).toBe(wrong(got))
  })

  const elsewhere = (url: string): string =>
    `TypeError: Expected a path, a data: URL, a file: URL on this machine, an http: or https: URL, or for any other URL its contents, for \`image\`, got \`${url}\` (URL).`
  test.each(['ftp://example.com/a.jpg', 'file://elsewhere/a.jpg', 'file:///a%2Fb.jpg'])(
    'the URL %s',
    async (url) => {
      expect(await failureOf(new URL(url))).toBe(elsewhere(new URL(url).href))
    },
  )
  test('a file: URL of another machine as a string', async () => {
    expect(await failureOf('file://elsewhere/a.jpg')).toBe(elsewhere('file://elsewhere/a.jpg'))
  })

  test.each([
    [
      'data:image/png;base64,A',
      'cannot be read: it is not a valid data: URL.\nWrite it as data:image/png;base64,… with the bytes of an image file.',
    ],
    ['data:,', 'is empty (0 bytes).\nReplace it with a whole image.'],
    [
      'data:image/png;base64,AAAA',
      'cannot be decoded: it is not a JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP image.\nConvert it to one of these formats.',
    ],
  ])('the data: URL %s', async (url, problem) => {
    expect(await failureOf(url)).toBe(`IMAGE_UNREADABLE: ${url} ${problem}`)
  })

  test('a data: URL is named by its beginning', async () => {
    expect(await failureOf(`data:image/png;base64,${'A'.repeat(3_000_000)}`)).toBe(
      `IMAGE_UNREADABLE: data:image/png;base64,${'A'.repeat(42)}… cannot be decoded: it is not a JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP image.\nConvert it to one of these formats.`,
    )
  })

  test('a file that changed after it was opened as a Blob', async () => {
    const changed = join(folder, 'changed.png')
    await writeFile(changed, file)
    const blob = await openAsBlob(changed)
    await writeFile(changed, 'short')
    expect(await failureOf(blob)).toMatch(
      /^IMAGE_UNREADABLE: The image \(\d+ bytes\) cannot be read: .+\.\nPass a Blob that can be read\.$/,
    )
    expect(await failureOf(new File([], 'a.png'))).toBe(
      'IMAGE_UNREADABLE: a.png is empty (0 bytes).\nReplace it with a whole image.',
    )
  })

  test('memory that was transferred away', async () => {
    const view = new DataView(new ArrayBuffer(8))
    const { buffer } = view
    structuredClone(buffer, { transfer: [buffer] })
    const empty = 'IMAGE_UNREADABLE: The image is empty (0 bytes).\nReplace it with a whole image.'
    expect([await failureOf(view), await failureOf(buffer)]).toEqual([empty, empty])
  })

  test('an empty path', async () => {
    expect(await failureOf('')).toBe(
      'IMAGE_NOT_FOUND: The path of the image is an empty string.\nPass the path of a file.',
    )
  })
  test('a PNG with a damaged header', async () => {
    const png = await sharp({ create: { width: 9, height: 9, channels: 3, background: 'red' } })
      .png()
      .toBuffer()
    // The width in the header, without its checksum.
    png.writeUInt32BE(0, 16)
    expect(await failureOf(png)).toMatch(
      /^IMAGE_UNREADABLE: The image \(\d+ bytes\) cannot be decoded: its header is damaged\.\n/,
    )
  })
  test.each(['https://example.com/a.jpg', new URL('https://example.com/a.jpg')])(
    'a URL without `allowUrls`: %p',
    async (url) => {
      expect(await failureOf(url)).toBe(
        'DOWNLOAD_REFUSED: https://example.com/a.jpg is a URL, and URLs are not downloaded by default.\n' +
          'Set `allowUrls: true` to download images, or pass the contents: `(await fetch(url)).body`.',
      )
    },
  )
  test('a URL of a missing file', async () => {
    const url = pathToFileURL(join(folder, 'no é.jpg'))
    expect(await failureOf(url)).toMatch(
      `IMAGE_NOT_FOUND: There is no image at ${join(folder, 'no é.jpg')}.\n`,
    )
  })

  test.each<[string, object, string]>([
    [
      'too few bytes',
      raw(3, colours.subarray(1)),
      'RangeError: Expected 720 (20 × 12 × 3) for `image.data.length`, got `719` (number).',
    ],
    [
      'too many',
      raw(1),
      'RangeError: Expected 240 (20 × 12 × 1) for `image.data.length`, got `720` (number).',
    ],
    [
      'no memory any more',
      raw(3, detached()),
      'RangeError: Expected 720 (20 × 12 × 3) for `image.data.length`, got `0` (number).',
    ],
    [
      'values that are no bytes',
      { ...raw(3), data: new Float32Array(720) },
      'TypeError: Expected a Uint8Array or Uint8ClampedArray for `image.data`, got an object (Float32Array).',
    ],
    [
      'no width',
      { ...raw(3), width: 0 },
      'RangeError: Expected a positive integer for `image.width`, got `0` (number).',
    ],
    [
      'half a pixel',
      { ...raw(3), height: 0.5 },
      'RangeError: Expected a positive integer for `image.height`, got `0.5` (number).',
    ],
    [
      'two channels',
      { ...raw(3), channels: 2 },
      'RangeError: Expected 1, 3 or 4 for `image.channels`, got `2` (number).',
    ],
  ])('pixels with %s', async (_, source, message) => {
    expect(await failureOf(source)).toBe(message)
  })
  test('more pixels than allowed', async () => {
    const tooLarge =
      'has 240 pixels (20 × 12), above the limit of 239.\nMake it smaller, or raise `maxPixels`.'
    expect(await failureOf(raw(3), 239)).toBe(`IMAGE_TOO_LARGE: The image of 20 × 12 pixels ${tooLarge}`)
    expect(await failureOf(sharp(file), 239)).toBe(`IMAGE_TOO_LARGE: The sharp image ${tooLarge}`)
    expect(await failureOf(partsLater(), 239)).toBe(`IMAGE_TOO_LARGE: The image of a stream ${tooLarge}`)
  })
  test('bytes without memory', async () => {
    expect(await failureOf(detached())).toBe(
      'IMAGE_UNREADABLE: The image is empty (0 bytes).\nReplace it with a whole image.',
    )
  })
  test('a sharp instance of a file that is not an image or is missing', async () => {
    expect(await failureOf(sharp(Buffer.from('no image')))).toMatch(
      /^IMAGE_UNREADABLE: The sharp image cannot be decoded: it is not a JPEG, /,
    )
    expect(await failureOf(sharp('/no.jpg'))).toBe(
      'IMAGE_NOT_FOUND: The sharp image has no image: Input file is missing: /no.jpg.\nCheck the path that was passed to sharp.',
    )
  })
})

function detached(): Uint8Array {
  const bytes = new Uint8Array(16)
  structuredClone(bytes, { transfer: [bytes.buffer] })
  return bytes
}

describe('a stream', () => {
  /** Never ends, and records whether it was closed. */
  class Endless implements AsyncIterable<Uint8Array> {
    ended = false
    chunks = 0
    readonly #first: Uint8Array

    constructor(first: Uint8Array) {
      this.#first = first
    }

    async *[Symbol.asyncIterator](): AsyncGenerator<Uint8Array> {
      try {
        yield this.#first
        for (;;) {
          this.chunks += 1
          yield await Promise.resolve(new Uint8Array(1000))
        }
      } finally {
        this.ended = true
      }
    }
  }

  test('that is endless and not an image is destroyed after its first bytes', async () => {
    const stream = new Endless(new Uint8Array(8))
    expect(await failureOf(stream)).toMatch(
      /^IMAGE_UNREADABLE: The image of a stream cannot be decoded: it is not a JPEG, /,
    )
    expect([stream.ended, stream.chunks]).toEqual([true, 1])
  })
  test('that is endless and begins like an image is destroyed at the limit', async () => {
    const stream = new Endless(file.subarray(0, 16))
    await expect(readStream('The image of a stream', stream, { most: 10_000 })).rejects.toMatchObject({
      code: 'IMAGE_TOO_LARGE',
      message: 'The image of a stream has more bytes than the limit of 10000.\nGive a smaller image.',
    })
    expect([stream.ended, stream.chunks]).toEqual([true, 10])
  })
  test('that fails', async () => {
    const failing = new Readable({
      read() {
        this.destroy(new Error('The line is dead.'))
      },
    })
    const message =
      'IMAGE_UNREADABLE: The image of a stream cannot be read: The line is dead.\nGive a stream that can be read to its end.'
    expect(await failureOf(failing)).toBe(message)
    expect(failing.destroyed).toBe(true)
    // Web streams fail with TypeErrors.
    const web = new ReadableStream<Uint8Array>({
      pull: () => {
        throw new TypeError('The line is dead.')
      },
    })
    expect(await failureOf(web)).toBe(message)
  })
  test('of a missing file', async () => {
    expect(await failureOf(createReadStream('/no.jpg'))).toBe(
      "IMAGE_UNREADABLE: The image of a stream cannot be read: ENOENT: no such file or directory, open '/no.jpg'.\n" +
        'Give a stream that can be read to its end.',
    )
  })
  test('that was destroyed, locked or read before', async () => {
    const destroyed = createReadStream(path).destroy()
    expect(await failureOf(destroyed)).toMatch(
      /^IMAGE_UNREADABLE: The image of a stream (cannot be read: Premature close|is empty)/,
    )
    const locked = new Blob([new Uint8Array(file)]).stream()
    locked.getReader()
    expect(await failureOf(locked)).toMatch(
      /^IMAGE_UNREADABLE: The image of a stream cannot be read: .*locked/,
    )
    const read = Readable.from(parts(), { objectMode: false })
    expect(await pixelsOf(read)).toEqual(colours)
    expect(await failureOf(read)).toMatch(
      /^IMAGE_UNREADABLE: The image of a stream (cannot be read: |is empty)/,
    )
  })
  test('without data', async () => {
    expect(await failureOf(Readable.from([], { objectMode: false }))).toBe(
      'IMAGE_UNREADABLE: The image of a stream is empty (0 bytes).\nPass a stream that has not been read yet.',
    )
  })
  test('of strings', async () => {
    const texts = createReadStream(path, 'latin1')
    expect(await failureOf(texts)).toMatch(
      /^TypeError: Expected a stream of Uint8Arrays for `image`, got `.PNG/,
    )
    expect(texts.destroyed).toBe(true)
  })
  test('that ends too early', async () => {
    const early = createReadStream(path, { end: 200 })
    expect(await failureOf(early)).toMatch(/^IMAGE_UNREADABLE: The image of a stream cannot be decoded: /)
  })
  test('is closed after it was read', async () => {
    const stream = createReadStream(path)
    expect(await pixelsOf(stream)).toEqual(colours)
    await finished(stream)
    expect(stream.destroyed).toBe(true)
  })
})

test('one image, or several', () => {
  const one = [
    path,
    pathToFileURL(path),
    file,
    sharp(),
    raw(3),
    Readable.from([], { objectMode: false }),
    new Blob([]).stream(),
    new Blob([]),
    new File([], 'a.png'),
    new ArrayBuffer(1),
    new SharedArrayBuffer(1),
    new DataView(new ArrayBuffer(1)),
    { data: new Uint8ClampedArray(4), width: 1, height: 1 },
  ]
  expect(one.map(isImageSource)).toEqual(one.map(() => true))
  const several = [
    [path],
    new Set([path]),
    partsLater(),
    Readable.from([path]),
    undefined,
    7,
    {},
    new Uint8ClampedArray(4),
  ]
  expect(several.map(isImageSource)).toEqual(several.map(() => false))
})
