/** Files of all kinds are decoded to the pixels of cv2.imread, or of Pillow's convert("RGB"). */
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { decodeWithSharp } from '../../src/image/decode/decode-with-sharp.js'
import { readHeader } from '../../src/image/decode/image-header.js'
import type { RgbImage } from '../../src/image/preprocess/normalise.js'
import { difference } from '../helpers/pillow.js'
import { runPython } from '../helpers/python.js'
import { referencePixels } from '../helpers/resize-reference.js'

let folder: string
let names: string[]
const theirs = new Map<string, RgbImage>()

const libraries = ['opencv', 'pillow'] as const

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kinds-'))
  await runPython('make_kinds.py', [folder])
  names = (await readdir(folder)).sort()
  const asked = libraries.flatMap((library) =>
    [true, false].flatMap((orient) => names.map((name) => ({ library, orient, name }))),
  )
  const read = await referencePixels(
    asked.map(({ library, orient, name }) => ({ path: join(folder, name), decode: library, orient })),
    asked.map(({ library }, image) => ({ library, image })),
  )
  for (const [index, { library, orient, name }] of asked.entries())
    theirs.set(key(library, orient, name), read[index]!)
}, 30_000)
afterAll(() => rm(folder, { recursive: true }))

const key = (...parts: readonly unknown[]): string => parts.join(' ')

test.each(libraries)('all kinds of files as %s reads them', async (library) => {
  expect(names.length).toBe(29)
  for (const orient of [true, false]) {
    for (const name of names) {
      const their = theirs.get(key(library, orient, name))!
      const ours = await decodeWithSharp(
        await readHeader(name, await readFile(join(folder, name)), orient),
        library,
      )
      expect([name, ours.width, ours.height]).toEqual([name, their.width, their.height])
      expect([name, difference(ours.data, their.data)]).toEqual([name, { mean: 0, most: 0 }])
    }
  }
})

test('the two differ in CMYK, in 16 bits and in a TIFF’s alpha, and in nothing else', () => {
  const different = names.filter((name) => {
    const [first, second] = libraries.map((library) => theirs.get(key(library, true, name))!)
    return difference(first!.data, second!.data).most > 0
  })
  expect(different).toEqual([
    'alpha.tif',
    'cmyk.jpg',
    'cmyk.tif',
    'grey-16.png',
    'grey-16.tif',
    'grey-transparent-16.png',
    'rgb-16.tif',
  ])
})
