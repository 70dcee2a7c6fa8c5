import { mkdir, mkdtemp, rm, symlink, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { messageInFlags } from '../../src/commands/flags/flag-errors.js'
import { locateModel, readLabels, readModelConfig } from '../../src/model/index.js'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'missing-model-'))
})
afterEach(() => rm(folder, { recursive: true }))

const put = async (...names: string[]): Promise<void> => {
  for (const name of names) await writeFile(join(folder, name), '')
}

describe('no model at a path', () => {
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

  test('a folder of folders of models names those that are nearest', async () => {
    for (const name of ['.tool', 'node_modules/tool', 'det/a/b', 'rec/c', 'rec/c/d', 'photos'])
      await mkdir(join(folder, name), { recursive: true })
    await put(
      '.tool/model.pdmodel',
      'node_modules/tool/model.pdmodel',
      'det/a/b/model.pdmodel',
      'photos/a.jpg',
    )
    const within = (names: string): string =>
      `No model in ${folder}: its subfolder ${names} is one.\nPass that folder.`
    await expect(locateModel(folder)).rejects.toMatchObject({ message: within(`${folder}/det/a/b`) })
    await put('rec/c/inference.json', 'rec/c/d/inference.json')
    await expect(locateModel(folder)).rejects.toMatchObject({ message: within(`${folder}/rec/c`) })
    // An archive beside the folders is perhaps the one that they come from.
    await put('rec.tar')
    await expect(locateModel(folder)).rejects.toMatchObject({ message: within(`${folder}/rec/c`) })
  })

  test('the search for models in subfolders is limited', async () => {
    await mkdir(join(folder, 'a/b/c/d/e'), { recursive: true })
    await symlink(folder, join(folder, 'loop'))
    await put('a/b/c/d/e/model.pdmodel')
    const none = `No model in ${folder}: it contains a, loop, but no .pdmodel or .json.\n${elsewhere}`
    await expect(locateModel(folder)).rejects.toMatchObject({ message: none })
    await put('a/b/c/d/model.pdmodel')
    await expect(locateModel(folder)).rejects.toMatchObject({
      message: `No model in ${folder}: its subfolder ${folder}/a/b/c/d is one.\nPass that folder.`,
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
  const own = 'Pass the model in Paddle’s own format.'
  const x2paddle = 'with X2Paddle, and pass DIR/inference_model: x2paddle'
  const exportWith = (weights: string): string =>
    `Export their network with them: paddle-ts export --model NETWORK --pretrained ${weights} --save-inference-dir DIR`
  test.each<[string, string, (path: string) => string]>([
    ['net.tar', 'an archive', (path) => `${unpack}: tar -xf ${path}`],
    ['net.tar.gz', 'an archive', (path) => `${unpack}: tar -xf ${path}`],
    ['net.zip', 'an archive', (path) => `${unpack}: unzip ${path}`],
    ['net.rar', 'an archive', () => `${unpack}.`],
    [
      'net.onnx',
      'an ONNX model',
      (path) =>
        `Run it with onnxruntime-node, or convert it ${x2paddle} --framework=onnx --model=${path} --save_dir=DIR`,
    ],
    [
      'net.pb',
      'a model of TensorFlow',
      (path) => `Convert it ${x2paddle} --framework=tensorflow --model=${path} --save_dir=DIR`,
    ],
    [
      'net.h5',
      'a model of TensorFlow',
      () => 'Convert it to ONNX with tf2onnx, and that to Paddle’s format with X2Paddle.',
    ],
    [
      'net.caffemodel',
      'a model of Caffe',
      (path) =>
        `Convert it ${x2paddle} --framework=caffe --prototxt=FILE.prototxt --weight=${path} --save_dir=DIR`,
    ],
    [
      'net.pth',
      'a model of PyTorch',
      () => 'Export it to ONNX with torch.onnx.export, and convert that to Paddle’s format with X2Paddle.',
    ],
    ['net.safetensors', 'weights without a network', () => own],
    ['net.mlmodel', 'a model of another framework', () => own],
    ['net.pdparams', 'weights without a network', exportWith],
    ['net.pdopt', 'the state of a training run', () => exportWith('FILE.pdparams')],
    [
      'net.nb',
      'a model of Paddle Lite',
      () => 'Pass the model that it was made from: a .pdmodel, .json or __model__ file.',
    ],
    ['net.pdiparams', 'a parameters file', () => 'Put its program beside it: net.pdmodel or net.json.'],
    ['net.pdiparams.info', 'a parameters file', () => 'Put its program beside it: net.pdmodel or net.json.'],
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

  test('a SavedModel of TensorFlow is not a frozen graph', async () => {
    await put('saved_model.pb')
    await expect(locateModel(join(folder, 'saved_model.pb'))).rejects.toMatchObject({
      advice: 'Convert it to ONNX with tf2onnx, and that to Paddle’s format with X2Paddle.',
    })
  })

  test('of several such files in a folder, the one that says most', async () => {
    await put('net.pdiparams.info', 'a.onnx', 'a.pdopt', 'a.pdparams')
    await expect(locateModel(folder)).rejects.toMatchObject({
      message: `No model in ${folder}, but ${folder}/net.pdiparams.info is a parameters file.\nPut its program beside it: net.pdmodel or net.json.`,
    })
    await rm(join(folder, 'net.pdiparams.info'))
    await expect(locateModel(folder)).rejects.toMatchObject({
      message: `No model in ${folder}, but ${folder}/a.pdparams is weights without a network.\n${exportWith(`${folder}/a.pdparams`)}`,
    })
    await expect(locateModel(join(folder, 'a.pdopt'))).rejects.toMatchObject({
      advice: exportWith(`${folder}/a.pdparams`),
    })
  })

  test.each(['net.pdiparams', 'net.pdiparams.info'])('%s beside its program', async (name) => {
    for (const program of ['net.json', 'net.pdmodel']) {
      await put(name, program, 'inference.pdmodel')
      await expect(locateModel(join(folder, name))).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        message: `${folder}/${name} is a parameters file, not a model of Paddle.\nPass its program: ${folder}/${program}`,
      })
    }
  })

  test('a parameters file beside a program of another name', async () => {
    await put('net.pdiparams', 'other.pdmodel')
    const [program, params] = [`${folder}/other.pdmodel`, `${folder}/net.pdiparams`]
    const error: unknown = await locateModel(params).catch((thrown: unknown) => thrown)
    const start =
      `${params} is a parameters file, not a model of Paddle.\n` +
      `Put its program beside it: net.pdmodel or net.json. If that is ${program}, pass both: `
    expect(error).toMatchObject({ message: `${start}\`model: '${program}'\` and \`params: '${params}'\`` })
    expect(messageInFlags(error as Error)).toBe(`${start}--model-dir ${program} --params ${params}`)
  })

  test('a path with an error in it, and the folder of a model beside it', async () => {
    for (const name of ['PP-LCNet_x1_0_infer', 'PP-LCNet_x1_o_inferx']) await mkdir(join(folder, name))
    await put('PP-LCNet_x1_0_infer/inference.pdmodel')
    await expect(locateModel(join(folder, 'PP-LCNet_x1_o_infer'))).rejects.toMatchObject({
      message: `There is no model at ${folder}/PP-LCNet_x1_o_infer.\nDid you mean ${folder}/PP-LCNet_x1_0_infer?`,
    })
  })

  test.each(['inference.yml', 'labels.txt'])('%s beside a model', async (name) => {
    await put(name, 'inference.pdmodel', 'inference.pdiparams')
    await expect(locateModel(join(folder, name))).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message:
        `${folder}/${name} is not a model: expected a folder, or a .pdmodel, .json or __model__ file.\n` +
        `Did you mean ${folder}/inference.pdmodel?`,
    })
  })

  test('a folder without a model in the folder of one', async () => {
    await put('inference.pdmodel')
    const within = join(folder, 'labels')
    await mkdir(within)
    await expect(locateModel(within)).rejects.toMatchObject({
      advice: `Create one: paddle-ts export --save-inference-dir ${within}`,
    })
    await put('labels/a.txt')
    await expect(locateModel(within)).rejects.toMatchObject({
      message: `No model in ${within}: it contains a.txt, but no .pdmodel or .json.\nDid you mean ${folder}/inference.pdmodel?`,
    })
  })

  test.each(['', 'x/y'])('a path through a program: `/%s`', async (behind) => {
    await put('inference.pdmodel')
    await expect(locateModel(join(folder, 'inference.pdmodel/') + behind)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message:
        `There is no model at ${folder}/inference.pdmodel/${behind}: a part of the path is a file.\n` +
        `Did you mean ${folder}/inference.pdmodel?`,
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

  test.each([
    ['https://example.org/PP-LCNet_x1_0_infer.tar', 'https://example.org/PP-LCNet_x1_0_infer.tar'],
    ['HTTP://me:secret@example.org:8080/a.tar?token=secret#x', 'http://example.org:8080/a.tar'],
    [`https://example.org/a?signature=${'x'.repeat(300)}`, 'https://example.org/a'],
    ['hf://PaddlePaddle/PP-LCNet_x1_0', 'hf://PaddlePaddle/PP-LCNet_x1_0'],
  ])('a URL: %s', async (url, shown) => {
    await expect(locateModel(url)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `${shown} is a URL, and models are not downloaded.\nDownload the model, unpack it, and pass its folder.`,
    })
  })

  test('the URL of a file', async () => {
    await put('inference.pdmodel')
    await expect(locateModel(pathToFileURL(folder).href)).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `file://${folder} is a URL, not a path.\nPass its path: ${folder}`,
    })
  })

  test.each(['PaddlePaddle/PP-LCNet_x1_0', 'someone/net'])(
    'the name of a model in a hub: %s',
    async (name) => {
      await expect(locateModel(name)).rejects.toMatchObject({
        code: 'MODEL_NOT_FOUND',
        message:
          `There is no model at ${name}: there is no folder ${dirname(name)}, and models are not downloaded by their name.\n` +
          'Check the path, or download the inference model and pass its folder.',
      })
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

const pointer =
  'version https://git-lfs.github.com/spec/v1\n' + `oid sha256:${'0'.repeat(64)}\n` + 'size 4194304\n'

describe('a file with other content', () => {
  const pull = (): string => `In a clone of its repository, get the file itself: git -C ${folder} lfs pull`
  const again = 'Download or copy the model again.'
  const unpack = 'Unpack it, and pass the folder that it contains'
  const contents: [string, string | Buffer, (path: string) => string][] = [
    ['a pointer of Git LFS', pointer, pull],
    ['a web page', '<!DOCTYPE html><html><body>Not Found', () => again],
    ['a ZIP archive', 'PK\u0003\u0004 and more', (path) => `${unpack}: unzip ${path}`],
    ['a gzip archive', Buffer.from('1f8b0800', 'hex'), (path) => `${unpack}: tar -xf ${path}`],
    ['a tar archive', `net/\0${'\0'.repeat(252)}ustar`, (path) => `${unpack}: tar -xf ${path}`],
    ['a pickle of Python', Buffer.from('80047d942e', 'hex'), () => again],
    ['a text that begins with "404: Not Found"', '404: Not Found', () => again],
  ]

  test.each(contents)('%s', async (what, content, advice) => {
    for (const program of ['inference.pdmodel', 'inference.json', '__model__']) {
      const file = join(folder, program)
      await writeFile(file, content)
      for (const model of [folder, file])
        await expect(locateModel(model)).rejects.toMatchObject({
          code: 'MODEL_NOT_FOUND',
          message: `${file} is ${what}, not the program of a model.\n${advice(file)}`,
        })
      await writeFile(file, '')
      const params = join(folder, program === '__model__' ? 'params' : 'inference.pdiparams')
      await writeFile(params, content)
      const isNamed = program === '__model__' ? params : undefined
      for (const given of [undefined, isNamed])
        await expect(locateModel(folder, given)).rejects.toMatchObject({
          code: 'MODEL_PARAMS_NOT_FOUND',
          message: `${params} is ${what}, not the parameters of a model.\n${advice(params)}`,
        })
      await rm(file)
      await rm(params)
    }
  })

  test('programs and parameters are not taken for one', async () => {
    // A program whose first block has 1035 bytes, which begins like gzip but for its first byte.
    await writeFile(join(folder, 'inference.pdmodel'), Buffer.from('0a8b080a040800100', 'hex'))
    await writeFile(join(folder, 'inference.json'), ' {"base_code": {}}')
    await writeFile(join(folder, 'inference.pdiparams'), Buffer.alloc(20))
    for (const format of ['pdmodel', 'json'] as const)
      expect(await locateModel(join(folder, `inference.${format}`))).toMatchObject({ format })
  })

  test.each(['inference.yml', 'infer_cfg.yml', 'deploy.yaml'])('a pointer of Git LFS as %s', async (name) => {
    await put('inference.pdmodel')
    await writeFile(join(folder, name), pointer)
    await expect(readModelConfig(await locateModel(folder))).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: `${folder}/${name} is not valid: it is a pointer of Git LFS, not the file itself.\n${pull()}`,
    })
  })

  test('a pointer of Git LFS as labels', async () => {
    await put('inference.pdmodel')
    const labels = join(folder, 'labels.txt')
    await writeFile(labels, pointer)
    const what = `${labels} contains no labels: it is a pointer of Git LFS, not the file itself.`
    await expect(readLabels(labels)).rejects.toMatchObject({
      code: 'LABELS_INVALID',
      message: `${what}\n${pull()}`,
    })
    await writeFile(
      join(folder, 'inference.yml'),
      'PreProcess: {transform_ops: [{ToCHWImage: null}]}\nPostProcess: {Topk: {topk: 1, class_id_map_file: labels.txt}}\n',
    )
    const config = await readModelConfig(await locateModel(folder))
    expect(() => config?.labels).toThrow(
      expect.objectContaining({
        code: 'LABELS_INVALID',
        message: `${what} ${folder}/inference.yml refers to it for the names of the classes.\n${pull()}`,
      }),
    )
  })
})
