import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
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

  const hint = (): string => `Make one: paddle-ts export --save-inference-dir ${folder}`

  test.each<[string, string[], string]>([
    ['empty', [], 'is empty'],
    ['without one', ['a.txt', 'config.json'], 'holds a.txt, config.json'],
    ['with many files', ['a', 'b', 'c', 'd', 'e', 'f', 'g'], 'holds a, b, c, d, e and 2 more'],
  ])('a folder that is %s', async (_, names, contents) => {
    await put(...names)
    await expect(locateModel(folder)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `No model in ${folder}: it ${contents}, but no .pdmodel or .json.\n${hint()}`,
    })
  })

  test('a file that is no program', async () => {
    await put('weights.pdparams')
    await expect(locateModel(join(folder, 'weights.pdparams'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `${folder}/weights.pdparams is not a model: expected a folder, or a .pdmodel, .json or __model__ file.\n${hint()}`,
    })
  })

  test('a path through a file', async () => {
    await put('file')
    await mkdir(join(folder, 'sub'))
    await expect(locateModel(join(folder, 'file', 'x'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `There is no model at ${folder}/file/x.\nMake one: paddle-ts export --save-inference-dir ${folder}/file`,
    })
  })
})
