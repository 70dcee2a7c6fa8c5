/** PaddleSeg's `deploy.yaml`, and the same list in an `inference.yml` of PaddleX. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { readModelConfig, readOperators, type FloatStep, type ModelFiles } from '../../src/model/index.js'
import { planClassifier } from '../../src/tasks/classify/classifier-plan.js'
import { planDetector } from '../../src/tasks/detect/detector-plan.js'
import { taskFromConfig } from '../../src/tasks/index.js'
import { ImageSegmenter } from '../../src/tasks/segment/image-segmenter.js'
import { planSegmenter } from '../../src/tasks/segment/segmenter-plan.js'

let folder: string
let model: string
let files: ModelFiles
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'seg-config-'))
})
beforeEach(async () => {
  model = await mkdtemp(join(folder, 'model-'))
  files = { format: 'pdmodel', program: join(model, 'model.pdmodel') }
  await writeFile(join(model, 'model.pdmodel'), '')
  await writeFile(join(model, 'model.pdiparams'), '')
})
afterEach(() => rm(model, { recursive: true }))
afterAll(() => rm(folder, { recursive: true }))

const deploy = (text: string, name = 'deploy.yaml'): Promise<void> => writeFile(join(model, name), text)

/** Writes transforms, one a line. */
const list = (...lines: readonly string[]): Promise<void> =>
  deploy(`Deploy:\n  transforms:\n${lines.map((line) => `  - {${line}}\n`).join('')}`)

async function stepsOf(...lines: readonly string[]): Promise<readonly FloatStep[] | undefined> {
  await list(...lines)
  return (await readModelConfig(files))?.preprocessing?.floatSteps
}

async function reasonOf(...lines: readonly string[]): Promise<string> {
  const error = await stepsOf(...lines).catch((caught: unknown) => caught)
  expect(error).toMatchObject({ code: 'MODEL_CONFIG_INVALID' })
  const [, reason = ''] =
    /is not valid: (.*)\.\nCompare it with the file that was exported with the model\.(?: If the operator is there too, .*)?$/s.exec(
      (error as Error).message,
    ) ?? []
  return reason
}

const linear = { step: 'resize', method: 'linear' }

test('a complete deploy.yaml of PaddleSeg', async () => {
  await deploy(`Deploy:
  input_shape:
  - -1
  - 3
  - -1
  - -1
  model: model.pdmodel
  output_dtype: int32
  output_op: argmax
  params: model.pdiparams
  transforms:
  - target_size:
    - 512
    - 256
    type: Resize
  - type: Normalize
`)
  const config = await readModelConfig(files)
  expect({ ...config, postProcess: config?.postProcess, labels: config?.labels }).toEqual({
    file: join(model, 'deploy.yaml'),
    preprocessing: {
      decode: 'opencv',
      channels: 'RGB',
      steps: [],
      normalise: { scale: 1, mean: [0, 0, 0], std: [1, 1, 1] },
      padding: [],
      planes: 3,
      floatSteps: [
        { ...linear, to: { rule: 'size', size: { width: 512, height: 256 } } },
        { step: 'normalise', mean: [0.5, 0.5, 0.5], std: [0.5, 0.5, 0.5] },
      ],
    },
    postProcess: { kind: 'segments' },
    labels: undefined,
  })
  expect(await taskFromConfig(model)).toBe('segment')
  expect(await readOperators(files)).toEqual({
    file: join(model, 'deploy.yaml'),
    kind: 'deploy.yaml',
    operators: [
      { name: 'Resize', parameters: { target_size: [512, 256] } },
      { name: 'Normalize', parameters: {} },
    ],
  })
})

test('an inference.yml of PaddleX takes precedence, and names the classes', async () => {
  await deploy('Deploy: {transforms: [{type: Padding, target_size: [9, 9]}]}')
  await deploy(
    'Deploy: {transforms: []}\nGlobal: {model_name: PP-LiteSeg-T}\nHpi: {}\nlabel_list: [road, 2]',
    'inference.yml',
  )
  const config = await readModelConfig(files)
  expect(config?.preprocessing?.floatSteps).toEqual([])
  expect(config?.labels).toEqual(['road', '2'])
  expect(await taskFromConfig(model)).toBe('segment')
  await deploy('Deploy: {transforms: []}\nPostProcess: {label_list: [a, b]}', 'inference.yml')
  expect((await readModelConfig(files))?.labels).toEqual(['a', 'b'])
})

describe('the transforms', () => {
  test.each<[string, object]>([
    [
      'type: Normalize, mean: [0.1], std: [0.2]',
      { step: 'normalise', mean: [0.1, 0.1, 0.1], std: [0.2, 0.2, 0.2] },
    ],
    [
      'type: Normalize, mean: [1, 2, 3], std: [4, 5, 6]',
      { step: 'normalise', mean: [1, 2, 3], std: [4, 5, 6] },
    ],
    ['type: Resize', { ...linear, to: { rule: 'size', size: { width: 512, height: 512 } } }],
    [
      'type: Resize, target_size: [8, 4], keep_ratio: true, size_divisor: 32, interp: LANCZOS4',
      {
        step: 'resize',
        method: 'lanczos4',
        to: { rule: 'within', size: { width: 8, height: 4 }, divisor: 32 },
      },
    ],
    [
      'type: Resize, target_size: [8, 4], keep_ratio: false, size_divisor: null, interp: NEAREST',
      { step: 'resize', method: 'nearest', to: { rule: 'size', size: { width: 8, height: 4 } } },
    ],
    ['type: ResizeByShort, short_size: 5', { ...linear, to: { rule: 'short', short: 5, most: 1e10 } }],
    [
      'type: ResizeByShort, short_size: 5, max_size: 9',
      { ...linear, to: { rule: 'short', short: 5, most: 9 } },
    ],
    ['type: ResizeByLong, long_size: 5', { ...linear, to: { rule: 'long', long: 5 } }],
    ['type: LimitLong', { ...linear, to: { rule: 'limit' } }],
    ['type: LimitLong, max_long: 9, min_long: 5', { ...linear, to: { rule: 'limit', least: 5, most: 9 } }],
    ['type: LimitLong, max_long: 9, min_long: null', { ...linear, to: { rule: 'limit', most: 9 } }],
    ['type: ResizeRangeScaling, min_value: 7, max_value: 7', { ...linear, to: { rule: 'long', long: 7 } }],
    [
      'type: ResizeStepScaling, min_scale_factor: 0.5, max_scale_factor: 0.5',
      { ...linear, to: { rule: 'factor', factor: 0.5 } },
    ],
    ['type: Padding, target_size: [8, 4]', { step: 'pad', to: { width: 8, height: 4 }, fill: 127.5 }],
    [
      'type: Padding, target_size: [8, 4], im_padding_value: 0, label_padding_value: 255',
      { step: 'pad', to: { width: 8, height: 4 }, fill: 0 },
    ],
    ['type: PaddingByAspectRatio', { step: 'pad', to: { aspectRatio: 1 }, fill: 127.5 }],
    [
      'type: PaddingByAspectRatio, aspect_ratio: 1.5, im_padding_value: 3',
      { step: 'pad', to: { aspectRatio: 1.5 }, fill: 3 },
    ],
  ])('%s', async (line, step) => {
    expect(await stepsOf(line)).toEqual([step])
  })

  test('keep the order of the file, whatever it is, and may occur several times', async () => {
    const steps = await stepsOf(
      ...['type: Normalize', 'type: Padding, target_size: [8, 8]', 'type: ResizeByLong, long_size: 4'],
      ...['type: Normalize', 'type: Padding, target_size: [6, 6]'],
    )
    expect(steps?.map(({ step }) => step)).toEqual(['normalise', 'pad', 'resize', 'normalise', 'pad'])
  })
})

const known =
  'Normalize, Resize, ResizeByShort, ResizeByLong, LimitLong, ResizeRangeScaling, ResizeStepScaling, Padding, PaddingByAspectRatio'

describe('errors', () => {
  test.each([
    [
      'type: RandomHorizontalFlip, prob: 0.5',
      `the operator RandomHorizontalFlip is unknown, known are ${known}`,
    ],
    ['type: ScalePadding', `the operator ScalePadding is unknown, known are ${known}`],
    ['type: constructor', `the operator constructor is unknown, known are ${known}`],
    ['target_size: [8, 8]', 'Deploy.transforms[0] does not name its operator (type)'],
    [
      'type: Resize, interp: linear',
      'Resize cannot interpolate as linear, known are NEAREST, LINEAR, CUBIC, AREA, LANCZOS4',
    ],
    ['type: Resize, target_size: 512', 'Resize.target_size: expected a list of width and height'],
    ['type: Resize, target_size: [512]', 'Resize.target_size: expected a list of width and height'],
    ['type: Resize, keep_ratio: null', 'Resize.keep_ratio cannot be null'],
    [
      'type: Resize, size: [1, 1]',
      'Resize: size is unknown, known are target_size, keep_ratio, size_divisor, interp',
    ],
    [
      'type: Resize, target_size: [1, 40000]',
      'a size of 1 × 40000 exceeds the limit of 32768 pixels a side and 67108864 in all',
    ],
    ['type: Normalize, mean: 0.5', 'Normalize.mean: expected a list of one number or three'],
    ['type: Normalize, mean: [1, 2]', 'Normalize.mean: expected a list of one number or three'],
    ['type: Normalize, std: [1, 0, 1]', 'Normalize divides by a std of 0'],
    ['type: Normalize, mean: [1e39]', 'Normalize has a number beyond the range of float32'],
    ['type: ResizeByShort', 'ResizeByShort.short_size: expected a number, got nothing'],
    ['type: ResizeByShort, short_size: [1, 2]', 'ResizeByShort.short_size: expected a number, got a list'],
    ['type: ResizeByLong, long_size: 0', 'ResizeByLong.long_size: expected more than 0, got 0'],
    ['type: LimitLong, max_long: 5, min_long: 9', 'LimitLong has a min_long of 9, above its max_long of 5'],
    ['type: Padding', 'Padding.target_size: expected a list of width and height'],
    [
      'type: Padding, target_size: [8, 8], im_padding_value: [1, 2, 3]',
      'Padding.im_padding_value: expected a number, got a list',
    ],
    [
      'type: PaddingByAspectRatio, aspect_ratio: 0',
      'PaddingByAspectRatio.aspect_ratio: expected more than 0, got 0',
    ],
  ])('%s', async (line, reason) => {
    expect(await reasonOf(line)).toBe(reason)
  })

  test('an interpolation that PaddleSeg chooses at random', async () => {
    await expect(stepsOf('type: Resize, interp: RANDOM')).rejects.toThrow(
      'is not supported: Resize chooses the interpolation at random.',
    )
  })

  test.each([
    ['type: ResizeRangeScaling', 'ResizeRangeScaling chooses at random from 400 to 600'],
    ['type: ResizeStepScaling, max_scale_factor: 1', 'ResizeStepScaling chooses at random from 0.75 to 1'],
  ])('%s: the exported file itself has limits that differ', async (line, reason) => {
    await expect(stepsOf(line)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: `${join(model, 'deploy.yaml')} is not supported: ${reason}.\nExport the model with a configuration in which both limits are equal.`,
    })
  })

  test.each([
    ['Deploy: {model: model.pdmodel}', 'Deploy.transforms: expected a list, got nothing'],
    ['Deploy: {transforms: null}', 'Deploy.transforms: expected a list, got null'],
    [
      'Deploy: {transforms: []}\nPreprocess: []',
      'it has both Preprocess and Deploy, but only one is allowed',
    ],
    ['Deploy:', 'Deploy: expected a mapping, got null'],
  ])('%s', async (text, reason) => {
    await deploy(text)
    await expect(readModelConfig(files)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message: `${join(model, 'deploy.yaml')} is not valid: ${reason}.\nCompare it with the file that was exported with the model.`,
    })
  })
})

test('a typo in an inference.yml is reported', async () => {
  await deploy('Deploi: {transforms: []}', 'inference.yml')
  await expect(readModelConfig(files)).rejects.toMatchObject({
    message: expect.stringContaining(
      'it has Deploi, but none of PreProcess, Preprocess, Deploy, DetPreProcess, RecPreProcess, Transforms, which',
    ),
  })
})

test.each([
  ['apiVersion: apps/v1\nkind: Deployment\nspec: {Deploy: 1}\n'],
  ['apiVersion: v1\nkind: Service\n---\napiVersion: apps/v1\nkind: Deployment\n'],
  ['#Deploy: {transforms: []}\n'],
  ['{{ template "Deploy:" . }}'],
])('a deploy.yaml of another program is not the file of the model: %j', async (text) => {
  await deploy(text)
  expect(await readModelConfig(files)).toBeUndefined()
  expect(await taskFromConfig(model)).toBe('classify')
})

test.each([
  '"Deploy": {transforms: []}',
  "'Deploy' : {transforms: []}",
  '{Deploy: {transforms: []}}',
  '\uFEFFDeploy: {transforms: []}',
])('a deploy.yaml of PaddleSeg in another notation: %j', async (text) => {
  await deploy(text)
  expect(await taskFromConfig(model)).toBe('segment')
})

describe('the task', () => {
  test('rejects the file of another task, and a model without a file', async () => {
    await expect(planSegmenter(model)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message:
        `The segmentation model ${model} has no preprocessing: there is no deploy.yaml or inference.yml that lists \`Deploy.transforms\`, and no model.yml of PaddleX, next to the model.\n` +
        'Copy the file that PaddleSeg or PaddleX exported with the model.',
    })
    await deploy('Preprocess: [{type: Permute}]', 'infer_cfg.yml')
    await expect(ImageSegmenter.load(model)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: `${model} is not a segmentation model: ${join(model, 'infer_cfg.yml')} says that it outputs boxes.\nLoad it with \`ObjectDetector\`.`,
    })
  })

  test('other tasks reject its file, whatever sizes it has', async () => {
    await list('type: Normalize')
    const says = `${join(model, 'deploy.yaml')} says that it outputs segments.\nLoad it with \`ImageSegmenter\`.`
    await expect(planClassifier(model)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: `${model} is not an image classifier: ${says}`,
    })
    await expect(planDetector(model)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: `${model} is not an object detector: ${says}`,
    })
  })

  test('takes names of classes, and no sizes', async () => {
    await list('type: Normalize')
    expect((await planSegmenter(model, { labels: ['a'] })).labels.names).toEqual(['a'])
    await expect(planSegmenter(model, { resizeSize: 5 } as never)).rejects.toThrow(TypeError)
  })
})
