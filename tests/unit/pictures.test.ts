import { spawnSync } from 'node:child_process'
import { mkdir, mkdtemp, open, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { AnnotatedFolder } from '../../src/commands/infer/annotated/annotated-folder.js'
import { AnnotatedNames } from '../../src/commands/infer/annotated/annotated-images.js'
import { lockFile } from '../../src/commands/infer/results/lock-file.js'
import { failureSummary } from '../../src/commands/infer/resume/pending-images.js'
import { annotate, type ImageFormat } from '../../src/image/annotate/index.js'

describe('the name of an annotated image', () => {
  const namesOf = (...images: string[]): string[] => {
    const names = new AnnotatedNames()
    return images.map((image) => names.of(image).name)
  }

  test('is that of its image, with a format of its own', () => {
    const names = new AnnotatedNames()
    expect(
      ['a/b.JPG', 'c.jpe', 'd.png', 'e.webp', 'f.gif', 'g.tar.tiff', 'h'].map((image) => names.of(image)),
    ).toEqual([
      { name: 'b.JPG', format: 'jpeg' },
      { name: 'c.jpe', format: 'jpeg' },
      { name: 'd.png', format: 'png' },
      { name: 'e.webp', format: 'webp' },
      { name: 'f.gif.png', format: 'png' },
      { name: 'g.tar.tiff.png', format: 'png' },
      { name: 'h.png', format: 'png' },
    ])
  })
  test('has a number if another image already uses it', () => {
    expect(namesOf('a/x.jpg', 'b/x.jpg', 'c/X.jpg', 'x_2.jpg', 'd/x.jpg')).toEqual([
      ...['x.jpg', 'x_2.jpg', 'X_3.jpg', 'x_2_2.jpg', 'x_4.jpg'],
    ])
    expect(namesOf('f.gif.png', 'f.gif')).toEqual(['f.gif.png', 'f.gif_2.png'])
  })
  test('has a number if the label map of another image uses it', () => {
    const names = new AnnotatedNames({ withMaps: true })
    const given = ['x.jpg', 'x.jpg.map.png', 'b/x.jpg', 'x.jpg.map', 'x.gif']
    expect(given.map((image) => names.of(image))).toEqual([
      { name: 'x.jpg', map: 'x.jpg.map.png', format: 'jpeg' },
      { name: 'x.jpg.map_2.png', map: 'x.jpg.map_2.png.map.png', format: 'png' },
      { name: 'x_2.jpg', map: 'x_2.jpg.map.png', format: 'jpeg' },
      { name: 'x.jpg.map_3.png', map: 'x.jpg.map_3.png.map.png', format: 'png' },
      { name: 'x.gif.png', map: 'x.gif.png.map.png', format: 'png' },
    ])
  })
  test('stays the same for the same image', () => {
    expect(namesOf('a/x.jpg', 'b/x.jpg', 'a/x.jpg')).toEqual(['x.jpg', 'x_2.jpg', 'x.jpg'])
  })
})

describe('a folder for annotated images', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pictures-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const bytes = Buffer.from('a picture')

  test('is created with its parents, and contains annotated images only', async () => {
    const path = join(folder, 'a/b/c')
    const pictures = await AnnotatedFolder.open(`${path}/`)
    expect(await readdir(path)).toEqual([])
    await pictures.save('x.jpg', bytes, 'no.jpg')
    expect(await readdir(path)).toEqual(['x.jpg'])
    expect(await readFile(join(path, 'x.jpg'), 'utf8')).toBe('a picture')
  })

  test.each<ImageFormat>(['jpeg', 'png', 'webp'])(
    'overwrites a previous annotated image: %s',
    async (format) => {
      const [width, height] = [64, 48]
      // Incompressible data, so that the file is large.
      const data = Uint8Array.from(
        { length: 3 * width * height },
        (_, index) => (index * index * 2_654_435) >> 8,
      )
      const image = { data, width, height, channels: 3 } as const
      const older = await annotate(image, [], { format, autoOrient: true, maxPixels: 1e6 })
      expect(older.bytes.length).toBeGreaterThan(1024)
      await writeFile(join(folder, 'x'), older.bytes)
      await (await AnnotatedFolder.open(folder)).save('x', bytes, 'no.jpg')
      expect(await readFile(join(folder, 'x'), 'utf8')).toBe('a picture')
    },
  )

  test('does not replace any other file', async () => {
    const pictures = await AnnotatedFolder.open(folder)
    await writeFile(join(folder, 'x.jpg'), "somebody's")
    await symlink(join(folder, 'nowhere'), join(folder, 'link.jpg'))
    await mkdir(join(folder, 'folder.jpg'))
    const before = (await readdir(folder)).sort()
    for (const name of before) {
      await expect(pictures.save(name, bytes, 'no.jpg')).rejects.toMatchObject({
        code: 'FILE_NOT_WRITTEN',
        message:
          `${join(folder, name)} cannot be written: a file that paddle-ts did not write has this name.\n` +
          'Remove the file, or use another folder for --save-dir.',
      })
    }
    expect((await readdir(folder)).sort()).toEqual(before)
    expect(await readFile(join(folder, 'x.jpg'), 'utf8')).toBe("somebody's")
  })

  test.each([
    ['file', '(EEXIST): a file has this name'],
    ['file/below', '(ENOTDIR): a part of its path is a file'],
  ])('cannot be %s', async (name, why) => {
    await writeFile(join(folder, 'file'), '')
    await expect(AnnotatedFolder.open(join(folder, name))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message:
        `The folder ${join(folder, name)} cannot be created ${why}.\n` + 'Use another folder for --save-dir.',
    })
  })

  test('must be writable', async () => {
    await expect(AnnotatedFolder.open('/proc/no')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringMatching(
        /^The folder \/proc\/no cannot be created \(ENOENT\)\.\nUse another folder for --save-dir\.$/,
      ) as unknown as string,
    })
    await expect(AnnotatedFolder.open('/proc/self')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringMatching(
        /^Cannot write to the folder \/proc\/self \(E[A-Z]+\)\.\nUse another folder for --save-dir\.$/,
      ) as unknown as string,
    })
  })

  test('rejects images inside it, by any path', async () => {
    const [image, other] = [join(folder, 'in/y.jpg'), join(folder, 'other')]
    await mkdir(join(folder, 'in'))
    await mkdir(other)
    await writeFile(image, 'the image')
    await symlink(join(folder, 'in'), join(other, 'in'))
    await symlink(image, join(other, 'link.jpg'))
    const pictures = await AnnotatedFolder.open(join(other, 'in'))
    for (const given of [
      image,
      join(folder, 'in/../in/y.jpg'),
      join(other, 'link.jpg'),
      join(other, 'in/y.jpg'),
    ]) {
      await expect(pictures.save('y.jpg', bytes, given)).rejects.toMatchObject({
        code: 'FILE_NOT_WRITTEN',
        message: `${given} gets no annotated image: it is in the --save-dir folder.\nUse another folder for --save-dir.`,
      })
    }
    expect(await readdir(join(folder, 'in'))).toEqual(['y.jpg'])
    expect(await readFile(image, 'utf8')).toBe('the image')
  })

  test('leaves no partial annotated image if it cannot be written', async () => {
    const path = join(folder, 'gone')
    const pictures = await AnnotatedFolder.open(path)
    await rm(path, { recursive: true })
    await expect(pictures.save('x.jpg', bytes, 'no.jpg')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: `${join(path, 'x.jpg')} cannot be written (ENOENT): the folder ${path} does not exist.\nThe result is kept. Create the folder, or use another folder for --save-dir.`,
    })
    expect(await readdir(folder)).toEqual([])
  })

  test('removes partial files of killed processes, but not of running ones', async () => {
    const { pid: dead } = spawnSync(process.execPath, ['--version'])
    const abandoned = [
      `.paddle-ts-${dead}-1.part`,
      `.paddle-ts-${dead}-0a1b2c3d-1.part`,
      // From a container, with the same pid.
      `.paddle-ts-${process.pid}-0a1b2c3d-1.part`,
    ]
    const locked = `.paddle-ts-${dead}-0a1b2c3d-2.part`
    const kept = [
      locked,
      `.paddle-ts-${process.ppid}-0a1b2c3d-1.part`,
      '.paddle-ts-notes.part',
      'x.part',
    ].sort()
    for (const name of [...abandoned, ...kept]) await writeFile(join(folder, name), 'half a pict')
    const file = await open(join(folder, locked))
    try {
      expect(lockFile(file.fd)).toBe(true)
      await AnnotatedFolder.open(folder)
      expect((await readdir(folder)).sort()).toEqual(kept)
    } finally {
      await file.close()
    }
    await AnnotatedFolder.open(folder)
    expect((await readdir(folder)).sort()).toEqual(kept.filter((name) => name !== locked))
  })
})

test('the summary of failures', () => {
  expect(failureSummary({ all: 3, failed: 0, empty: 0, unsaved: 0 })).toBe('')
  expect(failureSummary({ all: 1, failed: 1, empty: 0, unsaved: 0 })).toBe('1 of 1 image failed.\n')
  expect(failureSummary({ all: 1, failed: 0, empty: 1, unsaved: 0 })).toBe('1 path stands for no image.\n')
  expect(failureSummary({ all: 7, failed: 2, empty: 2, unsaved: 1 })).toBe(
    '2 of 5 images failed.\n2 paths stand for no image.\n1 of 3 annotated images could not be written.\n',
  )
})
