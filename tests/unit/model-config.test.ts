import { execFile } from 'node:child_process'
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import { readModelConfig, readOperators, type ModelConfig, type ModelFiles } from '../../src/model/index.js'
import { takeBlocks } from '../helpers/pages.js'

let folder: string
let files: ModelFiles
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'yml-'))
  files = { format: 'pdmodel', program: join(folder, 'inference.pdmodel') }
  await writeFile(join(folder, 'names.txt'), 'ant\nbee\n')
})
beforeEach(async () => {
  for (const name of ['inference.yml', 'infer_cfg.yml', 'deploy.yaml'])
    await rm(join(folder, name), { force: true, recursive: true })
})
afterAll(() => rm(folder, { recursive: true }))

async function read(text: string, name = 'inference.yml'): Promise<ModelConfig | undefined> {
  await writeFile(join(folder, name), text)
  return readModelConfig(files)
}

const clas = (...lines: string[]): string =>
  `PreProcess:\n  transform_ops:\n${lines.map((line) => `  - ${line}\n`).join('')}  - ToCHWImage:\n`

const detection = (...lines: string[]): string =>
  `Preprocess:\n${lines.map((line) => `- {${line}}\n`).join('')}- {type: Permute}\n`

const asItIs = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] }
const imageNet = { scale: 1 / 255, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225] }
const plain = { decode: 'opencv', channels: 'RGB', steps: [], normalise: asItIs, padding: [], planes: 3 }
const linear = { library: 'opencv', method: 'linear' }

test('a complete inference.yml of PaddleClas', async () => {
  const text = `Global:
  model_name: PPLCNet
PreProcess:
  transform_ops:
  - DecodeImage: {to_rgb: true, channel_first: false}
  - ResizeImage:
      resize_short: 232
  - CropImage:
      size: 200
  - NormalizeImage:
      channel_num: 4
      mean: [0.5, 0.4, 0.3]
      std: [0.1, 0.2, 0.3]
      scale: 0.00392156862745098
      order: ''
  - ToCHWImage: null
  - KeepKeys: {keep_keys: [image]}
PostProcess:
  Topk:
    topk: 5
    label_list: [cat, 2, true]
Hpi: {}
`
  expect(await read(text)).toEqual({
    file: join(folder, 'inference.yml'),
    preprocessing: {
      ...plain,
      steps: [
        { step: 'resize', to: { short: 232, fraction: 'round' }, resampling: linear },
        { step: 'crop', size: { width: 200, height: 200 } },
      ],
      normalise: { scale: 0.00392156862745098, mean: [0.5, 0.4, 0.3], std: [0.1, 0.2, 0.3] },
      planes: 4,
    },
    postProcess: { kind: 'best', topK: 5 },
    labels: ['cat', '2', 'true'],
  })
})

test('a complete infer_cfg.yml of PaddleDetection', async () => {
  const text = `mode: paddle
draw_threshold: 0.4
metric: COCO
use_dynamic_shape: false
arch: YOLO
min_subgraph_size: 3
tracker: null
NMS: {keep_top_k: 100}
fpn_stride: [8, 16]
mask: false
Preprocess:
- {interp: 2, keep_ratio: true, target_size: [608, 640], type: Resize}
- {fill_value: [1, 2, 3], size: [640, 672], type: Pad}
- {is_scale: true, mean: [0.485, 0.456, 0.406], std: [0.229, 0.224, 0.225], norm_type: mean_std, type: NormalizeImage}
- {type: Permute}
- {stride: 32, type: PadStride}
label_list: [person, 7]
`
  expect(await read(text, 'infer_cfg.yml')).toEqual({
    file: join(folder, 'infer_cfg.yml'),
    preprocessing: {
      ...plain,
      steps: [
        { step: 'resize', to: { short: 608, long: 640 }, resampling: { library: 'opencv', method: 'cubic' } },
      ],
      normalise: { ...imageNet, inDouble: true },
      padding: [
        { to: { width: 672, height: 640 }, fill: [1, 2, 3], isNormalised: true },
        { to: { multipleOf: 32 }, fill: [0, 0, 0], isNormalised: false },
      ],
    },
    postProcess: { kind: 'boxes', threshold: 0.4, arch: 'YOLO' },
    labels: ['person', '7'],
  })
})

test('an inference.yml overrides an infer_cfg.yml, and either form is valid in either file', async () => {
  await writeFile(join(folder, 'infer_cfg.yml'), clas())
  expect(await readModelConfig(files)).toMatchObject({
    file: join(folder, 'infer_cfg.yml'),
    preprocessing: plain,
  })
  expect(await read(detection())).toMatchObject({
    file: join(folder, 'inference.yml'),
    preprocessing: plain,
    postProcess: { kind: 'boxes' },
  })
})

/** The end of the advice for an operator that is not known. */
const ownSteps =
  ' If the operator is there too, it is not supported. Run the model in a `Pipeline`, with `preprocess` and `postprocess` of your own.'

describe('the operators of PreProcess', () => {
  const step = async (line: string): Promise<unknown> => {
    const config = await read(clas(line))
    const { steps } = config?.preprocessing ?? { steps: [] }
    return steps.length === 1 ? steps[0] : config?.preprocessing
  }
  const resize = { step: 'resize', to: { width: 9, height: 9, by: 'size' }, resampling: linear }
  const by = (library: string, method: string) => ({ ...resize, resampling: { library, method } })
  test.each([
    ['DecodeImage: {to_rgb: false}', { ...plain, channels: 'BGR' }],
    ['DecodeImage: {img_mode: BGR, to_np: false}', { ...plain, channels: 'BGR' }],
    ['DecodeImage: {backend: PIL}', { ...plain, decode: 'pillow' }],
    ['DecodeImage:', plain],
    ['KeepKeys:', plain],
    ['ResizeImage: {size: 9}', resize],
    ['ResizeImage: {size: 9, resize_short: 0, return_numpy: true}', resize],
    ['ResizeImage: {size: [8, 7]}', { ...resize, to: { width: 8, height: 7, by: 'size' } }],
    ['ResizeImage: {size: 9, resize_short: 5}', { ...resize, to: { short: 5, fraction: 'round' } }],
    ['ResizeImage: {size: 9, size_divisor: 4}', { ...resize, divisor: 4 }],
    ['ResizeImage: {size: 9, interpolation: NEAREST}', by('opencv', 'nearest')],
    ['ResizeImage: {size: 9, interpolation: bilinear, backend: CV2}', by('opencv', 'linear')],
    ['ResizeImage: {size: 9, interpolation: LINEAR}', by('opencv', 'linear')],
    ['ResizeImage: {size: 9, interpolation: area}', by('opencv', 'area')],
    ['ResizeImage: {size: 9, interpolation: Bicubic}', by('opencv', 'cubic')],
    ['ResizeImage: {size: 9, interpolation: lanczos}', by('opencv', 'lanczos4')],
    ['ResizeImage: {size: 9, backend: pil}', by('pillow', 'bilinear')],
    ['ResizeImage: {size: 9, backend: pil, interpolation: nearest}', by('pillow', 'nearest')],
    ['ResizeImage: {size: 9, backend: pil, interpolation: bicubic}', by('pillow', 'bicubic')],
    ['ResizeImage: {size: 9, backend: PIL, interpolation: box}', by('pillow', 'box')],
    ['ResizeImage: {size: 9, backend: pil, interpolation: LANCZOS4}', by('pillow', 'lanczos')],
    ['ResizeImage: {size: 9, backend: pil, interpolation: hamming}', by('pillow', 'hamming')],
    ['CropImage: {size: [8, 7]}', { step: 'crop', size: { width: 8, height: 7 } }],
    ['CropImage:', { step: 'crop', size: { width: 224, height: 224 } }],
    ['CenterCrop: {size: [8, 7]}', { step: 'crop', size: { width: 7, height: 8 }, half: 'round' }],
    ['ResizeImage: {size: 9, resize_short: null, interpolation: null, size_divisor: null}', resize],
    ['ResizeImage: {size: null, resize_short: 5}', { ...resize, to: { short: 5, fraction: 'round' } }],
    ['NormalizeImage:', { ...plain, normalise: imageNet }],
    ['NormalizeImage: {scale: null, mean: null, std: null}', { ...plain, normalise: imageNet }],
    ['NormalizeImage: {order: hwc, output_fp16: false}', { ...plain, normalise: imageNet }],
  ])('%s', async (line, expected) => {
    expect(await step(line)).toEqual(expected)
  })

  test('the channels may come first earlier', async () => {
    const list = (...names: string[]): string => `PreProcess: {transform_ops: [${names.join(', ')}]}`
    expect(await read(list('ToCHWImage', 'NormalizeImage: {order: chw}'))).toMatchObject({
      preprocessing: { ...plain, normalise: imageNet },
    })
    expect(await read(list('DecodeImage: {channel_first: true}'))).toMatchObject({ preprocessing: plain })
  })

  test.each([
    ["'1.0/255.0'", 1 / 255],
    ["'1./255'", 1 / 255],
    ["' 0.5 '", 0.5],
    ["'-.5/2e1'", -0.025],
    ['1e-2', 0.01],
    ['null', 1 / 255],
  ])('a scale of %s', async (scale, value) => {
    const yml = await read(clas(`NormalizeImage: {scale: ${scale}}`))
    expect(yml?.preprocessing?.normalise.scale).toBe(value)
  })

  test('steps keep the order of the file', async () => {
    const yml = await read(clas('CropImage: {size: 9}', 'ResizeImage: {size: 8}', 'CenterCrop: {size: 7}'))
    expect(yml?.preprocessing?.steps.map(({ step: name }) => name)).toEqual(['crop', 'resize', 'crop'])
  })
})

describe('the operators of Preprocess', () => {
  const resize = { step: 'resize', to: { short: 9, long: 9 }, resampling: linear }
  test.each([
    ['type: Resize, target_size: 9', { steps: [resize] }],
    [
      'type: Resize, target_size: [8, 7], keep_ratio: false',
      { steps: [{ ...resize, to: { width: 7, height: 8, by: 'scale' } }] },
    ],
    ['type: Resize, target_size: 9, size_divisor: 4', { steps: [{ ...resize, divisor: 4 }] }],
    ['type: Resize, target_size: 9, size_divisor: null', { steps: [resize] }],
    ...['nearest', 'linear', 'cubic', 'area', 'lanczos4'].flatMap(
      (method, interp) =>
        [interp, method.toUpperCase()].map((given) => [
          `type: Resize, target_size: 9, interp: ${given}`,
          { steps: [{ ...resize, resampling: { library: 'opencv', method } }] },
        ]) as [string, object][],
    ),
    ['type: NormalizeImage', { normalise: { ...imageNet, inDouble: true } }],
    ['type: NormalizeImage, norm_type: none', { normalise: { ...asItIs, scale: 1 / 255 } }],
    ['type: NormalizeImage, norm_type: none, is_scale: false', { normalise: asItIs }],
    [
      'type: Pad, size: 9',
      { padding: [{ to: { width: 9, height: 9 }, fill: [114, 114, 114], isNormalised: true }] },
    ],
  ] as [string, object][])('%s', async (line, expected) => {
    expect((await read(detection(line)))?.preprocessing).toEqual({ ...plain, ...expected })
  })

  describe('before 2.0', () => {
    const older = async (arch: string, ...lines: string[]) =>
      (await read(`arch: ${arch}\n${detection(...lines)}`))?.preprocessing
    const lines = [
      'type: Resize, target_size: 64, max_size: 96, use_cv2: true, interp: 2, image_shape: [96, 96], resize_box: false',
      'type: Normalize, is_channel_first: false, is_scale: true, mean: [1, 2, 3], std: [4, 5, 6]',
    ]
    const square = { to: { width: 96, height: 96 }, fill: [0, 0, 0], isNormalised: true }

    test.each([
      ['RCNN', { short: 64, long: 96 }],
      ['RetinaNet', { short: 64, long: 96 }],
      ['EfficientDet', { width: 64, height: 64, by: 'scale' }],
    ])('max_size and image_shape for %s', async (arch, to) => {
      expect(await older(arch, ...lines)).toEqual({
        ...plain,
        steps: [{ step: 'resize', to, resampling: { library: 'opencv', method: 'cubic' } }],
        normalise: { scale: 1, divisor: 255, mean: [1, 2, 3], std: [4, 5, 6], inDouble: true },
        padding: [square],
      })
    })

    test('without use_cv2, by the numbers of Pillow', async () => {
      expect(
        await older('SSD', 'type: Resize, target_size: 30, max_size: 0, use_cv2: false, interp: 1'),
      ).toEqual({
        ...plain,
        steps: [
          {
            step: 'resize',
            to: { width: 30, height: 30, by: 'cut' },
            resampling: { library: 'pillow', method: 'lanczos' },
          },
        ],
      })
    })

    test('Normalize after Permute', async () => {
      const list =
        'arch: SSD\nPreprocess: [{type: Permute, to_bgr: true}, {type: Normalize, is_channel_first: true, is_scale: false, mean: [1, 2, 3], std: [4, 5, 6]}]'
      expect((await read(list))?.preprocessing).toMatchObject({
        channels: 'BGR',
        normalise: { scale: 1, mean: [1, 2, 3], std: [4, 5, 6], inDouble: true },
      })
    })

    test.each([
      [
        'type: Resize, target_size: 64, max_size: 96, use_cv2: false',
        'Resize has a max_size of 96, which requires use_cv2',
      ],
      [
        'type: Resize, target_size: 64, max_size: 0, interp: 7',
        'Resize cannot interpolate as 7, known are 0, 1, 2, 3, 4',
      ],
      [
        'type: Normalize, mean: [1, 2, 3], std: [4, 5, 6], is_channel_first: true',
        'Normalize has is_channel_first true, but the channels come last there',
      ],
    ])('%s', async (line, problem) => {
      await expect(older('YOLO', line)).rejects.toMatchObject({
        message: `${folder}/inference.yml is not valid: ${problem}.\nCompare it with the file that was exported with the model.`,
      })
    })

    test('a resize after the NormalizeImage of later releases', async () => {
      await expect(
        older('RCNN', 'type: NormalizeImage', 'type: Resize, target_size: 64, max_size: 96'),
      ).rejects.toThrow('it resizes normalised pixels only after Normalize')
    })

    test('a padding of normalised pixels keeps the value of each channel, R first', async () => {
      const list = [
        'type: Resize, target_size: 64, max_size: 96',
        'type: Pad, size: 99, fill_value: [1, 2, 3]',
      ]
      const normalize = 'type: Normalize, mean: [1, 2, 3], std: [4, 5, 6]'
      const preprocessing = await older('RCNN', normalize, ...list)
      expect(preprocessing?.floatSteps?.at(-1)).toEqual({
        step: 'pad',
        to: { width: 99, height: 99 },
        fill: [1, 2, 3],
      })
    })

    test('a resize of normalised pixels is a step on float32, and so is what follows', async () => {
      const preprocessing = await older('RCNN', ...lines.toReversed())
      expect(preprocessing).toMatchObject({ steps: [], padding: [] })
      expect(preprocessing?.floatSteps?.map(({ step }) => step)).toEqual(['normalise', 'resize', 'pad'])
    })
  })

  test('BGR from Permute on also affects the steps before it', async () => {
    const lines = [
      '{type: Pad, size: 9, fill_value: [1, 2, 3]}',
      '{type: NormalizeImage, mean: [4, 5, 6], std: [7, 8, 9], is_scale: false}',
      '{type: Permute, to_bgr: true, channel_first: true}',
      '{type: PadStride, stride: 4}',
      '{type: PadStride, stride: 0}',
    ]
    expect((await read(`Preprocess: [${lines.join(', ')}]`))?.preprocessing).toEqual({
      ...plain,
      channels: 'BGR',
      normalise: { scale: 1, mean: [6, 5, 4], std: [9, 8, 7], inDouble: true },
      padding: [
        { to: { width: 9, height: 9 }, fill: [3, 2, 1], isNormalised: true },
        { to: { multipleOf: 4 }, fill: [0, 0, 0], isNormalised: false },
      ],
    })
  })
})

describe('post-processing', () => {
  test.each([
    ['PostProcess: {Topk: }', { kind: 'best' }, undefined],
    [
      'PostProcess: {main_indicator: Topk, Topk: {topk: 3, class_id_map_file: names.txt}}',
      { kind: 'best', topK: 3 },
      ['ant', 'bee'],
    ],
    ['PostProcess: {ThreshOutput: }', { kind: 'either', threshold: 0, labels: ['0', '1'] }, undefined],
    [
      'PostProcess: {ThreshOutput: {threshold: 0.9, label_0: nobody, label_1: someone}}',
      { kind: 'either', threshold: 0.9, labels: ['nobody', 'someone'] },
      undefined,
    ],
    ['PostProcess: {MultiLabelThreshOutput: }', { kind: 'several', threshold: 0.5 }, undefined],
    [
      'PostProcess: {ThreshOutput: {threshold: 0.9, default_label_index: 1, class_id_map_file: names.txt}}',
      { kind: 'either', threshold: 0.9, labels: ['0', '1'], otherwise: 1 },
      ['ant', 'bee'],
    ],
    // PaddleClas names two classes by these parameters alone.
    [
      'PostProcess: {ThreshOutput: {label_0: no, label_1: yes, label_list: [a, b]}}',
      { kind: 'either', threshold: 0, labels: ['no', 'yes'] },
      undefined,
    ],
    [
      'PostProcess: {MultiLabelThreshOutput: {threshold: {default: 0.5, 1: 0.3}, label_list: [a, b]}}',
      { kind: 'several', threshold: 0.5, ofClass: { 1: 0.3 } },
      ['a', 'b'],
    ],
    ['PostProcess: {Topk: {class_id_map_file: None}}', { kind: 'best' }, undefined],
    ['PostProcess: {ScoreOutput: {decimal_places: 2}}', { kind: 'scores', decimals: 2 }, undefined],
    [
      'PostProcess: {name: Topk, topk: 5, class_id_map_file: names.txt}',
      { kind: 'best', topK: 5 },
      ['ant', 'bee'],
    ],
    [
      'PostProcess: {name: DistillationPostProcess, func: Topk, model_name: Student, key: logits, topk: 5}',
      { kind: 'best', topK: 5 },
      undefined,
    ],
    ['PostProcess: {SavePreLabel: {save_dir: ./x}, Topk: {topk: 2}}', { kind: 'best', topK: 2 }, undefined],
    [
      'PostProcess: {main_indicator: ThreshOutput, Topk: , ThreshOutput: , SavePreLabel: {save_dir: x}}',
      { kind: 'either', threshold: 0, labels: ['0', '1'] },
      undefined,
    ],
    // As PaddleClas: of the operators whose name is in main_indicator, the last one.
    [
      'PostProcess: {main_indicator: MultiLabelThreshOutput, MultiLabelThreshOutput: , ThreshOutput: }',
      { kind: 'either', threshold: 0, labels: ['0', '1'] },
      undefined,
    ],
    [
      'PostProcess: {PersonAttribute: {glasses_threshold: 0.4}}',
      {
        kind: 'attributes',
        scheme: 'person',
        thresholds: { threshold: 0.5, glasses_threshold: 0.4, hold_threshold: 0.6 },
      },
      undefined,
    ],
    [
      'PostProcess: {VehicleAttribute: }',
      { kind: 'attributes', scheme: 'vehicle', thresholds: { color_threshold: 0.5, type_threshold: 0.5 } },
      undefined,
    ],
    [
      'PostProcess: {FaceAttribute: {convert_cn: true}}',
      { kind: 'attributes', scheme: 'face', thresholds: { threshold: 0.65 }, inChinese: true },
      undefined,
    ],
    [
      'PostProcess: {MultiLabelThreshOutput: {threshold: 0.3, label_list: [a]}}',
      { kind: 'several', threshold: 0.3 },
      ['a'],
    ],
    ['arch: PicoDet', { kind: 'boxes', arch: 'PicoDet' }, undefined],
    ['label_list: [a, b]', { kind: 'boxes' }, ['a', 'b']],
    ['Global: {model_name: x}', undefined, undefined],
  ])('%s', async (text, postProcess, labels) => {
    expect(await read(text)).toEqual({ file: join(folder, 'inference.yml'), postProcess, labels })
  })

  test.each([
    ['', 'it is empty'],
    ['{}', 'it is empty'],
    [
      'PreProces: {transform_ops: []}\nPostProcess: {Topk: }',
      'it has PreProces, but none of PreProcess, Preprocess, Deploy, DetPreProcess, RecPreProcess, Transforms, which describe the preprocessing',
    ],
  ])('a file that most likely lacks its preprocessing is rejected: %j', async (text, problem) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: `${folder}/inference.yml is not valid: ${problem}.\nCompare it with the file that was exported with the model.`,
    })
  })

  test('names in GBK, in the file and in the one it refers to', async () => {
    const warnings: string[] = []
    const readBytes = async (bytes: Uint8Array): Promise<ModelConfig | undefined> => {
      await writeFile(join(folder, 'inference.yml'), bytes)
      return readModelConfig(files, { onNotUtf8: ({ message }) => warnings.push(message) })
    }
    const warning = (name: string): string =>
      `${join(folder, name)} is not UTF-8 and was read as GB18030: save it as UTF-8 if its text comes out wrong.`
    const [before, after] = ['PostProcess: {Topk: {label_list: [', ']}}'].map((text) => Buffer.from(text))
    const chinese = Buffer.from('c3a82c20b9b7', 'hex')
    expect((await readBytes(Buffer.concat([before!, chinese, after!])))?.labels).toEqual(['猫', '狗'])
    expect(warnings.splice(0)).toEqual([warning('inference.yml')])
    await writeFile(join(folder, 'gbk.txt'), Buffer.from('c3a80ab9b7', 'hex'))
    const text = 'PostProcess: {Topk: {class_id_map_file: gbk.txt}}'
    expect((await readBytes(Buffer.from(`\uFEFF${text}`, 'utf16le')))?.labels).toEqual(['猫', '狗'])
    expect(warnings).toEqual([warning('gbk.txt')])
    await expect(readBytes(Buffer.from('# caf\xe9\n', 'latin1'))).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: `${join(folder, 'inference.yml')} is not valid: its encoding is none of UTF-8, UTF-16 with a byte order mark, or GB18030.\nCompare it with the file that was exported with the model.`,
    })
  })

  test('numbers and names separated by a comma', async () => {
    await writeFile(join(folder, 'parted.txt'), '1,bee, the\n0,ant\n')
    const text = `PostProcess: {Topk: {class_id_map_file: parted.txt, delimiter: ','}}`
    expect((await read(text))?.labels).toEqual(['ant', 'bee, the'])
  })

  const postProcessors =
    'Topk, ThreshOutput, MultiLabelThreshOutput, ScoreOutput, NormalizeFeatures, Binarize, PersonAttribute, VehicleAttribute, FaceAttribute, TableAttribute, SavePreLabel'

  test.each([
    [
      'PostProcess: {Rank: }',
      `the operator Rank of PostProcess is unknown, known are ${postProcessors}.
Compare it with the file that was exported with the model.${ownSteps}`,
    ],
    [
      'PostProcess: {TopK: }',
      `the operator TopK of PostProcess is unknown, known are ${postProcessors}.\nDid you mean Topk?`,
    ],
    [
      'PostProcess: {Topk: , ThreshOutput: }',
      'PostProcess has both Topk and ThreshOutput, but no main_indicator that chooses one.\nAdd the one whose result counts to PostProcess: main_indicator: Topk, or ThreshOutput.',
    ],
    [
      'PostProcess: {Topk: , main_indicator: Rank}',
      'PostProcess has the main_indicator "Rank", but no such operator.\nSet it to an operator of PostProcess: Topk.',
    ],
    [
      'PostProcess: {MultiLabelThreshOutput: {threshold: {1: 0.3}}}',
      'MultiLabelThreshOutput.threshold lacks `default`.\nAdd `default`, the threshold of the classes that it does not name.',
    ],
  ])('%s says how to correct it', async (text, problem) => {
    const config = await read(`${text}\n${clas()}`)
    expect(() => config?.postProcess).toThrow(`${folder}/inference.yml is not valid: ${problem}`)
  })

  test.each([
    [
      'PostProcess: {SavePreLabel: {save_dir: x}}',
      'PostProcess has only SavePreLabel, which saves files and returns nothing',
    ],
    [
      'PostProcess: {MultiLabelThreshOutput: {threshold: {default: 0.3, cat: 0.1}}}',
      'MultiLabelThreshOutput.threshold has cat, which is not the number of a class',
    ],
    [
      'PostProcess: {name: Topk, k: 1}',
      'PostProcess: k is unknown, known are topk, label_list, class_id_map_file, delimiter',
    ],
    ['PostProcess: {Topk: {topk: 0}}', 'PostProcess.Topk.topk: expected more than 0, got 0'],
    [
      'PostProcess: {Topk: {k: 1}}',
      'PostProcess.Topk: k is unknown, known are topk, label_list, class_id_map_file, delimiter',
    ],
    [
      'PostProcess: {MultiLabelThreshOutput: {threshold: [0.5]}}',
      'PostProcess.MultiLabelThreshOutput.threshold: expected a number or a mapping, got a list',
    ],
    [
      'PostProcess: {Topk: {label_list: [a, null]}}',
      'PostProcess.Topk.label_list[1]: expected a name, got null',
    ],
    ['label_list: [a, [b]]', 'label_list[1]: expected a name, got a list'],
    [
      'PostProcess: {ThreshOutput: {label_0: {a: 1}}}',
      'PostProcess.ThreshOutput.label_0: expected a name, got a mapping',
    ],
    ['draw_threshold: high', 'draw_threshold: expected a number or a mapping of classes, got "high"'],
  ])('%s is rejected, but only on request', async (text, problem) => {
    const config = await read(`${text}\n${clas()}`)
    expect(config?.preprocessing).toEqual(plain)
    const refused = {
      code: 'MODEL_CONFIG_INVALID',
      message: `${folder}/inference.yml is not valid: ${problem}.\nCompare it with the file that was exported with the model.`,
    }
    expect(() => config?.postProcess).toThrow(expect.objectContaining(refused))
    expect(() => config?.labels).toThrow(expect.objectContaining(refused))
  })

  const only = ', but only boxes are supported'
  test.each([
    ['mask: true', `its network outputs masks of objects (mask: true)${only}`],
    ['mask_resolution: 28', `its network outputs masks of objects (mask_resolution)${only}`],
    ['tracker: {type: X}', `its network tracks objects (tracker)${only}`],
    ['arch: HigherHRNet', `its network outputs key points (arch: HigherHRNet)${only}`],
    ['arch: SOLOv2', `its network outputs masks of objects (arch: SOLOv2)${only}`],
    ['arch: FairMOT', `its network outputs tracks (arch: FairMOT)${only}`],
  ])('%s is not supported, which is only reported on request', async (text, problem) => {
    const config = await read(`${text}\n${clas()}`)
    expect(config?.preprocessing).toEqual(plain)
    expect(() => config?.postProcess).toThrow(
      expect.objectContaining({
        code: 'MODEL_CONFIG_INVALID',
        message: `${folder}/inference.yml is not supported: ${problem}.\nRun the model in a \`Pipeline\`, with \`preprocess\` and \`postprocess\` of your own.`,
      }),
    )
  })

  describe('boxes as PaddleX reads them', () => {
    const boxes = async (text: string) => (await read(`arch: DETR\n${text}\n${clas()}`))?.postProcess

    test.each([
      ['', { kind: 'boxes', arch: 'DETR' }],
      ['Global: {model_name: PicoDet-S}', { kind: 'boxes', arch: 'DETR', paddleX: {} }],
      [
        'Global: {model_name: PP-DocLayoutV3}\nlayout_nms: true\nlayout_unclip_ratio: 1.5\nlayout_merge_bboxes_mode: large',
        {
          paddleX: {
            layoutNms: true,
            layoutMerge: 'large',
            layoutUnclip: [1.5, 1.5],
            isLayoutAnalysis: true,
          },
        },
      ],
      [
        'layout_unclip_ratio: [1.5, 2]\nlayout_merge_bboxes_mode: {0: small, 3: union}',
        { paddleX: { layoutMerge: { 0: 'small', 3: 'union' }, layoutUnclip: [1.5, 2] } },
      ],
      ['layout_unclip_ratio: {2: [1, 2]}', { paddleX: { layoutUnclip: { 2: [1, 2] } } }],
      ['layout_nms: false\nlayout_unclip_ratio: null\nlayout_merge_bboxes_mode: {}', { paddleX: {} }],
      ['draw_threshold: {0: 0.25, 7: 0.75}', { threshold: 0.5, ofClass: { 0: 0.25, 7: 0.75 } }],
    ])('%s', async (text, expected) => {
      expect(await boxes(text)).toMatchObject(expected)
    })

    test.each([
      [
        'layout_unclip_ratio: [1, 2, 3]',
        'layout_unclip_ratio: expected a number, a list of two or a mapping of classes, got a list',
      ],
      [
        'layout_unclip_ratio: {text: [1, 2]}',
        'layout_unclip_ratio has text, which is not the number of a class',
      ],
      [
        'layout_merge_bboxes_mode: all',
        'layout_merge_bboxes_mode: expected union, large or small, or a mapping of classes, got "all"',
      ],
      ['draw_threshold: {text: 0.5}', 'draw_threshold has text, which is not the number of a class'],
      ['draw_threshold: [0.5]', 'draw_threshold: expected a number or a mapping of classes, got a list'],
    ])('refuses %s', async (text, problem) => {
      const config = await read(`arch: DETR\n${text}\n${clas()}`)
      expect(() => config?.postProcess).toThrow(
        expect.objectContaining({ message: expect.stringContaining(problem) }),
      )
    })
  })

  test('a missing file of class names', async () => {
    const config = await read('PostProcess: {Topk: {topk: 2, class_id_map_file: none.txt}}')
    expect(config?.postProcess).toEqual({ kind: 'best', topK: 2 })
    expect(() => config?.labels).toThrow(
      expect.objectContaining({
        code: 'LABELS_INVALID',
        message: `There is no label file at ${folder}/none.txt. ${folder}/inference.yml refers to it for the names of the classes.\nProvide that file, or pass other labels: \`labels\`.`,
      }),
    )
  })
})

describe('models that no task runs', () => {
  const ocr =
    'Run the model in a `Pipeline`, with steps of your own: examples/ocr-line.ts in the repository of paddle-ts reads a line of text.'
  const own = 'Run the model in a `Pipeline`, with `preprocess` and `postprocess` of your own.'
  const belongs = (does: string, found: string): string =>
    `it belongs to a model that ${does}, which is not a task of paddle-ts (${found})`
  test.each([
    // PP-OCRv5_server_rec, PP-OCRv5_server_det, SLANet, UniMERNet, as PaddleX 3.7 reads them.
    [
      'PreProcess: {transform_ops: [DecodeImage: {channel_first: false, img_mode: BGR}, MultiLabelEncode: {gtc_encode: NRTRLabelEncode}, RecResizeImg: {image_shape: [3, 48, 320]}, KeepKeys: {keep_keys: [image]}]}\nPostProcess: {name: CTCLabelDecode, character_dict: [a]}',
      belongs('reads text (PaddleOCR)', 'MultiLabelEncode, RecResizeImg, CTCLabelDecode'),
      ocr,
    ],
    [
      'PreProcess: {transform_ops: [DecodeImage: {img_mode: BGR}, DetLabelEncode: , DetResizeForTest: {resize_long: 960}, NormalizeImage: {order: hwc}, ToCHWImage: , KeepKeys: ]}\nPostProcess: {name: DBPostProcess, thresh: 0.3, box_thresh: 0.6}',
      belongs('finds text (PaddleOCR)', 'DetLabelEncode, DetResizeForTest, DBPostProcess'),
      ocr,
    ],
    [
      'PreProcess: {transform_ops: [DecodeImage: , TableLabelEncode: , TableBoxEncode: , ResizeTableImage: {max_len: 488}, NormalizeImage: , PaddingTableImage: {size: [488, 488]}, ToCHWImage: ]}\nPostProcess: {name: TableLabelDecode}',
      belongs(
        'recognizes the structure of tables (PaddleOCR)',
        'TableLabelEncode, TableBoxEncode, ResizeTableImage, PaddingTableImage, TableLabelDecode',
      ),
      ocr,
    ],
    [
      'PreProcess: {transform_ops: [UniMERNetImgDecode: {input_size: [192, 672]}, UniMERNetTestTransform: , UniMERNetImageFormat: ]}\nPostProcess: {name: UniMERNetDecode}',
      belongs(
        'reads formulas (PaddleOCR)',
        'UniMERNetImgDecode, UniMERNetTestTransform, UniMERNetImageFormat, UniMERNetDecode',
      ),
      ocr,
    ],
    [
      'PostProcess: {name: CTCLabelDecode}\nPreProcess: {transform_ops: [ToCHWImage: ]}',
      belongs('reads text (PaddleOCR)', 'CTCLabelDecode'),
      ocr,
    ],
    [
      'arch: HRNet\nPreprocess: [{type: TopDownEvalAffine, trainsize: [192, 256]}, {type: Permute}]',
      belongs('finds key points', 'TopDownEvalAffine'),
      own,
    ],
    [
      'arch: SOLOv2\nPreprocess: [{type: NormalizeImage}, {type: Resize, target_size: 8}, {type: Permute}]',
      'its network outputs masks of objects (arch: SOLOv2), but only boxes are supported',
      own,
    ],
    [
      'arch: CLRNet\nPreprocess: [{type: CULaneResize, img_h: 320}]',
      belongs('finds lanes', 'CULaneResize'),
      own,
    ],
    [
      'Deploy: {transforms: [{type: Normalize}, {type: Map_to_mask}]}',
      belongs('finds anomalies (PaddleX)', 'Map_to_mask'),
      own,
    ],
    [
      'Preprocess: [{type: MultiscaleTestResize, target_size: [700, 900]}, {type: Permute}]',
      'MultiscaleTestResize feeds each image at several sizes, which an exported network does not take',
      'Export the model with a configuration that has Resize in its place.',
    ],
    ['info_params: {}\nsize: 96', 'it belongs to a model for time series (PaddleX), not for images', own],
  ])('%s', async (text, problem, advice) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: `${folder}/inference.yml is not supported: ${problem}.\n${advice}`,
    })
  })
})

describe('a file for a detector and a feature model', () => {
  const operators = (names: readonly string[]): string => `{transform_ops: [${names.join(', ')}]}`
  const both = (global: string, rest = ''): string =>
    `Global: {${global}}
DetPreProcess: ${operators(['DetResize: {target_size: [9, 9], keep_ratio: false}', 'DetNormalizeImage: {mean: [1, 2, 3], std: [4, 5, 6]}', 'DetPermute: {}', 'DetPadStride: {stride: 4}'])}
RecPreProcess: ${operators(['ResizeImage: {size: 8}', 'ToCHWImage: '])}
${rest}`
  const named = 'threshold: 0.2, max_det_results: 5, label_list: [thing]'

  test('the section of the task', async () => {
    await writeFile(join(folder, 'inference.yml'), both(named, 'RecPostProcess: {Binarize: {method: sign}}'))
    expect(await readModelConfig(files, { section: 'DetPreProcess' })).toEqual({
      file: join(folder, 'inference.yml'),
      preprocessing: {
        ...plain,
        steps: [{ step: 'resize', to: { width: 9, height: 9, by: 'scale' }, resampling: linear }],
        normalise: { scale: 1, divisor: 255, mean: [1, 2, 3], std: [4, 5, 6], inDouble: true },
        padding: [{ to: { multipleOf: 4 }, fill: [0, 0, 0], isNormalised: false }],
      },
      postProcess: { kind: 'boxes', threshold: 0.2, most: 5, keepsThreshold: true },
      labels: ['thing'],
    })
    expect(await readModelConfig(files, { section: 'RecPreProcess' })).toMatchObject({
      preprocessing: { steps: [{ to: { width: 8, height: 8, by: 'size' } }] },
      postProcess: { kind: 'features', binarize: 'sign' },
    })
    expect((await readOperators(files, 'DetPreProcess'))?.kind).toBe('DetPreProcess')
    expect((await readOperators(files, 'RecPreProcess'))?.kind).toBe('inference.yml')
  })

  test('else the section that names the folder', async () => {
    const name = basename(folder)
    const detector = await read(both(`${named}, det_inference_model_dir: ./models/${name}/`))
    expect(detector?.postProcess?.kind).toBe('boxes')
    const features = await read(both(`${named}, rec_inference_model_dir: models/${name}`))
    expect(features?.postProcess?.kind).toBe('features')
  })

  test('else neither', async () => {
    await expect(read(both(named))).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message:
        `${folder}/inference.yml leaves open how to read the model: it describes a detector (DetPreProcess) and a feature model (RecPreProcess).\n` +
        'Load the model with the class for its kind: `ObjectDetector` or `ImageEmbedder`.',
    })
  })

  test('a section alone', async () => {
    expect((await read(`RecPreProcess: ${operators(['ToCHWImage: '])}`))?.postProcess).toEqual({
      kind: 'features',
    })
    const wrong = await read(`RecPreProcess: ${operators(['ToCHWImage: '])}\nRecPostProcess: {Topk: }`)
    expect(() => wrong?.postProcess).toThrow(
      'RecPostProcess reads the vector of a feature model as classes or attributes',
    )
  })
})

test('no file, and a folder in its place', async () => {
  expect(await readModelConfig(files)).toBeUndefined()
  expect(await readOperators(files)).toBeUndefined()
  await mkdir(join(folder, 'inference.yml'))
  await expect(readModelConfig(files)).rejects.toMatchObject({
    message: `${folder}/inference.yml is not valid: it is a folder.\nRename the folder.`,
  })
})

test('beside a model of separate files, it is in the folder itself', async () => {
  await writeFile(join(folder, 'inference.yml'), 'PostProcess: {Topk: {topk: 3}}')
  expect((await readModelConfig({ format: '__model__', program: folder }))?.postProcess).toEqual({
    kind: 'best',
    topK: 3,
  })
})

test('reads the operators as written, whatever they are', async () => {
  await writeFile(
    join(folder, 'inference.yml'),
    clas('RecResizeImg: {image_shape: [3, 48, 320]}', 'KeepKeys'),
  )
  expect(await readOperators(files)).toEqual({
    file: join(folder, 'inference.yml'),
    kind: 'inference.yml',
    operators: [
      { name: 'RecResizeImg', parameters: { image_shape: [3, 48, 320] } },
      { name: 'KeepKeys', parameters: {} },
      { name: 'ToCHWImage', parameters: {} },
    ],
  })
  await writeFile(join(folder, 'inference.yml'), detection('type: Warp, by: 2'))
  expect(await readOperators(files)).toEqual({
    file: join(folder, 'inference.yml'),
    kind: 'infer_cfg.yml',
    operators: [
      { name: 'Warp', parameters: { by: 2 } },
      { name: 'Permute', parameters: {} },
    ],
  })
  await writeFile(join(folder, 'inference.yml'), 'PostProcess: {Topk: }')
  expect(await readOperators(files)).toBeUndefined()
})

const knownClas = 'DecodeImage, ResizeImage, CropImage, CenterCrop, NormalizeImage, ToCHWImage, KeepKeys'
const knownDetection =
  'Resize, NormalizeImage, Normalize, Permute, Pad, LetterBoxResize, WarpAffine, PadStride'
const knownSegmentation =
  'Normalize, Resize, ResizeByShort, ResizeByLong, LimitLong, ResizeRangeScaling, ResizeStepScaling, Padding, PaddingByAspectRatio'
const before = 'resizing and cropping must precede padding, normalisation and moving the channels first'
const cv2 = 'nearest, bilinear, linear, bicubic, cubic, area, lanczos, lanczos4'
const pil = 'nearest, bilinear, bicubic, box, lanczos, lanczos4, hamming'

describe('invalid files', () => {
  test.each([
    ['an unknown operator', clas('Pad: {size: 2}'), `the operator Pad is unknown, known are ${knownClas}`],
    [
      'a name that every object has',
      clas('constructor: {}'),
      `the operator constructor is unknown, known are ${knownClas}`,
    ],
    [
      'an unknown operator of a detector',
      detection('type: EvalResize, target_size: 2'),
      `the operator EvalResize is unknown, known are ${knownDetection}`,
    ],
    ['an operator without a name', detection('size: 2'), 'Preprocess[0] does not name its operator (type)'],
    ['invalid parameters', clas('CropImage: 224'), 'CropImage is not a mapping of parameters to values'],
    [
      'an unknown parameter',
      clas('ResizeImage: {resize_short: 2, keep_ratio: true}'),
      'ResizeImage: keep_ratio is unknown, known are resize_short, size, interpolation, backend, size_divisor, return_numpy',
    ],
    [
      'a parameter of a detector',
      detection('type: Pad, size: 2, mode: 1'),
      'Pad: mode is unknown, known are size, fill_value',
    ],
    [
      'a wrong type',
      clas('ResizeImage: {resize_short: big}'),
      'ResizeImage.resize_short: expected a number, got "big"',
    ],
    ['a wrong size', clas('CropImage: {size: [1]}'), 'CropImage.size: expected one size or two'],
    [
      'a size of 0',
      detection('type: Resize, target_size: [0, 2]'),
      'Resize.target_size[0]: expected more than 0, got 0',
    ],
    ['no size', clas('ResizeImage:'), 'ResizeImage needs resize_short or size'],
    [
      'an absurd size',
      clas('ResizeImage: {size: 40000}'),
      'a size of 40000 × 40000 exceeds the limit of 32768 pixels a side and 67108864 in all',
    ],
    [
      'an absurd padding',
      detection('type: Pad, size: [30000, 30000]'),
      'a size of 30000 × 30000 exceeds the limit of 32768 pixels a side and 67108864 in all',
    ],
    [
      'an absurd stride',
      `${detection()}- {type: PadStride, stride: 1e9}`,
      'PadStride.stride: expected at most 32768, got 1000000000',
    ],
    [
      'grey',
      clas('DecodeImage: {img_mode: GRAY}'),
      'DecodeImage.img_mode: expected "RGB" or "BGR", got "GRAY"',
    ],
    [
      'two channel orders',
      clas('DecodeImage: {img_mode: BGR, to_rgb: true}'),
      'DecodeImage has img_mode BGR, but to_rgb true',
    ],
    [
      'random resampling',
      clas('ResizeImage: {resize_short: 2, interpolation: random}'),
      `ResizeImage cannot interpolate as random with cv2, known are ${cv2}`,
    ],
    [
      'a resampling that Pillow does not have',
      clas('ResizeImage: {resize_short: 2, interpolation: area, backend: pil}'),
      `ResizeImage cannot interpolate as area with pil, known are ${pil}`,
    ],
    [
      'an unknown library',
      clas('ResizeImage: {resize_short: 2, backend: skia}'),
      'ResizeImage.backend: expected "cv2" or "pil", got "skia"',
    ],
    [
      'a number that OpenCV does not have',
      detection('type: Resize, target_size: 2, interp: 5'),
      `Resize cannot interpolate as 5, known are 0, 1, 2, 3, 4, ${cv2}`,
    ],
    [
      'a resize after normalising',
      clas('NormalizeImage:', 'ResizeImage: {size: 3}'),
      `ResizeImage cannot come after NormalizeImage: ${before}`,
    ],
    [
      'a crop with the channels first',
      'PreProcess: {transform_ops: [ToCHWImage, CropImage]}',
      `CropImage cannot come after ToCHWImage: ${before}`,
    ],
    [
      'a resize after padding',
      detection('type: Pad, size: 2', 'type: Resize, target_size: 2'),
      `Resize cannot come after Pad: ${before}`,
    ],
    [
      'two normalisations',
      clas('NormalizeImage:', 'NormalizeImage:'),
      'NormalizeImage cannot come after NormalizeImage: an image is normalised once',
    ],
    [
      'channels first twice',
      clas('ToCHWImage:'),
      'ToCHWImage cannot come after ToCHWImage: the channels come first already',
    ],
    ['decoding twice', clas('CropImage:', 'DecodeImage:'), 'DecodeImage must come first'],
    [
      'stride padding before the channels are first',
      detection('type: PadStride, stride: 2'),
      'PadStride cannot come first: it pads images with the channels first',
    ],
    [
      'padding with the channels first',
      `${detection()}- {type: Pad, size: 2}`,
      'Pad cannot come after Permute: it pads images with the channels last',
    ],
    [
      'an order of channels that does not apply there',
      clas('NormalizeImage: {order: chw}'),
      "NormalizeImage has the order 'chw', but the channels come last there",
    ],
    [
      'two operators in one',
      clas('{CropImage: {size: 2}, KeepKeys: }'),
      'PreProcess.transform_ops[0] is not one operator with its parameters',
    ],
    [
      'no channels first',
      'PreProcess: {transform_ops: [{CropImage: {size: 2}}]}',
      'transform_ops lacks ToCHWImage, which is required',
    ],
    ['no channels first in a detector', 'Preprocess: []', 'Preprocess lacks Permute, which is required'],
    [
      'both forms',
      `${clas()}${detection()}`,
      'it has both PreProcess and Preprocess, but only one is allowed',
    ],
    ['a std of 0', clas('NormalizeImage: {std: [1, 0, 1]}'), 'NormalizeImage divides by a std of 0'],
    [
      'a std that is 0 in float32',
      clas('NormalizeImage: {std: [1, 1e-60, 1]}'),
      'NormalizeImage divides by a std that is 0 in float32',
    ],
    [
      'an infinite mean',
      clas('NormalizeImage: {mean: [1, 1e60, 1]}'),
      'NormalizeImage has a number beyond the range of float32',
    ],
    ['two means', clas('NormalizeImage: {mean: [1, 2]}'), 'NormalizeImage.mean: expected three numbers'],
    [
      'five channels',
      clas('NormalizeImage: {channel_num: 5}'),
      'NormalizeImage.channel_num: expected 3 or 4',
    ],
    [
      'float16',
      clas('NormalizeImage: {output_fp16: true}'),
      'NormalizeImage.output_fp16: float16 is not supported',
    ],
    ...[
      "__import__('os').system('x')",
      '1/0',
      '1e400',
      '2**8',
      '0x10/255',
      '1/2/3',
      '(1)',
      '',
      'nan',
      '1_000',
    ].map((scale) => [
      `a scale of ${scale}`,
      clas(`NormalizeImage: {scale: ${JSON.stringify(scale)}}`),
      `NormalizeImage.scale is neither a number nor a fraction: ${scale}`,
    ]),
    ...[
      'DecodeImage: {to_rgb: null}',
      'DecodeImage: {img_mode: null}',
      'ResizeImage: {size: 9, backend: ~}',
      'CropImage: {size: }',
      'NormalizeImage: {order: null}',
    ].map((line) => [
      `null: ${line}`,
      clas(line),
      `${line.replace(/: \{.*?(\w+): \S*\}$/, '.$1')} cannot be null`,
    ]),
    ...[
      'type: Resize, target_size: 9, keep_ratio: null',
      'type: NormalizeImage, mean: null',
      'type: NormalizeImage, is_scale: null',
    ].map((line) => [
      `null: ${line}`,
      detection(line),
      `${line.replace(/type: (\w+).*?(\w+): null$/, '$1.$2')} cannot be null`,
    ]),
    ['no mapping', '[1, 2]', 'the file: expected a mapping, got a list'],
    ['no operators', 'PreProcess: {ops: []}', 'PreProcess: ops is unknown, known are transform_ops'],
    [
      'invalid YAML',
      'a: [1',
      'Flow sequence in block collection must be sufficiently indented and end with a ] at line 1, column 6',
    ],
    [
      'an object of Python',
      'a: !!python/object/apply:os.system [ls]',
      'Unresolved tag: tag:yaml.org,2002:python/object/apply:os.system at line 1, column 4',
    ],
    ['a key that occurs twice', 'a: 1\nb: {c: 1, c: 2}', 'the key c occurs twice in one mapping'],
    ['several documents', 'a: 1\n---\nb: 2\n', 'it contains several documents, but only one is allowed'],
    ['an alias without an anchor', 'a: *b', 'the alias *b has no anchor'],
    ['an alias inside its own anchor', 'a: &a [*a]', 'the alias *a refers to a node that contains it'],
    [
      'merging a value other than a mapping',
      'a: &a 1\nb: {<<: *a}',
      'Merge sources must be maps or map aliases',
    ],
  ] as [string, string, string][])('%s', async (_, text, problem) => {
    await expect(read(text)).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'MODEL_CONFIG_INVALID',
      message: `${folder}/inference.yml is not valid: ${problem}.\nCompare it with the file that was exported with the model.${problem.startsWith('the operator ') ? ownSteps : ''}`,
    })
  })
})

test('docs/preprocessing.md has each operator, and its examples are valid', async () => {
  const text = await readFile(new URL('../../docs/preprocessing.md', import.meta.url), 'utf8')
  const [described = ''] = text.split('## The transforms of PaddleX 1 and 2')
  const documented = [...described.matchAll(/^\| `([A-Z]\w+)` +\|/gm)].map(([, name]) => name)
  const detectionNow = knownDetection.replace(' Normalize,', '')
  expect(documented.join(', ')).toBe(
    `${knownClas}, ${detectionNow}, Resize, Normalize, Permute, ${knownSegmentation}`,
  )
  const [first, second, third] = await takeBlocks('docs/preprocessing.md', 'yaml yaml yaml')
  await writeFile(join(folder, 'labels.txt'), 'cat\ndog\n')
  const clasConfig = await read(first)
  expect(clasConfig?.preprocessing?.normalise).toEqual(imageNet)
  expect([clasConfig?.postProcess, clasConfig?.labels]).toEqual([{ kind: 'best', topK: 5 }, ['cat', 'dog']])
  const detector = await read(second)
  expect(detector?.preprocessing?.steps.length).toBe(1)
  expect([detector?.postProcess, detector?.labels]).toEqual([
    { kind: 'boxes', threshold: 0.5, arch: 'YOLO' },
    ['person', 'bicycle'],
  ])
  const segmenter = await read(third)
  expect(segmenter?.preprocessing?.floatSteps?.map(({ step }) => step)).toEqual(['resize', 'normalise'])
  expect(segmenter?.postProcess).toEqual({ kind: 'segments' })
})

describe('supported YAML', () => {
  test('anchors, aliases and merge keys are resolved', async () => {
    const text = `sizes: &sizes {size: [9, 8]}
defaults: &defaults {backend: pil, interpolation: nearest}
${clas('ResizeImage: {<<: [*sizes, *defaults], interpolation: box}', 'CropImage: *sizes')}`
    expect((await read(text))?.preprocessing?.steps).toEqual([
      {
        step: 'resize',
        to: { width: 9, height: 8, by: 'size' },
        resampling: { library: 'pillow', method: 'box' },
      },
      { step: 'crop', size: { width: 9, height: 8 } },
    ])
  })

  test('a byte order mark, Windows line endings, and an end-of-document marker', async () => {
    const text = `\uFEFF---\n${clas('CropImage: {size: 2}')}...\n`.replaceAll('\n', '\r\n')
    expect((await read(text))?.preprocessing?.steps).toEqual([
      { step: 'crop', size: { width: 2, height: 2 } },
    ])
  })

  test('a list of twenty thousand names', async () => {
    const names = Array.from({ length: 20_000 }, (_, id) => `class ${id}`)
    expect((await read(`label_list:\n${names.map((name) => `- ${name}\n`).join('')}`))?.labels).toEqual(names)
  })
})

describe('files that would exhaust time and memory', () => {
  const levels = (line: (level: number) => string): string =>
    Array.from({ length: 12 }, (_, level) => line(level)).join('\n')
  const ten = (what: string): string => Array.from({ length: 10 }, () => what).join(', ')
  test.each([
    [
      'a bomb of aliases',
      levels((level) => `a${level}: &a${level} [${level === 0 ? 'x' : ten(`*a${level - 1}`)}]`),
      'it expands to more than 1000000 values',
    ],
    [
      'a bomb of merge keys',
      levels((level) => `a${level}: &a${level} {<<: [${level === 0 ? '{b: 1}' : ten(`*a${level - 1}`)}]}`),
      'it expands to more than 1000000 values',
    ],
    ['nested lists', '['.repeat(1_000_000), 'it is nested more than 64 levels deep'],
    ['nested block lists', '- '.repeat(1_000_000), 'it is nested more than 64 levels deep'],
    [
      'nested mappings',
      Array.from({ length: 2000 }, (_, level) => `${' '.repeat(level)}a:`).join('\n'),
      'it is nested more than 64 levels deep',
    ],
    ['too many values', '- a\n'.repeat(1_000_000), 'it has more than 500000 tokens'],
    ['eight megabytes', ' '.repeat(8 * 2 ** 20 + 1), 'it has 8388609 bytes, more than the limit of 8388608'],
  ])('%s', async (_, text, problem) => {
    await expect(read(text)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: expect.stringContaining(`/inference.yml is not valid: ${problem}.`),
    })
  })

  test('a pipe without a writer', async () => {
    await promisify(execFile)('mkfifo', [join(folder, 'inference.yml')])
    await expect(readModelConfig(files)).rejects.toMatchObject({
      message: expect.stringContaining('/inference.yml is not valid: it is not a regular file.'),
    })
  })
})
