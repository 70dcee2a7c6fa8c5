import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { exportModel } from '../../src/export/index.js'
import { createPredictor } from '../../src/inference/index.js'
import { locateModel, readModelConfig, tutorialPreprocessing } from '../../src/model/index.js'
import type { Progress } from '../../src/progress.js'
import { testPython } from '../helpers/python.js'
import { makeFolder, shared } from '../helpers/shared.js'
import { readsJson } from '../helpers/wheel.js'

const folders = shared(makeFolder)
const small = { model: 'LeNet', seed: 1 } as const

describe('written files', () => {
  test('writes exactly three files, reports each step, and the model runs', async () => {
    const folder = join(folders().fresh(), 'made')
    const steps: Progress[] = []
    const exported = await exportModel({
      ...small,
      saveInferenceDir: folder,
      onProgress: (progress) => steps.push(progress),
    })
    expect(exported).toEqual({
      folder,
      files: ['inference.pdmodel', 'inference.pdiparams', 'inference.pdiparams.info'].map((name) =>
        join(folder, name),
      ),
    })
    expect((await readdir(folder)).sort()).toEqual([
      'inference.pdiparams',
      'inference.pdiparams.info',
      'inference.pdmodel',
    ])
    expect(steps.map(({ step }) => step)).toEqual(['Importing paddle', 'Building LeNet', 'Exporting LeNet'])

    await using predictor = await createPredictor({ model: folder })
    expect(predictor.inputs).toEqual([{ name: 'input', dtype: 'float32', shape: [-1, 1, 28, 28] }])
    const input = {
      dtype: 'float32',
      shape: [3, 1, 28, 28],
      data: new Float32Array(3 * 28 * 28).fill(0.5),
    } as const
    const [output] = Object.values(await predictor.run({ input }))
    expect(output?.shape).toEqual([3, 10])
    const sum = (output?.data as Float32Array).subarray(0, 10).reduce((total, value) => total + value)
    expect(sum).toBeCloseTo(1, 5)
  })

  test('writes labels and another image size to an inference.yml that paddle-ts reads', async () => {
    const folder = folders().fresh()
    const labels = ['hen', 'no', ': # "quoted"\\ ‐ \u0085é 鸡 🐔']
    const { files } = await exportModel({
      model: 'squeezenet1_1',
      imgSize: 64,
      numClasses: 3,
      labels,
      saveInferenceDir: folder,
    })
    expect(files.at(-1)).toBe(join(folder, 'inference.yml'))
    expect(await readModelConfig(await locateModel(folder))).toMatchObject({
      preprocessing: {
        ...tutorialPreprocessing,
        // Every reader of such a file decodes with OpenCV.
        decode: 'opencv',
        steps: [
          {
            step: 'resize',
            to: { short: 73, fraction: 'round' },
            resampling: { library: 'pillow', method: 'bilinear' },
          },
          { step: 'crop', size: { width: 64, height: 64 } },
        ],
      },
      postProcess: { kind: 'best', topK: 1 },
      labels,
    })
  })

  test('reads labels from a file too, and a later export without labels removes its inference.yml', async () => {
    const folder = folders().fresh()
    const file = join(folders().path, 'labels.txt')
    await writeFile(file, 'zero\none\n')
    await exportModel({ ...small, numClasses: 2, labels: file, saveInferenceDir: folder })
    expect(await readModelConfig(await locateModel(folder))).toMatchObject({
      postProcess: { kind: 'best', topK: 1 },
      labels: ['zero', 'one'],
    })
    const json = await readsJson()
    await exportModel({
      ...small,
      numClasses: 2,
      format: json ? 'json' : 'pdmodel',
      saveInferenceDir: folder,
    })
    expect((await readdir(folder)).sort()).toEqual(
      json
        ? ['inference.json', 'inference.pdiparams']
        : ['inference.pdiparams', 'inference.pdiparams.info', 'inference.pdmodel'],
    )
  })
})

describe('rejected calls', () => {
  test('the error for an unknown network lists the networks, nearest first, and no folder is left', async () => {
    const folder = folders().fresh()
    const failure = exportModel({ model: 'mobilenet_v3_smal', saveInferenceDir: folder })
    await expect(failure).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'EXPORT_UNKNOWN_MODEL',
      message: expect.stringMatching(
        /^paddle\.vision\.models has no classification network called mobilenet_v3_smal\.\nDid you mean mobilenet_v3_small\?\nUse one of these, nearest first: mobilenet_v3_small, mobilenet_v3_large, .*LeNet.*\.$/,
      ),
    })
    await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  })

  test('a network of PaddleX is said not to be among them', async () => {
    const failure = exportModel({ model: 'PP-LCNet_x1_o', saveInferenceDir: folders().fresh() })
    await expect(failure).rejects.toMatchObject({
      code: 'EXPORT_UNKNOWN_MODEL',
      message: expect.stringMatching(
        /called PP-LCNet_x1_o\.\nNetworks of PaddleClas and PaddleX are not among them: download the inference model, and pass its folder\.\nUse one of these, /,
      ),
    })
  })

  test('fewer labels than classes', async () => {
    await expect(
      exportModel({ ...small, labels: ['a', 'b'], saveInferenceDir: folders().fresh() }),
    ).rejects.toMatchObject({
      code: 'LABELS_INVALID',
      message:
        'LeNet has 10 classes, but there are 2 labels.\n' +
        'Pass one label for each class, or the number of classes: --num-classes',
    })
  })

  test('an inference.yml of the user’s own is not overwritten, and remains if none is needed', async () => {
    const folder = folders().fresh()
    await mkdir(folder)
    await writeFile(join(folder, 'inference.yml'), 'PostProcess: {Topk: {topk: 5}}\n')
    await expect(
      exportModel({ ...small, numClasses: 1, labels: ['a'], saveInferenceDir: folder }),
    ).rejects.toMatchObject({
      code: 'EXPORT_TARGET_UNUSABLE',
      message:
        `The export must write ${folder}/inference.yml, but a file of your own exists there.\n` +
        'Move it, or export into another folder.',
    })
    expect(await readdir(folder)).toEqual(['inference.yml'])
    await exportModel({ ...small, saveInferenceDir: folder })
    expect(await readFile(join(folder, 'inference.yml'), 'utf8')).toBe('PostProcess: {Topk: {topk: 5}}\n')
  })

  test('a GPU that the wheel is not built for', async () => {
    const python = await testPython()
    await expect(
      exportModel({ ...small, device: 'gpu', saveInferenceDir: folders().fresh() }),
    ).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: expect.stringMatching(
        new RegExp(
          `^The export cannot use the GPU: Paddle [\\d.]+ of ${python} is built for the CPU only\\.\\n` +
            'Export on the CPU, for the same files: --device cpu$',
        ),
      ),
    })
  })
})
