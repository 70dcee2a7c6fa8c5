import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import sharp from 'sharp'
import { tutorialPreprocessing } from '../../src/model/index.js'
import { pixelsOf } from '../helpers/pixels-of.js'

let folder: string
let jpeg: Buffer

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'bad-'))
  const noise = Buffer.from(Array.from({ length: 300 * 200 * 3 }, (_, index) => (index * 7919) % 251))
  const image = sharp(noise, { raw: { width: 300, height: 200, channels: 3 } })
  jpeg = await image.clone().jpeg().toBuffer()
  const png = await image.clone().png().toBuffer()
  const damaged = Buffer.from(png)
  damaged.fill(0xff, png.length >> 1, (png.length >> 1) + 8)
  const files: Record<string, Buffer | string> = {
    'whole.jpg': jpeg,
    'empty.jpg': '',
    'text.jpg': 'This is no picture.\n',
    'truncated.jpg': jpeg.subarray(0, jpeg.length >> 1),
    'head.jpg': jpeg.subarray(0, 20),
    'truncated.png': png.subarray(0, png.length >> 1),
    'damaged.png': damaged,
    'truncated.webp': (await image.clone().webp().toBuffer()).subarray(0, 999),
    'truncated.gif': (await image.clone().gif().toBuffer()).subarray(0, 999),
    'drawing.svg':
      '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="5" height="5"/></svg>',
    'floats.tif': await image.clone().toColourspace('scrgb').tiff({ compression: 'none' }).toBuffer(),
    'extra.jpg': Buffer.concat([jpeg, Buffer.alloc(1000, 7)]),
  }
  for (const [name, content] of Object.entries(files)) await writeFile(join(folder, name), content)
  await mkdir(join(folder, 'folder.jpg'))
  await execa('mkfifo', [join(folder, 'pipe.jpg')])
  await symlink('/dev/null', join(folder, 'null.jpg'))
})
afterAll(() => rm(folder, { recursive: true }))

const incomplete = 'The file is incomplete or damaged: replace it.'
const unknown =
  'it is not a JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP image.\nConvert it to one of these formats.'

test.each([
  [
    'none.jpg',
    'IMAGE_NOT_FOUND',
    `There is no image at %.\nCheck the path; a relative one starts at ${process.cwd()}.`,
  ],
  ['folder.jpg', 'IMAGE_UNREADABLE', '% is a folder, not an image file.\nGive the path of an image file.'],
  ['pipe.jpg', 'IMAGE_UNREADABLE', '% is a pipe, not an image file.\nGive the path of an image file.'],
  ['null.jpg', 'IMAGE_UNREADABLE', '% is a device, not an image file.\nGive the path of an image file.'],
  ['empty.jpg', 'IMAGE_UNREADABLE', '% is empty (0 bytes).\nReplace it with a whole image.'],
  ['text.jpg', 'IMAGE_UNREADABLE', `% cannot be decoded: ${unknown}`],
  [
    'drawing.svg',
    'IMAGE_UNREADABLE',
    '% cannot be decoded: it is an SVG or another XML file, which is not supported.\nConvert it to a JPEG, PNG, WebP, GIF, TIFF, AVIF or BMP image.',
  ],
  ['truncated.jpg', 'IMAGE_UNREADABLE', `% cannot be decoded: premature end of JPEG image.\n${incomplete}`],
  ['head.jpg', 'IMAGE_UNREADABLE', `% cannot be decoded: premature end of JPEG image.\n${incomplete}`],
  ['truncated.png', 'IMAGE_UNREADABLE', `% cannot be decoded: libpng read error.\n${incomplete}`],
  ['damaged.png', 'IMAGE_UNREADABLE', `% cannot be decoded: libpng read error.\n${incomplete}`],
  [
    'truncated.gif',
    'IMAGE_UNREADABLE',
    `% cannot be decoded: Unexpected end of GIF source data.\n${incomplete}`,
  ],
  ['truncated.webp', 'IMAGE_UNREADABLE', `% cannot be decoded: unable to parse image.\n${incomplete}`],
])('%s', async (name, code, message) => {
  const path = join(folder, name)
  await expect(pixelsOf(path, tutorialPreprocessing)).rejects.toMatchObject({
    name: 'PaddleError',
    code,
    message: message.replace('%', path),
  })
})

test('names bytes by their length', async () => {
  await expect(pixelsOf(Buffer.from('text'), {})).rejects.toMatchObject({
    code: 'IMAGE_UNREADABLE',
    message: `The image (4 bytes) cannot be decoded: ${unknown}`,
  })
})

test('an image of other values than 8 or 16 bits', async () => {
  const path = join(folder, 'floats.tif')
  await expect(pixelsOf(path, {})).rejects.toMatchObject({
    code: 'IMAGE_UNREADABLE',
    message: `${path} cannot be decoded: its pixels are float values in the colour space scrgb.\nConvert it to 8-bit RGB.`,
  })
})

test('ignores bytes after the end of an image, as Pillow does', async () => {
  const { data } = await pixelsOf(join(folder, 'extra.jpg'), {})
  expect(data).toEqual((await pixelsOf(await readFile(join(folder, 'whole.jpg')), {})).data)
})

test('more pixels than allowed', async () => {
  await expect(pixelsOf(jpeg, {}, { maxPixels: 59_999 })).rejects.toMatchObject({
    code: 'IMAGE_TOO_LARGE',
    message: `The image (${jpeg.length} bytes) has 60000 pixels (300 × 200), above the limit of 59999.\nMake it smaller, or raise \`maxPixels\`.`,
  })
  expect((await pixelsOf(jpeg, {}, { maxPixels: 60_000 })).data.length).toBe(180_000)
})

test('a crop that does not fit, where numpy’s slices would wrap around', async () => {
  await expect(
    pixelsOf(jpeg, { steps: [{ step: 'crop', size: { width: 224, height: 224 } }] }),
  ).rejects.toMatchObject({
    code: 'IMAGE_TOO_SMALL',
    message:
      `The image (${jpeg.length} bytes) is 300 × 200 after resizing, too small for a crop of 224 × 224.\n` +
      'Resize to a larger size, or crop a smaller part.',
  })
})

test('anything but a path or bytes is the caller’s mistake', async () => {
  await expect(pixelsOf(7 as unknown as string, {})).rejects.toThrow(
    new TypeError(
      'Expected a path, a file: or data: URL, the bytes of an image file (Uint8Array, ArrayBuffer, DataView, Blob or a stream), a sharp instance, an ImageData or { data, width, height, channels } for `image`, got `7` (number).',
    ),
  )
})
