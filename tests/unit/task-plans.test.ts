import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { planClassifier } from '../../src/tasks/classify/classifier-plan.js'
import { checkPostProcess } from '../../src/tasks/classify/classifier-signature.js'
import { planDetector } from '../../src/tasks/detect/detector-plan.js'
import { taskFromConfig } from '../../src/tasks/index.js'

let model: string
beforeAll(async () => {
  model = await mkdtemp(join(tmpdir(), 'plans-'))
  await writeFile(join(model, 'inference.pdmodel'), '')
  await writeFile(join(model, 'inference.pdiparams'), '')
})
afterAll(() => rm(model, { recursive: true }))

const classes = (postprocess: string): Promise<void> =>
  writeFile(
    join(model, 'inference.yml'),
    `PreProcess: {transform_ops: [ResizeImage: {size: 8}, ToCHWImage: null]}\nPostProcess: ${postprocess}\n`,
  )
const boxes = (lines: string): Promise<void> =>
  writeFile(
    join(model, 'inference.yml'),
    `Preprocess:\n- {type: Resize, target_size: [8, 8], keep_ratio: false, interp: 1}\n- {type: Permute}\n${lines}\n`,
  )

describe('post-processing of scores', () => {
  test('the best classes: the number of the option, else of the file, else one', async () => {
    await classes('{Topk: {topk: 3}}')
    expect((await planClassifier(model)).reading).toEqual({ kind: 'best', topK: 3 })
    expect((await planClassifier(model, { topK: 2 })).reading).toEqual({ kind: 'best', topK: 2 })
    await expect(planClassifier(model, { threshold: 0.5 })).rejects.toThrow(
      new TypeError(
        `\`threshold\` is not supported by ${model}, which returns its best classes whatever their scores: omit it or set \`topK\`.`,
      ),
    )
    expect(await taskFromConfig(model)).toBe('classify')
  })

  test('by a threshold: that of the option, else of the file', async () => {
    await classes('{MultiLabelThreshOutput: {threshold: 0.25}}')
    expect((await planClassifier(model)).reading).toEqual({ kind: 'several', threshold: 0.25 })
    expect((await planClassifier(model, { threshold: 0.75 })).reading).toEqual({
      kind: 'several',
      threshold: 0.75,
    })
    await classes('{ThreshOutput: {threshold: 0.9, label_0: no, label_1: yes}}')
    const { reading } = await planClassifier(model)
    expect(reading).toEqual({ kind: 'either', threshold: 0.9, labels: ['no', 'yes'] })
    await expect(planClassifier(model, { topK: 2 })).rejects.toThrow(
      new TypeError(
        `\`topK\` is not supported by ${model}, which returns classes by a threshold: omit it or set \`threshold\`.`,
      ),
    )
    checkPostProcess('m', reading, 2)
    checkPostProcess('m', reading, 3)
  })

  test('classes that the network does not have', () => {
    const either = { kind: 'either', threshold: 0.5, labels: ['no', 'yes'], otherwise: 3 } as const
    checkPostProcess('m', either, 2)
    checkPostProcess('m', either, 4)
    expect(() => {
      checkPostProcess('m', either, 3)
    }).toThrow(
      'm is not an image classifier: it has 3 classes, but its configuration file refers to class 3.',
    )
    expect(() => {
      checkPostProcess('m', { kind: 'several', threshold: 0.5, ofClass: { 2: 0.1, 7: 0.2 } }, 5)
    }).toThrow(
      'm is not an image classifier: it has 5 classes, but its configuration file refers to class 7.',
    )
  })

  test('all scores, which no option changes', async () => {
    await classes('{main_indicator: ScoreOutput, ScoreOutput: {decimal_places: 2}}')
    expect((await planClassifier(model)).reading).toEqual({ kind: 'scores', decimals: 2 })
    for (const option of ['topK', 'threshold'] as const)
      await expect(planClassifier(model, { [option]: 1 })).rejects.toThrow(
        new TypeError(
          `\`${option}\` is not supported by ${model}, which returns all its scores (ScoreOutput): omit it.`,
        ),
      )
  })

  test('rejects boxes', async () => {
    await boxes('arch: YOLO')
    expect(await taskFromConfig(model)).toBe('detect')
    await expect(planClassifier(model)).rejects.toMatchObject({
      code: 'MODEL_UNSUITABLE',
      message: `${model} is not an image classifier: ${join(model, 'inference.yml')} says that it outputs boxes.\nLoad it with \`ObjectDetector\`.`,
    })
  })
})

describe('post-processing of boxes', () => {
  test('the threshold of the option, else of the file, else 0.5', async () => {
    await boxes('arch: YOLO\ndraw_threshold: 0.25')
    expect((await planDetector(model)).limits.threshold).toBe(0.25)
    expect((await planDetector(model, { threshold: 0.75 })).limits.threshold).toBe(0.75)
    await boxes('arch: YOLO')
    expect((await planDetector(model)).limits.threshold).toBe(0.5)
    await expect(planDetector(model, { threshold: -1 })).rejects.toThrow(RangeError)
    await expect(planDetector(model, { boxUnit: 'metre' as never })).rejects.toThrow(
      new RangeError('Expected `pixel` or `fraction` for `boxUnit`, got `metre` (string).'),
    )
  })

  test.each([
    ['Face', false, 'fraction'],
    ['SSD', false, 'fraction'],
    ['SSD', true, 'pixel'],
    ['YOLO', false, 'pixel'],
  ])('of %s, with a scale_factor: %s, in %ss', async (arch, scaleFactor, unit) => {
    await boxes(`arch: ${arch}`)
    expect((await planDetector(model)).boxUnit(scaleFactor)).toBe(unit)
    expect((await planDetector(model, { boxUnit: 'fraction' })).boxUnit(scaleFactor)).toBe('fraction')
  })
})

describe('sizes', () => {
  test('the options override the file and keep its resampling', async () => {
    await writeFile(
      join(model, 'inference.yml'),
      'PreProcess: {transform_ops: [ResizeImage: {resize_short: 20, interpolation: bicubic}, CropImage: {size: 16}, ToCHWImage: null]}\n',
    )
    const resampling = { library: 'opencv', method: 'cubic' }
    const { preprocessing, size } = await planClassifier(model, { resizeSize: 40, cropSize: 30 })
    expect(preprocessing.steps).toMatchObject([
      { step: 'resize', to: { short: 40, fraction: 'round' }, resampling },
      { step: 'crop', size: { width: 30, height: 30 } },
    ])
    expect(size).toEqual({ width: 30, height: 30 })
  })

  test('replaces a fixed size with a square', async () => {
    await writeFile(
      join(model, 'inference.yml'),
      'PreProcess: {transform_ops: [ResizeImage: {size: [30, 20]}, ToCHWImage: null]}\n',
    )
    expect((await planClassifier(model)).size).toEqual({ width: 30, height: 20 })
    const { preprocessing, size } = await planClassifier(model, { resizeSize: 40 })
    expect(preprocessing.steps).toMatchObject([{ to: { width: 40, height: 40 } }])
    expect(size).toEqual({ width: 40, height: 40 })
  })

  test('without sizes in the file, adds a resize with OpenCV’s bilinear and a crop', async () => {
    await writeFile(join(model, 'inference.yml'), 'PreProcess: {transform_ops: [ToCHWImage: null]}\n')
    const { preprocessing } = await planClassifier(model, { resizeSize: 40, cropSize: 30 })
    expect(preprocessing.steps).toEqual([
      {
        step: 'resize',
        to: { short: 40, fraction: 'round' },
        resampling: { library: 'opencv', method: 'linear' },
      },
      { step: 'crop', size: { width: 30, height: 30 } },
    ])
    await expect(planClassifier(model)).rejects.toMatchObject({
      code: 'MODEL_CONFIG_INVALID',
      message:
        `${join(model, 'inference.yml')} leaves images at different sizes: it has neither ResizeImage nor CropImage.\n` +
        'Set the input size of the network: `cropSize`.',
    })
  })
})
