import { chmod, mkdir, mkdtemp, rename, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { findImages } from '../../src/commands/images/find-images.js'
import { describeSkipped } from '../../src/commands/images/skipped-files.js'
import type { PaddleError } from '../../src/errors.js'

let folder: string
const cwd = process.cwd()

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'images-'))
  process.chdir(folder)
  // For the test without the rights of root.
  await chmod(folder, 0o755)
  const names = [
    ...['10.jpg', '9.png', 'B.JPEG', 'a.webp', 'notes.txt', '.hidden.jpg', 'old.bmp'].map(
      (name) => `set/${name}`,
    ),
    ...['set/inner.jpg/deep.jpg', 'set/inner.jpg/deeper/10.png', 'set/inner.jpg/deeper/9.png'],
    ...['set/.cache/thumb.jpg', 'one[1].jpg', 'one1.jpg', 'texts/a.txt', 'texts/b', 'texts/.c'],
    ...['below/a/b/1.jpg', 'below/readme', 'apart/A/x.jpg', 'apart/a/w.jpg', 'apart/a/y.jpg'],
  ]
  for (const name of names) {
    await mkdir(join(name, '..'), { recursive: true })
    await writeFile(name, '')
  }
  await mkdir('empty')
})
afterAll(async () => {
  process.chdir(cwd)
  await rm(folder, { recursive: true })
})

interface Found {
  readonly images: readonly string[]
  readonly nothing?: Readonly<Record<string, string>>
  readonly skipped?: string
}

/** What is found; without errors and without skipped files, these are left out. */
async function found(paths: string | readonly string[], recursive = false): Promise<Found> {
  const nothing = new Map<string, PaddleError>()
  const images: string[] = []
  const totals: number[] = []
  const kinds: string[] = []
  const options = {
    ...{ nothing, recursive, onTotal: (total: number) => totals.push(total) },
    onSkipped: (skipped: Parameters<typeof describeSkipped>[0]) => kinds.push(describeSkipped(skipped)),
  }
  for await (const image of findImages([paths].flat(), options)) images.push(image)
  expect([totals, kinds.length]).toEqual([[images.length], 1])
  const messages = [...nothing].map(([path, error]) => [path, `${error.message} [${error.code}]`])
  return {
    images,
    ...(nothing.size > 0 && { nothing: Object.fromEntries(messages) as Record<string, string> }),
    ...(kinds[0] && { skipped: kinds[0] }),
  }
}

describe('a folder', () => {
  const images = ['9.png', '10.jpg', 'a.webp', 'B.JPEG', 'old.bmp'].map((name) => `set/${name}`)

  test('yields its images in natural order, and counts the rest', async () => {
    const skipped = '1 file that is not an image, 1 hidden file, 1 hidden folder and 1 subfolder'
    expect(await found('set')).toEqual({ images, skipped })
    expect((await found('./set/')).images[0]).toBe('./set/9.png')
  })

  test('with `recursive` yields the images in its subfolders too, without hidden ones', async () => {
    const deep = ['deep.jpg', 'deeper/9.png', 'deeper/10.png'].map((name) => `set/inner.jpg/${name}`)
    const skipped = '1 file that is not an image, 1 hidden file and 1 hidden folder'
    const all = [...images.slice(0, 4), ...deep, ...images.slice(4)]
    expect(await found('set', true)).toEqual({ images: all, skipped })
    // In the same order as by a pattern.
    expect((await found('set/**/*')).images).toEqual(all)
  })

  test('keeps its images together, whatever its name is like', async () => {
    const together = ['a/w.jpg', 'a/y.jpg', 'A/x.jpg'].map((name) => `apart/${name}`)
    expect(await found('apart', true)).toEqual({ images: together })
    expect(await found('apart/**')).toEqual({ images: together })
  })
})

describe('links', () => {
  beforeAll(async () => {
    await mkdir('links/real', { recursive: true })
    await writeFile('links/real/1.jpg', '')
    await symlink('../real', 'links/real/itself')
    await symlink('..', 'links/real/above')
    await symlink('real', 'links/again')
    await symlink('../apart', 'links/z')
    await symlink('nowhere', 'links/broken.jpg')
  })
  const apart = ['a/w.jpg', 'a/y.jpg', 'A/x.jpg'].map((name) => `links/z/${name}`)

  test('to folders are followed once, also in a circle; a broken one is an image that is not there', async () => {
    expect(await found('links', true)).toEqual({
      images: ['links/broken.jpg', 'links/real/1.jpg', ...apart],
      skipped: '3 links to folders that were read already',
    })
  })

  test('to folders are subfolders without `recursive`', async () => {
    expect(await found('links')).toEqual({ images: ['links/broken.jpg'], skipped: '3 subfolders' })
  })

  test('in a circle do not repeat what a pattern matches', async () => {
    expect(await found('links/**/*.jpg')).toEqual({
      images: ['links/again/1.jpg', 'links/real/1.jpg', ...apart],
      skipped: '2 links to folders that were read already',
    })
  })
})

describe('what cannot be read', () => {
  /** Runs as a user whom the modes of files concern. */
  async function withoutRoot<T>(run: () => Promise<T>): Promise<T> {
    if (process.getuid?.() !== 0) return run()
    process.seteuid!(65_534)
    try {
      return await run()
    } finally {
      process.seteuid!(0)
    }
  }
  beforeAll(async () => {
    await mkdir('locked/inside', { recursive: true })
    await writeFile('locked/1.jpg', '')
    await writeFile('locked/inside/2.jpg', '')
    await chmod('locked/inside', 0o000)
  })
  afterAll(async () => {
    await chmod('locked/inside', 0o755)
  })
  const message = (path: string): string =>
    `${path} cannot be read (EACCES).\nCheck its permissions. [IMAGE_UNREADABLE]`

  test('is an error in its place, and the rest is found', async () => {
    expect(await withoutRoot(() => found('locked', true))).toEqual({
      images: ['locked/1.jpg', 'locked/inside'],
      nothing: { 'locked/inside': message('locked/inside') },
    })
    expect(await withoutRoot(() => found('locked/inside'))).toEqual({
      images: ['locked/inside'],
      nothing: { 'locked/inside': message('locked/inside') },
    })
  })

  test('is counted where a pattern would search it', async () => {
    expect(await withoutRoot(() => found('locked/**/*.jpg'))).toEqual({
      images: ['locked/1.jpg'],
      skipped: '1 folder that cannot be read',
    })
  })

  test('is an error in its place if a name is not UTF-8', async () => {
    await mkdir('odd/x', { recursive: true })
    await writeFile('odd/x/1.jpg', '')
    const odd = Buffer.from('odd/\xff', 'latin1')
    await rename('odd/x', odd)
    expect(await found('odd', true)).toEqual({
      images: [String.raw`odd/$'\xff'`],
      nothing: {
        [String.raw`odd/$'\xff'`]: `${String.raw`odd/$'\xff'`} cannot be read: its name is not UTF-8.\nRename it. [IMAGE_UNREADABLE]`,
      },
    })
  })
})

test('files, patterns and folders are in the order of the command line, as given', async () => {
  expect(await found(['no.jpg', './set/*.{png,webp}', 'one1.jpg', `${folder}/set/1*`])).toEqual({
    images: ['no.jpg', './set/9.png', './set/a.webp', 'one1.jpg', `${folder}/set/10.jpg`],
  })
})

test('are counted before the first one is used, however many', async () => {
  const nothing = new Map<string, PaddleError>()
  const paths = [...Array.from({ length: 500 }, () => 'one1.jpg'), 'set']
  const total = await new Promise((onTotal) => findImages(paths, { nothing, recursive: false, onTotal }))
  expect(total).toBe(505)
})

test('an existing file whose name looks like a pattern is a file', async () => {
  expect(await found('one[1].jpg')).toEqual({ images: ['one[1].jpg'] })
})

test('a pattern takes images only; a file that is named need not look like one', async () => {
  expect(await found(['set/*', 'set/notes.txt'])).toEqual({
    images: ['9.png', '10.jpg', 'a.webp', 'B.JPEG', 'old.bmp', 'notes.txt'].map((name) => `set/${name}`),
    skipped: '1 file that is not an image',
  })
})

describe('a folder or a pattern without images is yielded itself, with an error', () => {
  const endings =
    '.jpg, .jpeg, .jpe, .jfif, .png, .webp, .gif, .tif, .tiff, .avif, .heic, .heif, .bmp, .dib or .jp2'
  const images = `Images are files whose names end in ${endings}.`
  const otherFolder = 'Use another folder, or the paths of the files.'

  test.each([
    ['empty', 'There is no image in empty: it contains no files.\nUse another folder.'],
    [
      'texts',
      `There is no image in texts, only 2 files that are not images and 1 hidden file.\n${images}\n${otherFolder}`,
    ],
    [
      'below',
      `There is no image in below, only 1 file that is not an image and 1 subfolder.\n${images}\n` +
        'Add --recursive for the images in subfolders.',
    ],
    ['set/*.gif', 'No file matches set/*.gif.\nCheck the pattern. It distinguishes upper and lower case.'],
    ['gone/*.gif', 'No file matches gone/*.gif: there is no folder gone.\nCheck the path.'],
    [
      'texts/*',
      `No image matches texts/*, only 2 files that are not images.\n${images}\nUse another pattern, or the paths of the files.`,
    ],
    ['app*', 'No file matches app*.\nCheck the pattern. It distinguishes upper and lower case.'],
    ['apa*', "No file matches apa*, only 1 folder.\nFor the files in it, use 'apa*/*'."],
  ])('%s', async (path, message) => {
    expect(await found([path, 'one1.jpg'])).toEqual({
      images: [path, 'one1.jpg'],
      nothing: { [path]: `${message} [IMAGE_NOT_FOUND]` },
    })
  })

  test('--recursive is not advised where it would find nothing, and says what it found', async () => {
    await mkdir('deep/down/far', { recursive: true })
    await writeFile('deep/down/far/x.txt', '')
    expect((await found('deep')).nothing).toEqual({
      deep: `There is no image in deep, only 1 subfolder.\n${images}\n${otherFolder} [IMAGE_NOT_FOUND]`,
    })
    expect((await found('deep', true)).nothing).toEqual({
      deep: `There is no image in deep, only 1 file that is not an image.\n${images}\n${otherFolder} [IMAGE_NOT_FOUND]`,
    })
  })
})
