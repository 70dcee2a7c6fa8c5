import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { PictureFolder } from '../../src/commands/infer/picture-folder.js'
import { PictureNames } from '../../src/commands/infer/picture-names.js'
import { unanswered } from '../../src/commands/infer/tell-answered.js'

describe('the name of a picture', () => {
  const namesOf = (...images: string[]): string[] => {
    const names = new PictureNames()
    return images.map((image) => names.of(image).name)
  }

  test('is that of its image, in a format of its own', () => {
    const names = new PictureNames()
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
  test('has a number where another image has it already', () => {
    expect(namesOf('a/x.jpg', 'b/x.jpg', 'c/X.jpg', 'x_2.jpg', 'd/x.jpg')).toEqual([
      ...['x.jpg', 'x_2.jpg', 'X_3.jpg', 'x_2_2.jpg', 'x_4.jpg'],
    ])
    expect(namesOf('f.gif.png', 'f.gif')).toEqual(['f.gif.png', 'f.gif_2.png'])
  })
  test('stays the same for the same image', () => {
    expect(namesOf('a/x.jpg', 'b/x.jpg', 'a/x.jpg')).toEqual(['x.jpg', 'x_2.jpg', 'x.jpg'])
  })
})

describe('a folder for pictures', () => {
  let folder: string
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), 'pictures-'))
  })
  afterEach(() => rm(folder, { recursive: true }))

  const bytes = Buffer.from('a picture')

  test('is made with those that it lies in, and holds pictures and nothing else', async () => {
    const path = join(folder, 'a/b/c')
    const pictures = await PictureFolder.open(`${path}/`)
    expect(await readdir(path)).toEqual([])
    await writeFile(join(path, 'x.jpg'), 'an older one')
    await pictures.save('x.jpg', bytes, 'no.jpg')
    expect(await readdir(path)).toEqual(['x.jpg'])
    expect(await readFile(join(path, 'x.jpg'), 'utf8')).toBe('a picture')
  })

  test.each(['file', 'file/below'])('cannot be %s', async (name) => {
    await writeFile(join(folder, 'file'), '')
    await expect(PictureFolder.open(join(folder, name))).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message:
        `The folder ${join(folder, name)} cannot be made: there is a file in its place.\n` +
        'Give another folder for --save-dir.',
    })
  })

  test('cannot be one that takes nothing', async () => {
    await expect(PictureFolder.open('/proc/no')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringMatching(
        /^The folder \/proc\/no cannot be made \(E[A-Z]+\)\.\nGive another folder for --save-dir\.$/,
      ) as unknown as string,
    })
    await expect(PictureFolder.open('/proc/self')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringMatching(
        /^Nothing can be written into the folder \/proc\/self \(E[A-Z]+\)\.\nGive another folder for --save-dir\.$/,
      ) as unknown as string,
    })
  })

  test('never takes the image itself for its picture', async () => {
    const image = join(folder, 'x.jpg')
    await writeFile(image, 'the image')
    await symlink(image, join(folder, 'link.jpg'))
    const pictures = await PictureFolder.open(folder)
    for (const given of [image, join(folder, 'link.jpg')]) {
      await expect(pictures.save('x.jpg', bytes, given)).rejects.toMatchObject({
        code: 'FILE_NOT_WRITTEN',
        message: `${image} cannot be written: it is the image itself.\nGive another folder for --save-dir.`,
      })
    }
    expect(await readFile(image, 'utf8')).toBe('the image')
  })

  test('keeps nothing of a picture that cannot be written', async () => {
    const pictures = await PictureFolder.open(folder)
    await mkdir(join(folder, 'x.jpg/full'), { recursive: true })
    await expect(pictures.save('x.jpg', bytes, 'no.jpg')).rejects.toMatchObject({
      code: 'FILE_NOT_WRITTEN',
      message: expect.stringMatching(
        /x\.jpg cannot be written \(E[A-Z]+\)\.\nThe answer stands; make room or another folder for the picture\.$/,
      ) as unknown as string,
    })
    expect(await readdir(folder)).toEqual(['x.jpg'])
  })
})

test('what is missing at the end', () => {
  expect(unanswered({ all: 3, failed: 0, unsaved: 0 })).toBe('')
  expect(unanswered({ all: 1, failed: 1, unsaved: 0 })).toBe('1 of 1 image could not be answered.\n')
  expect(unanswered({ all: 5, failed: 2, unsaved: 1 })).toBe(
    '2 of 5 images could not be answered.\n1 of 3 pictures could not be written.\n',
  )
})
