import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ambiguityWarning, bufferFormat, checkBytes, locateModel } from '../../src/model/index.js'

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
    ['json', ['model.json', 'model.pdiparams', 'tsconfig.json'], '', 'model'],
    ['pdmodel', ['net.pdmodel', 'net.pdiparams'], '', 'net'],
    ['json', ['net.json', 'net.pdiparams', 'package.json'], '', 'net'],
    ['json', ['net.json', 'net.pdiparams'], '/net', 'net'],
    ['pdmodel', ['net.v2.pdmodel', 'net.v2.pdiparams'], '/net.v2', 'net.v2'],
    ['pdmodel', ['net.pdmodel', 'net.pdiparams', 'inference.pdmodel'], '/net.pdmodel', 'net'],
  ])('finds %s of %j at `%s`', async (format, names, behind, stem) => {
    await put(...names)
    expect(await locateModel(folder + behind)).toEqual({
      format,
      program: join(folder, `${stem}.${format}`),
      params: join(folder, `${stem}.pdiparams`),
    })
  })

  test.each([
    ['inference.pdmodel', 'pdmodel'],
    ['inference.json', 'json'],
    ['model.json', 'json'],
    ['net.pdmodel', 'pdmodel'],
  ])('%s without a parameters file', async (name, format) => {
    await put(name)
    expect(await locateModel(folder)).toEqual({ format, program: join(folder, name) })
  })

  test('a .json of any name without a parameters file is recognised by its first bytes', async () => {
    await put('package.json')
    await writeFile(join(folder, 'net.json'), '{"base_code":{"magic":"pir","trainable":true,"version":4},')
    expect(await locateModel(folder)).toEqual({ format: 'json', program: join(folder, 'net.json') })
  })

  test('named parameters', async () => {
    await put('inference.pdmodel', 'inference.pdiparams', 'other.pdiparams')
    const params = join(folder, 'other.pdiparams')
    const program = join(folder, 'inference.pdmodel')
    expect(await locateModel(folder, params)).toEqual({ format: 'pdmodel', program, params })
    await expect(locateModel(folder, `${params}.gz`)).rejects.toMatchObject({
      code: 'MODEL_PARAMS_NOT_FOUND',
      message: `There is no parameters file at ${params}.gz.\nName the .pdiparams that belongs to ${program}.`,
    })
  })

  test('with named parameters, a program may have any name', async () => {
    await put('net', 'weights', '__model__')
    const [program, params] = [join(folder, 'net'), join(folder, 'weights')]
    expect(await locateModel(program, params)).toEqual({ format: 'pdmodel', program, params })
    expect(await locateModel(folder, params)).toEqual({
      format: '__model__',
      program: join(folder, '__model__'),
      params,
    })
  })

  test.each<[string[], string, string, string[], string]>([
    [
      ['inference.pdmodel', 'inference.json', 'inference.pdiparams'],
      '',
      'inference.pdmodel',
      ['inference.json'],
      '`.pdmodel` comes before `.json`, which not every wheel reads.',
    ],
    [
      ['net.pdmodel', 'net.json', 'inference.pdmodel'],
      '/net',
      'net.pdmodel',
      ['net.json'],
      '`.pdmodel` comes before `.json`, which not every wheel reads.',
    ],
    [
      ['a.pdmodel', 'model.pdmodel', 'inference.json'],
      '',
      'inference.json',
      ['model.pdmodel', 'a.pdmodel'],
      '`inference.*` comes before any other name.',
    ],
    [
      ['other.pdmodel', 'model.pdmodel'],
      '',
      'model.pdmodel',
      ['other.pdmodel'],
      '`model.*` comes before any other name but `inference.*`.',
    ],
    [
      ['a.json', 'a.pdiparams', 'b.pdmodel'],
      '',
      'b.pdmodel',
      ['a.json'],
      '`.pdmodel` comes before `.json`, which not every wheel reads.',
    ],
    [
      ['b.pdmodel', 'a.pdmodel'],
      '',
      'a.pdmodel',
      ['b.pdmodel'],
      'Among other names, the first in alphabetical order is used.',
    ],
    [
      ['__model__', 'b.pdmodel'],
      '',
      'b.pdmodel',
      ['__model__'],
      '`__model__`, the format of Paddle 1, comes last.',
    ],
  ])('of %j at `%s`, %s is used', async (names, behind, taken, passedOver, reason) => {
    await put(...names)
    expect(await locateModel(folder + behind)).toMatchObject({
      program: join(folder, taken),
      passedOver: passedOver.map((name) => join(folder, name)),
      reason,
    })
  })

  test('a named program is not ambiguous', async () => {
    await put('inference.pdmodel', 'inference.json', 'net.pdmodel')
    const program = join(folder, 'inference.json')
    expect(await locateModel(program)).toEqual({ format: 'json', program })
  })

  test.each(['params', '__params__'])('__model__ with %s', async (params) => {
    await put('__model__', params)
    const expected = { format: '__model__', program: join(folder, '__model__'), params: join(folder, params) }
    expect(await locateModel(folder)).toEqual(expected)
    expect(await locateModel(join(folder, '__model__'))).toEqual(expected)
  })

  test('__model__ with separate files is located by its folder', async () => {
    await put('__model__', 'fc_0.w_0', 'fc_0.b_0')
    expect(await locateModel(folder)).toEqual({ format: '__model__', program: folder })
  })

  describe('a prefix', () => {
    const files = (): object => ({
      format: 'pdmodel',
      program: join(folder, 'model.pdmodel'),
      params: join(folder, 'model.pdiparams'),
    })

    test('beside a file of that name, as PaddleTS writes it', async () => {
      await put('model', 'model.pdmodel', 'model.pdiparams', 'model_model_meta')
      const path = join(folder, 'model')
      expect(await locateModel(path)).toEqual(files())
      expect(await locateModel(path, `${path}.pdiparams`)).toEqual(files())
      // With other parameters, the file itself is the program.
      await put('weights')
      const params = join(folder, 'weights')
      expect(await locateModel(path, params)).toEqual({ format: 'pdmodel', program: path, params })
    })

    test.each(['model', 'model/'])('beside a folder `%s` without a model', async (path) => {
      await put('model.pdmodel', 'model.pdiparams')
      await mkdir(join(folder, 'model'))
      expect(await locateModel(`${folder}/${path}`)).toEqual(files())
      await put('model/readme.md')
      expect(await locateModel(`${folder}/${path}`)).toEqual(files())
    })

    test('beside a folder with a model, which is used', async () => {
      await mkdir(join(folder, 'model'))
      await put('model/model.pdmodel', 'model.pdmodel', 'model.json')
      const found = await locateModel(join(folder, 'model'))
      expect(found).toEqual({
        format: 'pdmodel',
        program: join(folder, 'model/model.pdmodel'),
        passedOver: [join(folder, 'model.pdmodel'), join(folder, 'model.json')],
        reason: 'A folder comes before a prefix of the same name.',
      })
      expect(ambiguityWarning(found)).toBe(
        `${folder}/model/model.pdmodel is used, but ${folder}/model.pdmodel and ${folder}/model.json are models too. ` +
          'A folder comes before a prefix of the same name.\nSpecify the model by its file.',
      )
      expect(await locateModel(join(folder, 'model.pdmodel'))).toEqual({
        format: 'pdmodel',
        program: join(folder, 'model.pdmodel'),
      })
    })
  })
})

describe('ambiguityWarning', () => {
  test('one model in two formats needs no warning', async () => {
    await put('inference.pdmodel', 'inference.json', 'inference.pdiparams')
    expect(ambiguityWarning(await locateModel(folder))).toBeUndefined()
  })

  test('two models', async () => {
    await put('inference.pdmodel', 'inference.json', 'net.pdmodel', 'net.json', 'net.pdiparams')
    expect(ambiguityWarning(await locateModel(folder))).toBe(
      `${folder}/inference.pdmodel is used, but ${folder}/net.pdmodel and ${folder}/net.json are models too. ` +
        '`inference.*` comes before any other name.\nSpecify the model by its file or prefix.',
    )
  })
})

describe('models in memory', () => {
  const bytes = (text: string): Uint8Array => new TextEncoder().encode(text)

  test.each([
    ['{"base_code":', 'json'],
    [' \n\t{"base_code":', 'json'],
    ['\n\u0005{', 'pdmodel'],
    ['', 'pdmodel'],
  ])('%j is %s', (text, format) => {
    expect(bufferFormat({ program: bytes(text) })).toBe(format)
  })

  test('accepted bytes', () => {
    expect(() => {
      checkBytes('program', bytes('{'))
      checkBytes('program', Buffer.from('{'))
    }).not.toThrow()
  })

  test('anything but a byte array', () => {
    expect(() => {
      checkBytes('program', 'model/inference.pdmodel')
    }).toThrow(new TypeError('Expected a Uint8Array for `program`, got `model/inference.pdmodel` (string).'))
  })

  test('bytes of another file', () => {
    expect(() => {
      checkBytes('params', bytes('version https://git-lfs.github.com/spec/v1\noid sha256:0\n'))
    }).toThrow(new RangeError('Expected the bytes of a model’s file for `params`, got a pointer of Git LFS.'))
  })

  test('empty or detached bytes', () => {
    const buffer = new ArrayBuffer(1)
    const detached = new Uint8Array(buffer)
    structuredClone(buffer, { transfer: [buffer] })
    for (const empty of [new Uint8Array(), detached]) {
      expect(() => {
        checkBytes('params', empty)
      }).toThrow(
        new RangeError(
          'Expected the bytes of a model’s file (not empty, not transferred away) for `params`, got an object (Uint8Array).',
        ),
      )
    }
  })
})
