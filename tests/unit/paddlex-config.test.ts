/** The `model.yml` of PaddleX 1 and 2, and which file counts where several lie beside a model. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readModelConfig, readOperators, type ModelConfig, type ModelFiles } from '../../src/model/index.js'
import { taskFromConfig } from '../../src/tasks/index.js'
import { planClassifier } from '../../src/tasks/classify/classifier-plan.js'
import { paddleXFile, paddleXForms } from '../helpers/paddlex-forms.js'

let folder: string
let files: ModelFiles
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paddlex-'))
  files = { format: 'pdmodel', program: join(folder, 'model.pdmodel') }
  await Promise.all(['model.pdmodel', 'model.pdiparams'].map((name) => writeFile(join(folder, name), '')))
})
afterEach(() => rm(folder, { recursive: true }))

async function read(text: string, name = 'model.yml'): Promise<ModelConfig | undefined> {
  await writeFile(join(folder, name), text)
  return readModelConfig(files)
}

const labels = ['red', 'green', 'blue']

test.each(Object.entries(paddleXForms))('%s', async (_, form) => {
  const config = await read(paddleXFile(form))
  expect(config?.file).toBe(join(folder, 'model.yml'))
  expect(config?.labels).toEqual(labels)
  expect(await taskFromConfig(folder)).toBe(
    { classifier: 'classify', detector: 'detect', segmenter: 'segment' }[form.type],
  )
  expect(config?.preprocessing?.channels).toBe('mode' in form ? form.mode : 'RGB')
})

test('how outputs are read', async () => {
  const kinds = []
  for (const form of Object.values(paddleXForms)) kinds.push((await read(paddleXFile(form)))?.postProcess)
  expect(kinds).toEqual([
    { kind: 'best' },
    { kind: 'boxes', threshold: 0.5, keepsThreshold: true, arch: 'YOLOv3' },
    { kind: 'segments', restoredBy: 'linear' },
    { kind: 'best' },
    { kind: 'boxes', threshold: 0.5, keepsThreshold: true, arch: 'FasterRCNN' },
    { kind: 'segments', restoredBy: 'nearest' },
  ])
})

test('what PaddleX does besides the transforms is added', async () => {
  await read(paddleXFile(paddleXForms['a detector of PaddleX 2']))
  const config = await readOperators(files)
  expect(config?.kind).toBe('PaddleX 2')
  expect(config?.operators.map(({ name }) => name)).toEqual([
    ...['Decode', 'ResizeByShort', 'Normalize', 'Padding', '_BatchPadding', 'Arrange'],
  ])
  const form = paddleXForms['a detector of PaddleX 2']
  await read(paddleXFile({ ...form, init: '  with_fpn: false' }))
  expect((await readOperators(files))?.operators.at(-2)?.name).toBe('Padding')
  await read(paddleXFile(paddleXForms['a segmenter of PaddleX 1']))
  expect((await readOperators(files))?.operators[0]).toEqual({
    name: 'Decode',
    parameters: { to_rgb: false },
  })
})

const classifier = paddleXForms['a classifier of PaddleX 2']
const detector = paddleXForms['a detector of PaddleX 1']
const segmenter = paddleXForms['a segmenter of PaddleX 2']
const old = paddleXForms['a classifier of PaddleX 1']

describe('what is not supported', () => {
  test.each<[string, string]>([
    [
      paddleXFile({ ...classifier, version: '3.0.0' }),
      'it is of PaddleX 3.0.0, but only versions 1 and 2 are supported',
    ],
    [
      paddleXFile({ ...classifier, init: '  input_channel: 4' }),
      'its network takes images of 4 channels, but only 3 are supported',
    ],
    [
      `${paddleXFile(old)}BatchTransforms: []\n`,
      'it has BatchTransforms, which only PaddleX before 1.0 writes',
    ],
    [paddleXFile({ ...detector, model: 'CenterNet' }), 'the detector CenterNet is not one of PaddleX 1'],
    [
      paddleXFile({ ...classifier, transforms: '- Resize: {target_size: 32, interp: RANDOM}' }),
      'Resize chooses the interpolation at random',
    ],
    [
      paddleXFile({ ...classifier, transforms: '- Padding: {pad_mode: 1}' }),
      'Padding has the pad_mode 1, but only 0, padding at the right and bottom, is supported',
    ],
    [
      paddleXFile({ ...classifier, transforms: '- Normalize: {max_val: [65535, 65535, 65535]}' }),
      'Normalize has a max_val of 65535: the network takes images of more than 8 bits, which are not supported',
    ],
    [
      paddleXFile({ ...old, transforms: '- Normalize: {max_val: [255, 255, 4096]}' }),
      'Normalize has a max_val of 4096: the network takes images of more than 8 bits, which are not supported',
    ],
    [
      paddleXFile({ ...classifier, transforms: '- Normalize: {min_val: [1, 0, 0]}' }),
      'Normalize has a min_val other than 0, or a max_val that is not the same for all channels',
    ],
  ])('%#: %s', async (text, why) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message:
        `${join(folder, 'model.yml')} is not supported: ${why}.\n` +
        'Run the model in a `Pipeline`, with `preprocess` and `postprocess` of your own.',
    })
  })

  test.each<[string, string]>([
    [
      paddleXFile({ ...classifier, status: 'Normal' }),
      'it has the status Normal, but PaddleX predicts with exported models only (Infer)',
    ],
    [paddleXFile({ ...classifier, status: 'Quant' }), 'it has the status Quant, but PaddleX predicts'],
    [
      paddleXFile({ ...old, transforms: '- RandomCrop: {crop_size: 224}' }),
      'the operator RandomCrop is unknown, known are ResizeByShort, CenterCrop, Normalize',
    ],
    [
      paddleXFile({ ...old, transforms: '- Resize: {target_size: 224}' }),
      'the operator Resize is unknown, known are ResizeByShort, CenterCrop, Normalize',
    ],
    [
      paddleXFile({ ...classifier, transforms: '- Normalize: {}\n- Resize: {target_size: 32}' }),
      'Resize cannot come after Normalize: resizing and cropping must precede padding',
    ],
    [
      paddleXFile({ ...segmenter, transforms: '- Resize: {target_size: 32, interp: linear}' }),
      'Resize cannot interpolate as linear, known are NEAREST, LINEAR, CUBIC, AREA, LANCZOS4',
    ],
    [
      paddleXFile(classifier).replace(/^Transforms:[^]*?(?=_Attr)/mu, ''),
      'it has Model, but none of PreProcess, Preprocess, Deploy, DetPreProcess, RecPreProcess, Transforms, which describe the preprocessing',
    ],
  ])('%#: %s', async (text, why) => {
    const error: unknown = await read(text).catch((caught: unknown) => caught)
    expect(error).toMatchObject({ code: 'MODEL_CONFIG_INVALID' })
    expect((error as Error).message).toContain(`${join(folder, 'model.yml')} is not valid: ${why}`)
  })

  test.each<[string, string]>([
    [
      paddleXFile({ ...detector, model: 'FasterRCNN' }),
      'its network is a FasterRCNN of PaddleX 1, whose im_info is the size before the padding, which is not supported',
    ],
    [
      paddleXFile({ ...paddleXForms['a detector of PaddleX 2'], model: 'MaskRCNN' }),
      'its network outputs masks of objects (Model: MaskRCNN), but only boxes are supported',
    ],
    [
      paddleXFile({ ...segmenter, transforms: '- Resize: {target_size: 32}\n- CenterCrop: {crop_size: 16}' }),
      'PaddleX restores the size of a map of classes wrongly after CenterCrop, so it is not supported',
    ],
    [
      paddleXFile({
        ...segmenter,
        transforms: '- Resize: {target_size: 32, keep_ratio: true}\n- Padding: {}',
      }),
      'PaddleX restores the size of a map of classes wrongly after keep_ratio before Padding, so it is not supported',
    ],
  ])('when outputs are read: %#: %s', async (text, why) => {
    const config = await read(text)
    expect(config?.preprocessing).toBeDefined()
    expect(() => config?.postProcess).toThrow(`model.yml is not supported: ${why}.`)
  })

  test('sizes of the caller with the transforms of PaddleX 1', async () => {
    await read(paddleXFile(old))
    await expect(planClassifier(folder, { cropSize: 192 })).rejects.toMatchObject({
      name: 'TypeError',
      message: `\`cropSize\` is not supported with ${join(folder, 'model.yml')}, whose transforms compute with fractions: omit it.`,
    })
    await read(paddleXFile(classifier))
    expect((await planClassifier(folder, { cropSize: 192 })).size).toEqual({ width: 192, height: 192 })
  })
})

describe('which file is read', () => {
  const clas = 'PreProcess: {transform_ops: [{ResizeImage: {size: 32}}, {ToCHWImage: null}]}'
  const detection = 'Preprocess: [{type: Permute}]'
  const seg = 'Deploy: {transforms: []}'
  const settings = 'Global: {model_name: PP-YOLOE}\nHpi: {}\n'

  test('the first one that describes the preprocessing', async () => {
    const texts = [
      ['model.yml', paddleXFile(classifier)],
      ['deploy.yaml', seg],
      ['infer_cfg.yml', detection],
      ['inference.yml', clas],
    ] as const
    for (const [name, text] of texts) expect((await read(text, name))?.file).toBe(join(folder, name))
  })

  test.each([
    ['infer_cfg.yml', detection, 'infer_cfg.yml'],
    ['deploy.yaml', seg, 'deploy.yaml'],
    ['model.yml', paddleXFile(classifier), 'PaddleX 2'],
  ])('%s beside an inference.yml of settings only', async (name, text, kind) => {
    await writeFile(join(folder, 'inference.yml'), settings)
    const config = await read(text, name)
    expect(config?.file).toBe(join(folder, name))
    expect(config?.preprocessing).toBeDefined()
    expect((await readOperators(files))?.kind).toBe(kind)
  })

  test('without preprocessing in any, the first one', async () => {
    await writeFile(join(folder, 'infer_cfg.yml'), 'label_list: [a, b]')
    const config = await read(`${settings}PostProcess: {Topk: {topk: 2}}`, 'inference.yml')
    expect(config?.file).toBe(join(folder, 'inference.yml'))
    expect(config?.postProcess).toEqual({ kind: 'best', topK: 2 })
    expect(await readOperators(files)).toBeUndefined()
  })

  test('a mistake in the first one is an error all the same', async () => {
    await writeFile(join(folder, 'infer_cfg.yml'), detection)
    await expect(read('PreProces: {}', 'inference.yml')).rejects.toThrow('inference.yml is not valid')
    await expect(read('', 'inference.yml')).rejects.toThrow('inference.yml is not valid: it is empty')
  })

  test('a model.yml of another program is none', async () => {
    expect(await read('name: rasa\npipeline: [{name: Transforms}]')).toBeUndefined()
  })
})

test('no other tag of Python is read', async () => {
  await expect(read(`${paddleXFile(classifier)}x: !!python/object/apply:os.system [ls]\n`)).rejects.toThrow(
    'is not valid: Unresolved tag: tag:yaml.org,2002:python/object/apply:os.system',
  )
})
