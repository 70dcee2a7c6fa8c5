import '../helpers/nothing-left.js'
import { readdirSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  Config,
  convertToMixedPrecision,
  createPredictor,
  getTrtCompileVersion,
  getTrtRuntimeVersion,
  getVersion,
  ImageClassifier,
  inspectModel,
  tensor,
  type PredictorOptions,
  type PredictorWarning,
} from '../../src/index.js'
import { paddleTs } from '../helpers/command-line.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { root } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'
import { wheelVersion } from '../helpers/wheel.js'

// `npm run test:gpu-wheel` runs these tests on paddlepaddle-gpu 2.6.2, on a machine without a GPU.

const characters = join(root, 'models/characters')
let folder: string
let nets: Nets
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'gpu-wheel-'))
  nets = await makeNets()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const noGpu =
  'A GPU was requested, but the driver reports none.\n' +
  'Check nvidia-smi and CUDA_VISIBLE_DEVICES, or leave the GPU out.'
const noLibrary =
  'TensorRT was requested, but its library, libnvinfer.so, is not found.\n' +
  'Install TensorRT 8.5.3, which this paddle wheel is built with, and add its folder to LD_LIBRARY_PATH, or leave TensorRT out.'
const noCutlass =
  'CUTLASS was requested, but the driver reports no GPU.\n' +
  'Check nvidia-smi and CUDA_VISIBLE_DEVICES, or leave CUTLASS out.'

describe('the GPU wheel without a GPU', () => {
  test('doctor names the wheel’s CUDA, and the libraries that a GPU requires', async () => {
    const { stdout, exitCode } = await paddleTs(['doctor', '--json', '--python', await testPython()])
    const { checks } = JSON.parse(stdout) as { checks: readonly { name: string }[] }
    const of = (name: string) => checks.find((check) => check.name === name)
    expect(of('Paddle')).toMatchObject({ status: 'ok', detail: '2.6.2, commit 8ce0de5' })
    expect(of('Compiled with')).toEqual({
      name: 'Compiled with',
      status: 'ok',
      detail: 'CUDA 11.8, cuDNN 8.6.0, TensorRT 8.5.3, oneDNN yes, ROCm no, XPU no',
    })
    expect(of('Libraries')).toEqual({
      name: 'Libraries',
      status: 'failure',
      detail: expect.stringMatching(
        /^libcuda\.so\.1, libcublas\.so, libcudnn\.so, libnvinfer\.so not found; /,
      ),
      remedy:
        'Inference on a GPU requires NVIDIA’s driver (libcuda), CUDA 11.8 (libcublas) and cuDNN 8.6.0 (libcudnn). ' +
        'Install what is missing, or add its folder to LD_LIBRARY_PATH. On the CPU, this wheel works without them.',
    })
    expect(of('Inference')).toMatchObject({ status: 'ok' })
    expect(exitCode).toBe(1)
  })

  test('versions: the wheel is built with TensorRT 8.5.3 and finds none', async () => {
    expect(await getVersion()).toMatch(/^version: 2\.6\.2\n/)
    expect([await getTrtCompileVersion(), await getTrtRuntimeVersion()]).toEqual([
      [8, 5, 3],
      [0, 0, 0],
    ])
  })

  test.each<[string, Partial<PredictorOptions>]>([
    ['a GPU', { device: 'gpu:0' }],
    ['a GPU in float16', { device: 'gpu:1', precision: 'fp16', gpuMemoryMb: 500 }],
    ['TensorRT on a GPU', { device: 'gpu', tensorRt: { minSubgraphSize: 2 } }],
  ])('%s is an error', async (_, options) => {
    await expect(createPredictor({ model: characters, ...options })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message: noGpu,
    })
  })

  test.each<[string, (config: Config) => Config, string]>([
    ['TensorRT without a GPU', (config) => config.enableTensorrtEngine(), noLibrary],
    ['CUTLASS', (config) => config.expEnableUseCutlass(), noCutlass],
  ])('%s is an error, where paddle itself would ignore it', async (_, ask, message) => {
    await expect(createPredictor(ask(new Config(characters)))).rejects.toMatchObject({
      code: 'ENGINE_UNAVAILABLE',
      message,
    })
  })

  test('with `strict: false` each is a warning, and the predictor computes on the CPU', async () => {
    const config = new Config(nets.grow)
      .enableUseGpu(100, 0, 'Half')
      .enableLowPrecisionIo()
      .enableTensorrtEngine({ precisionMode: 'Half', useStatic: true })
      .enableTensorrtMemoryOptim()
      .setTrtDynamicShapeInfo({ x: [1, 1] }, { x: [8, 8] }, { x: [4, 4] })
      .expEnableUseCutlass()
    const warnings: PredictorWarning[] = []
    await using predictor = await createPredictor(config, {
      strict: false,
      onWarning: (warning) => void warnings.push(warning),
    })
    expect(warnings).toEqual([
      { code: 'DEVICE_UNAVAILABLE', message: noGpu },
      { code: 'ENGINE_UNAVAILABLE', message: noLibrary },
      { code: 'ENGINE_UNAVAILABLE', message: noCutlass },
    ])
    expect(predictor.info).toMatchObject({ device: 'cpu', tensorRt: false, precision: 'fp32' })
    const outputs = await predictor.run({ x: tensor('float32', [1, 2], new Float32Array([2, 3])) })
    expect(Object.values(outputs).map(({ shape, data }) => [shape, ...data.slice(0, 2)])).toEqual([
      [[1, 32], 2, 3],
    ])
  })

  test('TensorRT’s settings are recorded and read back; what requires a GPU stays off', async () => {
    const config = new Config(characters)
      .enableUseGpu(300, 1, 'Half')
      .enableTensorrtEngine({ workspaceSize: 2 ** 26, precisionMode: 'Int8' })
      .setTrtDynamicShapeInfo({ image: [1, 3, 32, 32] }, { image: [8, 3, 32, 32] }, { image: [4, 3, 32, 32] })
      .enableTensorrtVarseqlen()
      .setTensorrtOptimizationLevel(5)
      .enableTensorrtDla(1)
      .enableTensorrtInspector()
      .expDisableTensorrtOps(['pool2d'])
    expect({
      useGpu: await config.useGpu(),
      engine: await config.tensorrtEngineEnabled(),
      dynamicShape: await config.tensorrtDynamicShapeEnabled(),
      varseqlen: await config.tensorrtVarseqlenEnabled(),
      level: await config.tensorrtOptimizationLevel(),
      dla: await config.tensorrtDlaEnabled(),
      inspector: await config.tensorrtInspectorEnabled(),
    }).toEqual({
      useGpu: false,
      engine: false,
      dynamicShape: true,
      varseqlen: true,
      level: 5,
      dla: true,
      inspector: true,
    })
  })

  test('shapes are collected on the CPU, and used with TensorRT’s settings', async () => {
    const shapes = join(folder, 'shapes.pbtxt')
    const collecting = await createPredictor(new Config(nets.grow).collectShapeRangeInfo(shapes))
    for (const [rows, columns] of [
      [1, 6],
      [4, 2],
    ] as const) {
      await collecting.run({ x: tensor('float32', [rows, columns], new Float32Array(rows * columns)) })
    }
    await collecting.close()
    expect((await readFile(shapes, 'utf8')).replaceAll(/\s+/g, ' ')).toContain(
      'name: "x" min_shape: 1 min_shape: 2 max_shape: 4 max_shape: 6',
    )
    const tuned = new Config(nets.grow).enableTunedTensorrtDynamicShape(shapes, true)
    expect([
      await tuned.tunedTensorrtDynamicShape(),
      await tuned.shapeRangeInfoPath(),
      await tuned.trtAllowBuildAtRuntime(),
    ]).toEqual([true, shapes, true])
  })

  test.each(['fp16', 'bf16'] as const)(
    'converts every operator of the characters to %s',
    async (precision) => {
      const outputDir = join(folder, precision)
      const { operators, inputs } = await convertToMixedPrecision({ model: characters, outputDir, precision })
      expect(operators).toBe(31)
      expect(inputs).toEqual([{ name: 'image', dtype: 'float32', shape: [-1, 3, 32, 32] }])
      const name = precision === 'fp16' ? 'float16' : 'bfloat16'
      expect((await inspectModel(outputDir)).parameters).toEqual({
        tensors: 33,
        elements: 222_225,
        bytes: { [name]: 441_410, float32: 6080 },
      })
    },
  )

  test('classifies on the CPU with the same numbers as the CPU wheel', async () => {
    const pictures = join(root, 'images/characters')
    const images = readdirSync(pictures).map((name) => join(pictures, name))
    const classified = async (python: string) => {
      await using classifier = await ImageClassifier.load(characters, { python })
      const results = []
      for await (const { image, topK } of classifier.classify(images)) {
        results.push({ image, topK })
      }
      return results
    }
    const other = process.env['CPU_WHEEL_PYTHON']!
    const [ours, theirs] = [await classified(await testPython()), await classified(other)]
    expect(ours.map(({ image }) => image)).toEqual(images)
    expect(ours).toEqual(theirs)
    expect(await wheelVersion()).toBe('2.6.2')
  })
})
