import { chmod, copyFile, cp, mkdir, rm, stat, truncate, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ndarray from 'ndarray'
import { createPredictor, tensor, type Feed, type Feeds, type Lod, type Predictor } from '../../src/index.js'
import { makeNets } from '../helpers/nets.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { makeFolder, shared } from '../helpers/shared.js'

const nets = shared(makeNets)
const folder = shared(makeFolder)

/** A copy of the network with parameters, for tests that damage it. */
async function copyOf(name: string, files: readonly string[]): Promise<string> {
  const copy = join(folder().path, name)
  await mkdir(copy)
  for (const file of files) await copyFile(join(nets().heavy, file), join(copy, file))
  return copy
}

describe('models that cannot be loaded', () => {
  test('no such folder', async () => {
    await expect(createPredictor({ model: `${folder().path}/none` })).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'MODEL_NOT_FOUND',
      message: `There is no model at ${folder().path}/none.\nCheck the path, or create one: paddle-ts export --save-inference-dir ${folder().path}/none`,
    })
  })

  test('a folder without a model', async () => {
    const empty = join(folder().path, 'readme-only')
    await mkdir(empty)
    await writeFile(join(empty, 'readme.md'), '')
    await expect(createPredictor({ model: empty })).rejects.toMatchObject({
      code: 'MODEL_NOT_FOUND',
      message: `No model in ${empty}: it contains readme.md, but no .pdmodel or .json.\nPass the folder of a model, or create one: paddle-ts export --save-inference-dir DIR`,
    })
  })

  test('a program without its parameters', async () => {
    const model = await copyOf('no-params', ['inference.pdmodel'])
    await expect(createPredictor({ model })).rejects.toMatchObject({
      code: 'MODEL_PARAMS_NOT_FOUND',
      message: `${model}/inference.pdmodel has 2 parameters, but there is no inference.pdiparams beside it.\nPut inference.pdiparams there, or export the model again.`,
    })
  })

  test.each([
    ['truncated in the middle', 2_000_000, 2],
    ['truncated by ten bytes', -10, 2],
    ['truncated in the first header', 5, 1],
    ['empty', 0, 1],
  ])('parameters that are %s', async (name, length, tensorNumber) => {
    const model = await copyOf(name, ['inference.pdmodel', 'inference.pdiparams'])
    const params = join(model, 'inference.pdiparams')
    const whole = 4_198_400 + 2 * 29 + 2 // Two tensors of float32 and their headers.
    const end = length < 0 ? whole + length : length
    await truncate(params, end)
    await expect(createPredictor({ model })).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
      message: `${params} is cut off: it ends at byte ${end}, inside tensor ${tensorNumber} of 2.\nCopy or export the model again.`,
    })
  })

  test('a truncated program', async () => {
    const model = await copyOf('half-program', ['inference.pdmodel', 'inference.pdiparams'])
    await truncate(join(model, 'inference.pdmodel'), 1000)
    await expect(createPredictor({ model })).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
      message: `${model}/inference.pdmodel is not a complete Paddle program.\nCopy or export the model again.`,
    })
  })

  test('a parameters file that does not exist', async () => {
    const model = `${nets().heavy}/inference.pdmodel`
    await expect(createPredictor({ model, params: `${folder().path}/none.pdiparams` })).rejects.toMatchObject(
      {
        code: 'MODEL_PARAMS_NOT_FOUND',
        message: `There is no parameters file at ${folder().path}/none.pdiparams.\nName the .pdiparams that belongs to ${model}.`,
      },
    )
  })

  test('a GPU on a wheel without CUDA', async () => {
    await expect(createPredictor({ model: nets().grow, device: 'gpu:0' })).rejects.toMatchObject({
      code: 'DEVICE_UNAVAILABLE',
      message:
        'A GPU was requested, but this paddle wheel is built without CUDA and would stay on the CPU.\n' +
        'Install a GPU wheel: paddle-ts setup --device auto, or leave the GPU out.',
    })
  })
})

describeReal('a model with separate parameter files', () => {
  const legacy = async (name: string): Promise<string> => {
    const copy = join(folder().path, name)
    await cp(join(realModels, 'face-detector-legacy'), copy, { recursive: true })
    await chmod(copy, 0o700)
    return copy
  }

  test('one of which is truncated', async () => {
    const model = await legacy('legacy-cut')
    const file = join(model, 'batch_norm_10.w_0')
    await chmod(file, 0o600)
    await chmod(file, 0o600)
    const { size } = await stat(file)
    await truncate(file, size - 40)
    await expect(createPredictor({ model })).rejects.toMatchObject({
      code: 'MODEL_LOAD_FAILED',
      message: `${file} is cut off: it ends at byte ${size - 40}, inside tensor 1 of 1.\nCopy or export the model again.`,
    })
  })

  test('one of which is missing', async () => {
    const model = await legacy('legacy-missing')
    await rm(join(model, 'batch_norm_10.w_0'))
    await expect(createPredictor({ model })).rejects.toMatchObject({
      code: 'MODEL_PARAMS_NOT_FOUND',
      message: `${model} does not contain batch_norm_10.w_0, the file of a parameter of its program.\nCopy or export the model again.`,
    })
  })
})

describe('invalid options', () => {
  test.each([
    [
      { model: 'm', cpuThreads: 0 },
      'RangeError',
      'Expected a positive integer or `auto` for `cpuThreads`, got `0` (number).',
    ],
    [
      { model: 'm', device: 'tpu' },
      'RangeError',
      'Expected `cpu`, `gpu`, `gpu:N`, `xpu:N`, `ipu` or a plugin’s `NAME:N` for `device`, got `tpu` (string).',
    ],
    [{ model: 7 }, 'TypeError', 'Expected the path of a model for `model`, got `7` (number).'],
    [undefined, 'TypeError', 'Expected a Config or an options object for `options`, got undefined.'],
    [
      { model: 'm', treads: 2 },
      'TypeError',
      'Unknown option `treads`. The options are model, params, device, gpuMemoryMb, xpu, oneDnn, precision, cpuThreads, tensorRt, ' +
        'onnxRuntime, openVino, cinn, irOptim, newIr, newExecutor, optimizationLevel, optimCacheDir, memoryOptim, profile, passes, ' +
        'python, signal, timeoutMs, strict, strictShapes, onWarning, prepare.',
    ],
    [
      { model: 'm', timeoutMs: -1 },
      'RangeError',
      'Expected a positive number for `timeoutMs`, got `-1` (number).',
    ],
  ])('%j', async (options, name, message) => {
    await expect(createPredictor(options as never)).rejects.toMatchObject({ name, message })
  })
})

describe('feeds that do not fit', () => {
  let predictor: Predictor
  beforeAll(async () => {
    predictor = await createPredictor({ model: nets().twoInTwoOut })
  })
  afterAll(() => predictor.close())

  const x = tensor('float32', [1, 3], new Float32Array(3))
  const n = tensor('int64', [1], new BigInt64Array(1))

  test.each<[string, unknown, string, string]>([
    ['unknown name', { x, n, y: x }, 'TypeError', 'No input `y`: the model’s inputs are `x`, `n`.'],
    ['missing', { x }, 'TypeError', 'Input `n` is missing: the model needs `x`, `n`.'],
    [
      'dtype',
      { x: n, n },
      'TypeError',
      'Input `x` expects float32 [-1,3] (2 dimensions), got int64 [1] (1).',
    ],
    [
      'dtype of the right rank',
      { x: { dtype: 'int64', shape: [1, 3], data: new BigInt64Array(3) }, n },
      'TypeError',
      'Input `x` expects float32 [-1,3], got int64 [1,3].',
    ],
    [
      'rank',
      { x: { dtype: 'float32', shape: [1, 1, 3], data: new Float32Array(3) }, n },
      'TypeError',
      'Input `x` expects float32 [-1,3] (2 dimensions), got float32 [1,1,3] (3).',
    ],
    [
      'element count',
      { x: { dtype: 'float32', shape: [2, 3], data: new Float32Array(5) }, n },
      'RangeError',
      'Expected 6 elements for `x.data` of shape [2,3], got 5.',
    ],
    [
      'array type',
      { x: { dtype: 'float32', shape: [1, 3], data: new Float64Array(3) }, n },
      'TypeError',
      'Expected a Float32Array (float32) for `x.data`, got an object (Float64Array).',
    ],
    [
      'negative dimension',
      { x: { dtype: 'float32', shape: [-1, 3], data: new Float32Array(3) }, n },
      'RangeError',
      'Expected a non-negative integer for `x.shape[0]`, got `-1` (number).',
    ],
    [
      'unknown dtype',
      { x: { dtype: 'float', shape: [1, 3], data: new Float32Array(3) }, n },
      'TypeError',
      'Expected one of float64, float32, float16, bfloat16, int64, int32, int8, uint8, bool for `x.dtype`, got `float` (string).',
    ],
    [
      'not a tensor',
      { x: 'three', n },
      'TypeError',
      'Expected a tensor { dtype, shape, data }, an ndarray, nested arrays or { dtype, shape, write } for `x`, got `three` (string).',
    ],
    [
      'a scalar',
      { x: 3, n },
      'TypeError',
      'Input `x` expects float32 [-1,3] (2 dimensions), got float32 [] (0).',
    ],
    [
      'nested arrays of another rank',
      { x: [1, 2, 3], n },
      'TypeError',
      'Input `x` expects float32 [-1,3] (2 dimensions), got float32 [3] (1).',
    ],
    [
      'ragged arrays',
      { x: [[1, 2, 3], [4]], n },
      'RangeError',
      'Expected 3 elements in `x[1]`, as in its sibling arrays, got 1.',
    ],
    [
      'a number that is none',
      { x: [[1, 2, '3']], n },
      'TypeError',
      'Expected a number for `x[0][2]`, got `3` (string).',
    ],
    [
      'an unsafe integer',
      { x, n: [2 ** 53] },
      'RangeError',
      'Expected a bigint or a safe integer for `n[0]`, got `9007199254740992` (number).',
    ],
    [
      'int64 from floats',
      { x, n: { dtype: 'int64', shape: [1], data: new Float64Array(1) } },
      'TypeError',
      'Expected a BigInt64Array (int64) for `n.data`, got an object (Float64Array).',
    ],
  ])('%s', async (_, feeds, name, message) => {
    await expect(predictor.run(feeds as Feeds)).rejects.toMatchObject({
      name,
      message: message.replace('’', "'"),
    })
  })

  test.each<[string, Feed, string]>([
    [
      'dtype that paddle silently promotes',
      { dtype: 'int16', shape: [1], data: new Int16Array(1) } as never,
      '`n.dtype` is int16, which paddle does not accept: it would silently convert it to int32.\nFeed it as int32 (an Int32Array).',
    ],
    [
      'typed array without a dtype',
      ndarray(new Uint32Array(1), [1]),
      '`n.data` is uint32, which paddle does not accept: it would silently convert it to int64.\nFeed it as int64 (a BigInt64Array).',
    ],
    [
      'complex tensor',
      { dtype: 'complex64', shape: [1], data: new Float32Array(2) } as never,
      '`n.dtype` is complex64, which paddle does not accept.\nFeed it as two tensors, its real and its imaginary part.',
    ],
  ])('a %s', async (_, wrong, message) => {
    await expect(predictor.run({ x, n: wrong })).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'DTYPE_UNSUPPORTED',
      message,
    })
  })

  test.each<[string, Lod, string]>([
    ['that ends too late', [[0, 100]], '0 to 1 for `x.lod[0]`, got [0,100]'],
    ['that starts too late', [[1, 1]], '0 to 1 for `x.lod[0]`, got [1,1]'],
    ['that decreases', [[0, 1, 0, 1]], '0 to 1 for `x.lod[0]`, got [0,1,0,1]'],
    [
      'of two levels that do not fit',
      [
        [0, 2],
        [0, 1],
      ],
      '0 to 1 for `x.lod[0]`, got [0,2]',
    ],
  ])('a LoD %s', async (_, lod, message) => {
    await expect(predictor.run({ x: { ...x, lod }, n })).rejects.toMatchObject({
      name: 'RangeError',
      message: `Expected non-decreasing offsets from ${message}.`,
    })
  })

  test('a writer whose promise is rejected', async () => {
    const write = (): Promise<void> => Promise.reject(new Error('no pixels'))
    await expect(predictor.run({ x: { dtype: 'float32', shape: [1, 3], write }, n })).rejects.toThrow(
      new Error('no pixels'),
    )
  })

  test('an unknown option', async () => {
    await expect(predictor.run({ x, n }, { timeout: 5 } as never)).rejects.toMatchObject({
      name: 'TypeError',
      message:
        'Unknown option `timeout`. Did you mean `timeoutMs`? The options are signal, timeoutMs, fetch.',
    })
  })

  test('an unknown handle', () => {
    expect(() => predictor.getInputHandle('y')).toThrow(
      new TypeError("No input `y`: the model's inputs are `x`, `n`."),
    )
  })

  test('run() before copyFromCpu()', async () => {
    await expect(predictor.run()).rejects.toMatchObject({
      name: 'TypeError',
      message: 'Input `x` has no data: call copyFromCpu on its handle before run().',
    })
  })

  test('shapes that paddle rejects are reported with its reason, and the next run works', async () => {
    const two = tensor('int64', [2], new BigInt64Array(2))
    const wrong = tensor('float32', [3, 3], new Float32Array(9))
    const failure: unknown = await predictor.run({ x: wrong, n: two }).catch((error: unknown) => error)
    expect(failure).toMatchObject({ name: 'PaddleError', code: 'RUN_FAILED' })
    expect((failure as Error).message).toMatch(
      /^Paddle could not run .*two-in-two-out\/inference\.pdmodel: \w+Error: \(InvalidArgument\) Broadcast dimension mismatch\./,
    )
    expect((failure as Error).message).toMatch(
      /\nIt was fed: `x` float32 \[3,3\], declared \[-1,3\]; `n` int64 \[2\], declared \[-1\]\.$/,
    )
    await expect(predictor.run({ x, n })).resolves.toHaveProperty([predictor.getOutputNames()[0]!])
  })
})

test('a crash reports the last lines of the output and advice', async () => {
  await using predictor = await createPredictor({ model: nets().heavy, oneDnn: true })
  const write = (): void => {
    setTimeout(() => process.kill(predictor.info.pid!, 'SIGSEGV'), 100)
  }
  const running = predictor.run({ x: { dtype: 'float32', shape: [512, 1024], write } })
  const failure: unknown = await running.catch((error: unknown) => error)
  expect(failure).toMatchObject({ code: 'WORKER_DIED' })
  const { message } = failure as Error
  expect(message).toMatch(
    /^The worker died with SIGSEGV during `run` \(.*, oneDNN on\)\. Last lines of its output:\nFatal Python error: Segmentation fault\n/,
  )
  expect(message).toMatch(/\n {2}File ".*paddle_worker\/predictor\.py", line \d+ in run\n/)
  expect(message).toMatch(/\nTry it without oneDNN: `oneDnn: false`, or disableOnednn\(\) of the Config\.$/)
})
