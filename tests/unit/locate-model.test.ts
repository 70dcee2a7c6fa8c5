import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { locateModel } from '../../src/model/index.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'locate-'))
})
afterEach(() => rm(folder, { recursive: true }))

const put = async (...names: string[]): Promise<void> => {
  for (const name of names) await writeFile(join(folder, name), '')
}

describe('locateModel', () => {
  test.each([
    ['pdmodel', ['inference.pdmodel', 'inference.pdiparams', 'inference.pdiparams.info'], '', 'inference'],
    ['json', ['inference.json', 'inference.pdiparams'], '', 'inference'],
    ['pdmodel', ['model.pdmodel', 'model.pdiparams', 'package.json'], '', 'model'],
    ['pdmodel', ['inference.pdmodel', 'inference.json', 'inference.pdiparams'], '', 'inference'],
    ['pdmodel', ['other.pdmodel', 'other.pdiparams', 'model.pdmodel', 'model.pdiparams'], '', 'model'],
    ['json', ['net.json', 'net.pdiparams'], '/net', 'net'],
    ['pdmodel', ['net.v2.pdmodel', 'net.v2.pdiparams'], '/net.v2', 'net.v2'],
    ['pdmodel', ['net.pdmodel', 'net.pdiparams', 'inference.pdmodel'], '/net.pdmodel', 'net'],
  ])('%s of %j behind `%s`', async (format, names, behind, stem) => {
    await put(...names)
    expect(await locateModel(folder + behind)).toEqual({
      format,
      program: join(folder, `${stem}.${format}`),
      params: join(folder, `${stem}.pdiparams`),
    })
  })

  test('a program without a parameters file', async () => {
    await put('inference.pdmodel')
    expect(await locateModel(folder)).toEqual({
      format: 'pdmodel',
      program: join(folder, 'inference.pdmodel'),
    })
  })

  test.each(['params', '__params__'])('__model__ with %s', async (params) => {
    await put('__model__', params)
    const expected = { format: '__model__', program: join(folder, '__model__'), params: join(folder, params) }
    expect(await locateModel(folder)).toEqual(expected)
    expect(await locateModel(join(folder, '__model__'))).toEqual(expected)
  })

  test('__model__ with separate files is its folder', async () => {
    await put('__model__', 'fc_0.w_0', 'fc_0.b_0')
    expect(await locateModel(folder)).toEqual({ format: '__model__', program: folder })
  })

  const elsewhere = 'Give the folder of a model, or make one: paddle-ts export --save-inference-dir DIR'
  const hint = (): string => `Make one: paddle-ts export --save-inference-dir ${folder}`

  test.each<[string, string[], string]>([
    ['empty', [], 'the folder is empty'],
    ['without one', ['a.txt', 'config.json'], 'it holds a.txt, config.json, but no .pdmodel or .json'],
    [
      'with many files',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
      'it holds a, b, c, d, e and 2 more, but no .pdmodel or .json',
    ],
  ])('a folder that is %s', async (_, names, contents) => {
    await put(...names)
    await expect(locateModel(folder)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `No model in ${folder}: ${contents}.\n${hint()}`,
    })
  })

  test('a file that is no program', async () => {
    await put('weights.pdparams')
    await expect(locateModel(join(folder, 'weights.pdparams'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `${folder}/weights.pdparams is not a model: expected a folder, or a .pdmodel, .json or __model__ file.\n${elsewhere}`,
    })
  })

  test('a path through a file', async () => {
    await put('file')
    await expect(locateModel(join(folder, 'file', 'x'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `There is no model at ${folder}/file/x: a file is in its way.\n${elsewhere}`,
    })
  })

  test.each([
    ['none', 'none'],
    ['none/model', 'none/model'],
    ['none/inference', 'none'],
    ['none/inference.pdmodel', 'none'],
    ['none/inference.json', 'none --format json'],
    ['inference', 'inference'],
    ['./inference/', './inference/'],
    ['no model', "'no model'"],
    ['the model’s', "'the model’s'"],
    ["model's", "'model'\\''s'"],
  ])('nothing at %s', async (path, suggested) => {
    await expect(locateModel(path)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `There is no model at ${path}.\nMake one: paddle-ts export --save-inference-dir ${suggested}`,
    })
  })

  test('nothing at a program that no export would write', async () => {
    await expect(locateModel('none/net.pdmodel')).rejects.toMatchObject({
      message: `There is no model at none/net.pdmodel.\n${elsewhere}`,
    })
  })

  test('nothing at a path, but a model beside it', async () => {
    await put('net.pdmodel', 'net.pdiparams')
    await expect(locateModel(join(folder, 'other'))).rejects.toMatchObject({
      message: `There is no model at ${folder}/other, but one at ${folder}/net.pdmodel.\n${hint()}/other`,
    })
  })

  test('a path that cannot be looked at', async () => {
    const path = 'a'.repeat(300)
    await expect(locateModel(path)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `${path} cannot be read (ENAMETOOLONG).\nCheck the path, and that you may read what is there.`,
    })
  })
})
