import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { findImages } from '../../src/commands/images/find-images.js'
import type { PaddleError } from '../../src/errors.js'

let folder: string
const cwd = process.cwd()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'))
  process.chdir(folder)
  await mkdir('set/inner.jpg', { recursive: true })
  await mkdir('empty')
  const names = [
    'set/10.jpg',
    'set/9.png',
    'set/B.JPEG',
    'set/a.webp',
    'set/notes.txt',
    'set/.hidden.jpg',
    'set/old.bmp',
  ]
  for (const name of [...names, 'set/inner.jpg/deep.jpg', 'one[1].jpg', 'one1.jpg']) await writeFile(name, '')
})
afterAll(async () => {
  process.chdir(cwd)
  await rm(folder, { recursive: true })
})

async function found(...paths: string[]): Promise<{ images: string[]; nothing: Record<string, string> }> {
  const nothing = new Map<string, PaddleError>()
  const images: string[] = []
  const totals: number[] = []
  for await (const image of findImages(paths, nothing, (total) => totals.push(total))) images.push(image)
  expect(totals).toEqual([images.length])
  return { images, nothing: Object.fromEntries([...nothing].map(([path, error]) => [path, error.message])) }
}

test('a folder yields its images in natural order, without subfolders', async () => {
  const images = ['9.png', '10.jpg', 'a.webp', 'B.JPEG', 'old.bmp']
  expect(await found('set')).toEqual({ images: images.map((name) => `set/${name}`), nothing: {} })
  expect((await found('./set/')).images[0]).toBe('./set/9.png')
})

test('files, patterns and folders are in the order of the command line, as given', async () => {
  expect(await found('no.jpg', './set/*.{png,webp}', 'one1.jpg', `${folder}/set/1*`)).toEqual({
    images: ['no.jpg', './set/9.png', './set/a.webp', 'one1.jpg', `${folder}/set/10.jpg`],
    nothing: {},
  })
})

test('an existing file whose name looks like a pattern is a file', async () => {
  expect(await found('one[1].jpg')).toEqual({ images: ['one[1].jpg'], nothing: {} })
})

test('a folder or a pattern without images is yielded itself, with an error', async () => {
  const hint = 'Use a file, a folder that contains images, or a pattern that matches some.'
  expect(await found('empty', 'one1.jpg', 'set/*.gif')).toEqual({
    images: ['empty', 'one1.jpg', 'set/*.gif'],
    nothing: {
      empty: `There is no image in empty.\n${hint}`,
      'set/*.gif': `There is no image in set/*.gif.\n${hint}`,
    },
  })
})
