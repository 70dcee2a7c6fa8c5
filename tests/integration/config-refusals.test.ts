import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  Config,
  createPredictor,
  tensor,
  type PredictorOptions,
  type PredictorWarning,
} from '../../src/index.js'
import { computesBfloat16, cpuThat, withBfloat16 } from '../helpers/bfloat16-cpu.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { wheelVersion } from '../helpers/wheel.js'

let nets: Nets
let model: string
let isTwo: boolean

beforeAll(async () => {
  nets = await makeNets()
  model = nets.grow
  isTwo = (await wheelVersion()).startsWith('2.')
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

const gpuWheel = 'Install a GPU wheel: paddle-ts setup --device auto, or leave'
const otherWheel = (engine: string, option: string): string =>
  `${engine} was requested, but this paddle wheel is built without it.\n` +
  `Name a Python whose paddle was built with ${option}=ON (PADDLE_TS_PYTHON), or leave ${engine} out.`

const noGpu = `A GPU was requested, but this paddle wheel is built without CUDA and would stay on the CPU.\n${gpuWheel} the GPU out.`

/** The error of each call on a CPU wheel. */
const asked: [(config: Config) => Config, string, string][] = [
  [(config) => config.enableUseGpu(100, 1, 'Half').enableLowPrecisionIo(), 'DEVICE_UNAVAILABLE', noGpu],
  [
    (config) => config.enableTensorrtEngine({ precisionMode: 'Half' }).enableTensorrtMemoryOptim(),
    'ENGINE_UNAVAILABLE',
    'TensorRT was requested, but this paddle wheel is built without it.\n' +
      'Install a wheel that has it: paddle-ts setup --device gpu --paddle-version 2.6.2, or leave TensorRT out.',
  ],
  [
    (config) => config.enableXpu().setXpuDeviceId(0).setXpuConfig({ l3Size: 5 }),
    'DEVICE_UNAVAILABLE',
    'An XPU was requested, but this paddle wheel is built without XPU and would stay on the CPU.\n' +
      'Name a Python that has a wheel for XPU (PADDLE_TS_PYTHON), or leave the XPU out.',
  ],
  [
    (config) => config.enableIpu(),
    'DEVICE_UNAVAILABLE',
    'An IPU was requested, but this paddle wheel is built without IPU and would stay on the CPU.\n' +
      'Name a Python that has a wheel for IPU (PADDLE_TS_PYTHON), or leave the IPU out.',
  ],
  [
    // Paddle itself would crash.
    (config) => config.enableCustomDevice('npu'),
    'DEVICE_UNAVAILABLE',
    'The device npu was requested, but paddle has no plugin for it: it has no plugins.\n' +
      'Install the plugin of npu beside paddle, or leave the device out.',
  ],
  [
    (config) => config.enableOnnxruntime(),
    'ENGINE_UNAVAILABLE',
    otherWheel('ONNX Runtime', 'WITH_ONNXRUNTIME'),
  ],
  [
    (config) => config.expEnableUseCutlass(),
    'ENGINE_UNAVAILABLE',
    `CUTLASS was requested, but this paddle wheel is built without CUDA.\n${gpuWheel} CUTLASS out.`,
  ],
]

describe('on a CPU wheel', () => {
  test.each<[string, Partial<PredictorOptions>]>([['a GPU', { device: 'gpu:1', precision: 'fp16' }]])(
    '%s is an error',
    async (_, options) => {
      await expect(createPredictor({ model, ...options })).rejects.toMatchObject({
        code: 'DEVICE_UNAVAILABLE',
        message: noGpu,
      })
    },
  )

  // The wheel that has it also has the GPU; not every wheel that has the GPU has it.
  test('of TensorRT and a GPU, TensorRT is the error', async () => {
    const creating = createPredictor({ model, device: 'gpu', tensorRt: { collectShapes: 'shapes.txt' } })
    const [, code, message] = asked[1]!
    await expect(creating).rejects.toMatchObject({ code, message })
  })

  test('with `strict: false` each is a warning, and the predictor runs without it', async () => {
    const warnings: PredictorWarning[] = []
    const config = new Config(model)
    for (const [ask] of asked) ask(config)
    await using predictor = await createPredictor(config, {
      strict: false,
      onWarning: (warning) => void warnings.push(warning),
    })
    expect(warnings).toEqual(asked.map(([, code, message]) => ({ code, message })))
    expect(predictor.info).toMatchObject({ device: 'cpu', tensorRt: false, precision: 'fp32' })
    const outputs = await predictor.run({ x: tensor('float32', [1, 1], new Float32Array([2])) })
    expect(Object.values(outputs)[0]?.shape).toEqual([1, 16])
  })

  test('CINN', async () => {
    await expect(createPredictor({ model, cinn: true })).rejects.toMatchObject(
      isTwo
        ? {
            code: 'CONFIG_UNSUPPORTED',
            message:
              '`enableCinn` cannot be used: paddle 2.6.2 has no enable_cinn(); paddle 3.2.2 and 3.3.1 have it.\n' +
              'Install one of them: paddle-ts setup --paddle-version 3.3.1, or leave it out.',
          }
        : { code: 'ENGINE_UNAVAILABLE', message: otherWheel('CINN', 'WITH_CINN') },
    )
  })

  test('a call that a later one undoes is not reported', async () => {
    const config = new Config(model).enableUseGpu(100).disableGpu().enableOnnxruntime().disableOnnxruntime()
    await using predictor = await createPredictor(config)
    expect(predictor.info.device).toBe('cpu')
  })
})

describe('precisions of a CPU', () => {
  test('bf16, on a CPU that has it, or that paddle takes for one that has it', async () => {
    await using predictor = await createPredictor({ model, precision: 'bf16', ...withBfloat16 })
    expect(predictor.info.precision).toBe(computesBfloat16 ? 'bf16' : 'fp32')
  })

  test.each([
    ['simulates_it', 'would only simulate it, slower than fp32'],
    ['lacks_it', 'would compute in fp32'],
  ] as const)('bf16, on a CPU that by a stand-in for paddle’s look at it %s', async (says, does) => {
    const message =
      `bf16 was requested, but this CPU has neither avx512_bf16 nor amx_bf16: paddle ${does}.\n` +
      'Use a CPU that has one (Intel from Cooper Lake and Sapphire Rapids, AMD from Zen 4), or leave bf16 out.'
    const warnings: PredictorWarning[] = []
    const onWarning = (warning: PredictorWarning): void => void warnings.push(warning)
    const options = { model, precision: 'bf16', prepare: cpuThat(says), onWarning } as const
    await expect(createPredictor(options)).rejects.toMatchObject({ code: 'PRECISION_UNAVAILABLE', message })
    await using predictor = await createPredictor({ ...options, strict: false })
    expect(predictor.info.precision).toBe(says === 'simulates_it' ? 'bf16' : 'fp32')
    expect(warnings).toEqual([{ code: 'PRECISION_UNAVAILABLE', message }])
  })

  test('are not available without oneDNN', async () => {
    const [bf16, int8] = [new Config(model).disableOnednn(), new Config(model).disableMkldnn()]
    await expect(createPredictor(bf16.enableOnednnBfloat16())).rejects.toMatchObject({
      code: 'PRECISION_UNAVAILABLE',
      message:
        'bf16 was requested, but oneDNN, which bf16 requires on a CPU, is off.\nLeave oneDNN on, or bf16 out.',
    })
    await expect(createPredictor(int8.enableMkldnnInt8())).rejects.toMatchObject({
      code: 'PRECISION_UNAVAILABLE',
      message:
        'int8 was requested, but oneDNN, which int8 requires on a CPU, is off.\nLeave oneDNN on, or int8 out.',
    })
  })
})

describe('the state that is read back', () => {
  test('of requested settings', async () => {
    await using predictor = await createPredictor({
      model,
      cpuThreads: 2,
      precision: 'int8',
      irOptim: true,
      memoryOptim: false,
    })
    expect(predictor.info).toMatchObject({
      device: 'cpu',
      oneDnn: true,
      oneDnnInt8: true,
      tensorRt: false,
      openVino: false,
      precision: 'int8',
      irOptim: true,
      newIr: false,
      memoryOptim: false,
      cpuThreads: 2,
    })
  })

  test('of the defaults', async () => {
    await using predictor = await createPredictor({ model, oneDnn: false, irOptim: false })
    expect(predictor.info).toMatchObject({
      oneDnn: false,
      oneDnnInt8: false,
      precision: 'fp32',
      irOptim: false,
      memoryOptim: true,
      cpuThreads: 1,
    })
  })

  test('of OpenVINO, which the CPU wheels of Paddle 3 have', async () => {
    const created = createPredictor({
      model: nets.heavy,
      openVino: true,
      optimCacheDir: `${nets.heavy}/cache`,
    })
    if (isTwo) {
      await expect(created).rejects.toMatchObject({ code: 'CONFIG_UNSUPPORTED' })
      return
    }
    await using predictor = await created
    expect(predictor.info).toMatchObject({ device: 'cpu', openVino: true, oneDnn: false })
    await using plain = await createPredictor({ model: nets.heavy })
    const feeds = { x: tensor('float32', [2, 1024], new Float32Array(2048).fill(0.5)) }
    const [got, expected] = (await Promise.all([predictor.run(feeds), plain.run(feeds)])).map(
      (outputs) => Object.values(outputs)[0]!.data as Float32Array,
    )
    for (const [index, value] of expected!.entries()) expect(got![index]).toBeCloseTo(value, 6)
  })
})

test('passes that paddle would silently drop, and an unknown pass', async () => {
  const passes = { append: ['no_such_pass'] }
  await expect(createPredictor({ model, oneDnn: false, passes })).rejects.toMatchObject({
    code: 'CONFIG_UNSUPPORTED',
    message:
      '`passBuilder().appendPass` would have no effect: without oneDNN, paddle rebuilds its list of passes when it creates the predictor.\n' +
      'Leave oneDNN on, or only delete passes.',
  })
  // oneDNN is not the cause: running without it would only hide the error.
  await expect(createPredictor({ model, passes })).rejects.toMatchObject({
    code: 'MODEL_LOAD_FAILED',
    message: expect.stringMatching(
      /Pass no_such_pass has not been registered[^]*\nTry it without passBuilder\(\)\.appendPass, or export/,
    ),
  })
})
