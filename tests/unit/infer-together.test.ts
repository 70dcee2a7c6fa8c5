import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { dashed } from '../../src/commands/argv.js'
import type { GivenArguments } from '../../src/commands/infer/arguments.js'
import { checkInferFlags } from '../../src/commands/infer/flag-conflicts.js'
import { said } from '../helpers/checked.js'

/** The parser's result without flags. */
const usual = { maxBatchSize: 16, warmup: 0 }

const ymls = {
  detector: 'arch: Face\nPreprocess:\n- {type: Permute}\n',
  best: 'PostProcess:\n  Topk: {topk: 5}\n',
  several: 'PostProcess:\n  MultiLabelThreshOutput: {threshold: 0.5}\n',
}
const folders = {} as Record<keyof typeof ymls, string>
beforeAll(async () => {
  for (const name of Object.keys(ymls) as (keyof typeof ymls)[]) {
    const folder = await mkdtemp(join(tmpdir(), 'together-'))
    folders[name] = folder
    for (const file of ['inference.pdmodel', 'inference.pdiparams']) await writeFile(join(folder, file), '')
    await writeFile(join(folder, name === 'detector' ? 'infer_cfg.yml' : 'inference.yml'), ymls[name])
  }
})
afterAll(() => Promise.all(Object.values(folders).map((folder) => rm(folder, { recursive: true }))))

/** The parser also returns each flag by its dashed name. */
function byFlags(given: Partial<GivenArguments>): object {
  return Object.fromEntries(Object.entries(given).map(([name, value]) => [dashed(name), value]))
}

const wrong = (model: keyof typeof ymls, given: Partial<GivenArguments>): Promise<true | string> =>
  said(checkInferFlags({ ...usual, modelDir: folders[model], ...given, ...byFlags(given) }))

describe('flags of another task', () => {
  test.each<[keyof typeof ymls, Partial<GivenArguments>, string]>([
    [
      'detector',
      { topk: 3 },
      '--topk is not supported for a detector: it selects boxes by score; use --threshold.',
    ],
    ['detector', { cropSize: 64 }, '--crop-size is not supported for a detector: it uses whole images.'],
    [
      'detector',
      { resizeSize: 64 },
      '--resize-size is not supported for a detector: its infer_cfg.yml sets the size.',
    ],
    ['detector', { warmup: 1 }, '--warmup is not supported for a detector: its images can differ in size.'],
    ['best', { boxUnit: 'pixel' }, '--box-unit is not supported for a classifier: it returns no boxes.'],
    [
      'best',
      { task: 'detect', topk: 1 },
      '--topk is not supported for a detector: it selects boxes by score; use --threshold.',
    ],
  ])('%s, %j', async (model, given, message) => {
    expect(await wrong(model, given)).toBe(message)
  })

  test('--threshold for a classifier without one, and --topk for one with a threshold', async () => {
    expect(await wrong('best', { threshold: 0.5 })).toBe(
      `--threshold is not supported by ${folders.best}, which returns its best classes whatever their scores: omit it or set --topk.`,
    )
    expect(await wrong('several', { topk: 2 })).toBe(
      `--topk is not supported by ${folders.several}, which returns classes by a threshold: omit it or set --threshold.`,
    )
  })
})

test('flags of the model’s task', async () => {
  expect(await wrong('detector', { threshold: 0.3, boxUnit: 'fraction', exact: true })).toBe(true)
  expect(await wrong('best', { topk: 3, resizeSize: 256, cropSize: 224, warmup: 1 })).toBe(true)
  expect(await wrong('several', { threshold: 0.3 })).toBe(true)
})

test('errors of the model are reported later', async () => {
  expect(await checkInferFlags({ ...usual, modelDir: 'none', topk: 1, boxUnit: 'pixel' })).toBe(true)
})

test('annotated images never overwrite the images', async () => {
  expect(await wrong('best', { imgPath: ['a.jpg', 'photos/'], saveDir: './photos' })).toBe(
    '--save-dir ./photos is the folder of the images: annotated images would overwrite them. Use another folder.',
  )
  expect(await wrong('best', { imgPath: ['photos'], saveDir: 'photos/drawn' })).toBe(true)
})

describe('annotated images of images that', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'together-'))
    for (const name of ['a', 'b', 'b/drawn']) {
      await mkdir(join(folder, name))
      await writeFile(join(folder, name, 'x.jpg'), '')
    }
    await symlink('b', join(folder, 'link'))
    await symlink('b/x.jpg', join(folder, 'x.jpg'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  test.each<[string, string[], string]>([
    ['are a file in the folder', ['a/x.jpg', 'b/x.jpg'], 'b'],
    ['are a folder in another', ['a', 'b', 'b/drawn'], 'b/drawn'],
    ['match a pattern in the folder', ['a', 'b/*.jpg'], 'b'],
    ['lie behind a link', ['link/x.jpg'], 'b'],
    ['are linked', ['x.jpg'], 'b'],
    ['lie in the folder that is linked', ['b/x.jpg', '-'], 'link'],
    ['lie in the folder in other words', ['b/x.jpg'], 'a/../b/drawn/../'],
  ])('%s: rejected', async (_, paths, saveDir) => {
    const given = { imgPath: paths.map((path) => (path === '-' ? path : join(folder, path))) }
    const into = `${folder}/${saveDir}`
    expect(await wrong('best', { ...given, saveDir: into })).toBe(
      `--save-dir ${into} is the folder of the images: annotated images would overwrite them. Use another folder.`,
    )
  })

  test.each<[string, string[], string]>([
    ['lie in two folders', ['a/x.jpg', 'b/x.jpg'], 'drawn'],
    ['lie in the folder below', ['b', 'b/*.jpg', '-'], 'b/drawn'],
    ['lie in the folder above', ['b/drawn', 'b/drawn/x.jpg'], 'b'],
  ])('%s: accepted', async (_, paths, saveDir) => {
    const imgPath = paths.map((path) => (path === '-' ? path : join(folder, path)))
    expect(await wrong('best', { imgPath, saveDir: join(folder, saveDir) })).toBe(true)
  })
})
