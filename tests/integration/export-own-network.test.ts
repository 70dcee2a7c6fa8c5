import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { exportModel } from '../../src/export/index.js'
import { createPredictor } from '../../src/inference/index.js'
import { testPython } from '../helpers/python.js'
import { readsJson, wheelVersion } from '../helpers/wheel.js'

const net = fileURLToPath(new URL('../helpers/own_net.py', import.meta.url))
const attention = {
  model: `${net}:Attention`,
  modelArgs: { width: 4 },
  inputSpec: ['words:float32[-1,?,4]', { name: 'sharpness', dtype: 'float32', shape: [] }],
  seed: 1,
} as const

let temp: string
beforeAll(async () => {
  temp = await mkdtemp(join(tmpdir(), 'export-own-'))
})
afterAll(() => rm(temp, { recursive: true }))

/** The outputs of the network for two sentences of three words. */
async function answers(model: string) {
  await using predictor = await createPredictor({ model })
  expect(predictor.inputs).toEqual([
    { name: 'words', dtype: 'float32', shape: [-1, -1, 4] },
    { name: 'sharpness', dtype: 'float32', shape: [] },
  ])
  const [tanh, argmax] = Object.values(
    await predictor.run({
      words: {
        dtype: 'float32',
        shape: [2, 3, 4],
        data: Float32Array.from({ length: 24 }, (_, i) => Math.sin(i)),
      },
      sharpness: { dtype: 'float32', shape: [], data: new Float32Array([2]) },
    }),
  )
  expect([tanh?.dtype, tanh?.shape, argmax?.dtype, argmax?.shape]).toEqual([
    'float32',
    [2, 3, 4],
    'int64',
    [2, 3],
  ])
  return { tanh: [...(tanh?.data as Float32Array)], argmax: [...(argmax?.data as BigInt64Array)] }
}

test('keeps all of its outputs, in one format and in both', async () => {
  const older = join(temp, 'older')
  const both = join(temp, 'both')
  await exportModel({ ...attention, saveInferenceDir: older })
  const expected = await answers(older)
  expect(Math.abs(expected.tanh[0] ?? 0)).toBeGreaterThan(0)

  if (!(await readsJson())) {
    for (const format of ['json', 'both'] as const) {
      await expect(exportModel({ ...attention, format, saveInferenceDir: both })).rejects.toMatchObject({
        code: 'EXPORT_FORMAT_UNSUPPORTED',
        message:
          `Paddle ${await wheelVersion()} of ${await testPython()} cannot write the format json, which came with Paddle 3.\n` +
          'Use the other format, or a Python with Paddle 3: --format pdmodel, --python',
      })
    }
    return
  }
  const { files } = await exportModel({ ...attention, format: 'both', saveInferenceDir: both })
  expect(files).toEqual(
    ['inference.pdmodel', 'inference.json', 'inference.pdiparams', 'inference.pdiparams.info'].map((name) =>
      join(both, name),
    ),
  )
  for (const model of [join(both, 'inference.pdmodel'), join(both, 'inference.json')]) {
    const { tanh, argmax } = await answers(model)
    expect(argmax).toEqual(expected.argmax)
    tanh.forEach((value, index) => {
      expect(value).toBeCloseTo(expected.tanh[index] ?? NaN, 5)
    })
  }
})

test('a factory function, and a mistake in the file', async () => {
  const file = join(temp, 'net.py')
  await writeFile(file, 'import paddle\n\ndef make(width):\n    return paddle.nn.Linear(width, 2)\n')
  const network = { model: `${file}:make`, inputSpec: ['input:float32[-1,3]'] }
  const folder = join(temp, 'factory')
  await expect(exportModel({ ...network, modelArgs: ['3'], saveInferenceDir: folder })).rejects.toMatchObject(
    {
      name: 'PaddleError',
      code: 'EXPORT_NETWORK_INVALID',
      message: expect.stringMatching(
        /^.*net\.py:make could not be created: .+ \(net\.py, line 4, in make\)\.\nFix it, or pass other arguments: --model-args$/,
      ),
    },
  )
  await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  await exportModel({ ...network, modelArgs: [3], saveInferenceDir: folder })
  expect((await readdir(folder)).sort()).toEqual([
    'inference.pdiparams',
    'inference.pdiparams.info',
    'inference.pdmodel',
  ])
})

test('inputs that do not match those of its forward', async () => {
  const folder = join(temp, 'inputs')
  const inputSpec = attention.inputSpec.slice(0, 1)
  await expect(exportModel({ ...attention, inputSpec, saveInferenceDir: folder })).rejects.toMatchObject({
    code: 'EXPORT_INPUTS_INVALID',
    message:
      `The forward of ${net}:Attention takes words, sharpness, but words is described.\n` +
      "Describe it with its own dtype and shape: --input-spec 'sharpness:float32[-1,3]'",
  })
  await expect(readdir(folder)).rejects.toMatchObject({ code: 'ENOENT' })
})

test('a model with an output that is directly an input can be loaded', async () => {
  const format = (await readsJson()) ? 'json' : 'pdmodel'
  const folder = join(temp, 'plus')
  await exportModel({ model: `${net}:Plus`, inputSpec: ['a:float32[-1]'], format, saveInferenceDir: folder })
  await using predictor = await createPredictor({ model: folder })
  const [answer] = Object.values(await predictor.run({ a: [1, 2] }))
  expect([...answer!.data]).toEqual([2, 3])
})
