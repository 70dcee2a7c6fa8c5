import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
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

  const elsewhere = 'Pass the folder of a model, or create one: paddle-ts export --save-inference-dir DIR'
  const hint = (): string => `Create one: paddle-ts export --save-inference-dir ${folder}`

  test.each<[string, string[], string]>([
    ['empty', [], 'the folder is empty'],
    ['without one', ['a.txt', 'config.json'], 'it contains a.txt, config.json, but no .pdmodel or .json'],
    [
      'with many files',
      ['a', 'b', 'c', 'd', 'e', 'f', 'g'],
      'it contains a, b, c, d, e and 2 more, but no .pdmodel or .json',
    ],
  ])('rejects a folder that is %s', async (_, names, contents) => {
    await put(...names)
    await expect(locateModel(folder)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `No model in ${folder}: ${contents}.\n${names.length === 0 ? hint() : elsewhere}`,
    })
  })

  test.each<[string, string[], (at: string) => string]>([
    ['one', ['b/inference.pdmodel', 'photos/x.jpg'], (at) => `its subfolder ${at}/b is one`],
    [
      'several',
      ['a/inference.json', 'b/__model__', 'photos/x.jpg', 'c/package.json', 'readme.md'],
      (at) => `its subfolders ${at}/a, ${at}/b are models`,
    ],
    [
      'many',
      Array.from({ length: 7 }, (_, index) => `${index}/inference.pdmodel`),
      (at) => `its subfolders ${at}/0, ${at}/1, ${at}/2, ${at}/3, ${at}/4 and 2 more are models`,
    ],
  ])('a folder of models names them: %s', async (_, names, found) => {
    for (const name of names) await mkdir(join(folder, dirname(name)), { recursive: true })
    await put(...names)
    await expect(locateModel(folder)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `No model in ${folder}: ${found(folder)}.\nPass ${names.length === 2 ? 'that folder' : 'one of these folders'}.`,
    })
  })

  test('a file that is not a program', async () => {
    await put('weights.txt')
    await expect(locateModel(join(folder, 'weights.txt'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `${folder}/weights.txt is not a model: expected a folder, or a .pdmodel, .json or __model__ file.\n${elsewhere}`,
    })
  })

  const unpack = 'Unpack it, and pass the folder that it contains'
  const own = 'Pass the model in Paddle’s own format'
  test.each<[string, string, (path: string) => string]>([
    ['net.tar', 'an archive', (path) => `${unpack}: tar -xf ${path}`],
    ['net.tar.gz', 'an archive', (path) => `${unpack}: tar -xf ${path}`],
    ['net.zip', 'an archive', (path) => `${unpack}: unzip ${path}`],
    ['net.onnx', 'an ONNX model', () => `${own}, or run this one with onnxruntime-node.`],
    ['net.pth', 'a model of another framework', () => `${own}.`],
    [
      'net.pdparams',
      'weights without a network',
      (path) =>
        `Export their network with them: paddle-ts export --model NETWORK --pretrained ${path} --save-inference-dir DIR`,
    ],
  ])('%s, its name without the extension, and its folder', async (name, what, advice) => {
    await put(name)
    const path = join(folder, name)
    const failures = [path, join(folder, 'net'), folder].map((one) => locateModel(one).catch(String))
    expect(await Promise.all(failures)).toEqual(
      [
        `${path} is ${what}, not a model of Paddle`,
        `There is no model at ${folder}/net, but ${path} is ${what}`,
        `No model in ${folder}, but ${path} is ${what}`,
      ].map((text) => `PaddleError: ${text}.\n${advice(path)}`),
    )
  })

  test('a path with an error in it, and the folder of a model beside it', async () => {
    for (const name of ['PP-LCNet_x1_0_infer', 'PP-LCNet_x1_o_inferx']) await mkdir(join(folder, name))
    await put('PP-LCNet_x1_0_infer/inference.pdmodel')
    await expect(locateModel(join(folder, 'PP-LCNet_x1_o_infer'))).rejects.toMatchObject({
      message: `There is no model at ${folder}/PP-LCNet_x1_o_infer.\nDid you mean ${folder}/PP-LCNet_x1_0_infer?`,
    })
  })

  test('a path through a file', async () => {
    await put('file')
    await expect(locateModel(join(folder, 'file', 'x'))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `There is no model at ${folder}/file/x: a part of the path is a file.\n${elsewhere}`,
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
      message: `There is no model at ${path}.\nCheck the path, or create one: paddle-ts export --save-inference-dir ${suggested}`,
    })
  })

  test.each(['model.onnx', 'PP-LCNet_x1_0_infer.tar'])(
    'nothing at a file that is no model: %s',
    async (path) => {
      await expect(locateModel(path)).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND', advice: elsewhere })
    },
  )

  test('nothing at a program that an export would not write', async () => {
    await expect(locateModel('none/net.pdmodel')).rejects.toMatchObject({
      message: `There is no model at none/net.pdmodel.\n${elsewhere}`,
    })
  })

  test('nothing at a path, but a model beside it', async () => {
    await put('net.pdmodel', 'net.pdiparams')
    await expect(locateModel(join(folder, 'other'))).rejects.toMatchObject({
      message: `There is no model at ${folder}/other, but one at ${folder}/net.pdmodel.\nCheck the path, or create one: paddle-ts export --save-inference-dir ${folder}/other`,
    })
  })

  test('an unreadable path', async () => {
    const path = 'a'.repeat(300)
    await expect(locateModel(path)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `${path} cannot be read (ENAMETOOLONG).\nCheck the path and its permissions.`,
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
