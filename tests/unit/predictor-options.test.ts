import { describe, expect, test } from '@jest/globals'
import type { PredictorOptions } from '../../src/index.js'
import { toConfig } from '../../src/inference/index.js'

type Given = Omit<PredictorOptions, 'model'>

/** The calls that the options stand for, as one would write them. */
function callsOf(options: Given): string[] {
  return toConfig({ model: 'm', ...options }).calls.map(
    ({ name, args }) => `${name}(${args.map((argument) => JSON.stringify(argument)).join(', ')})`,
  )
}

describe('options as calls', () => {
  test.each<[Given, string[]]>([
    [{}, ['disableGpu()', 'enableMemoryOptim()']],
    [
      { cpuThreads: 3, oneDnn: false, irOptim: false, memoryOptim: false },
      ['disableGpu()', 'disableOnednn()', 'setCpuMathLibraryNumThreads(3)', 'switchIrOptim(false)'],
    ],
    [
      {
        oneDnn: { cacheCapacity: 1, ops: ['relu'], bf16Ops: ['conv2d'], fcPasses: false },
        precision: 'bf16',
      },
      [
        'disableGpu()',
        'enableOnednn()',
        'setOnednnCacheCapacity(1)',
        'setOnednnOp({"$set":["relu"]})',
        'disableOnednnFcPasses()',
        'enableOnednnBfloat16()',
        'setBfloat16Op({"$set":["conv2d"]})',
        'enableMemoryOptim()',
      ],
    ],
    [{ precision: 'int8' }, ['disableGpu()', 'enableOnednnInt8()', 'enableMemoryOptim()']],
    [
      { device: 'gpu:2', gpuMemoryMb: 500, precision: 'fp16' },
      ['enableUseGpu(500, 2, {"$precision":"Half"})', 'enableMemoryOptim()'],
    ],
    [
      {
        device: 'gpu',
        precision: 'int8',
        tensorRt: { maxBatchSize: 8, useStatic: true, optimizationLevel: 5 },
      },
      [
        'enableUseGpu(1000, 0)',
        'enableTensorrtEngine(1073741824, 8, 3, {"$precision":"Int8"}, true)',
        'setTensorrtOptimizationLevel(5)',
        'enableMemoryOptim()',
      ],
    ],
    [
      {
        device: 'gpu',
        tensorRt: {
          precision: 'fp16',
          dynamicShape: { min: { x: [1] }, max: { x: [8] }, optim: { x: [4] } },
          tunedShapes: { path: 'shapes.pbtxt', allowBuildAtRuntime: false },
          collectShapes: 'new.pbtxt',
          dla: 1,
          varseqlen: true,
          inspector: 'serialize',
          explicitQuantization: true,
          memorySharing: true,
          disableOps: ['relu'],
          markOutputs: ['y'],
        },
      },
      [
        'enableUseGpu(1000, 0)',
        'enableTensorrtEngine(1073741824, 1, 3, {"$precision":"Half"})',
        'setTrtDynamicShapeInfo({"$dict":{"x":[1]}}, {"$dict":{"x":[8]}}, {"$dict":{"x":[4]}})',
        'collectShapeRangeInfo("new.pbtxt")',
        'enableTunedTensorrtDynamicShape("shapes.pbtxt", false)',
        'enableTensorrtExplicitQuantization()',
        'enableTensorrtDla(1)',
        'enableTensorrtVarseqlen()',
        'enableTensorrtInspector(true)',
        'enableTensorrtMemoryOptim(true)',
        'expDisableTensorrtOps(["relu"])',
        'markTrtEngineOutputs(["y"])',
        'enableMemoryOptim()',
      ],
    ],
    [{ device: 'xpu:1', xpu: { l3Size: 5 } }, ['enableXpu(5)', 'setXpuDeviceId(1)', 'enableMemoryOptim()']],
    [{ device: 'ipu' }, ['enableIpu()', 'enableMemoryOptim()']],
    [
      { device: 'npu:0', precision: 'fp16' },
      ['enableCustomDevice("npu", 0, {"$precision":"Half"})', 'enableMemoryOptim()'],
    ],
    [
      { openVino: true, onnxRuntime: true, cinn: true, newIr: true, newExecutor: true, optimizationLevel: 1 },
      [
        'disableGpu()',
        'enableOnnxruntime()',
        'enableOpenvinoEngine({"$precision":"Float32"})',
        'enableCinn()',
        'enableNewIr(true)',
        'enableNewExecutor(true)',
        'setOptimizationLevel(1)',
        'enableMemoryOptim()',
      ],
    ],
    [
      {
        optimCacheDir: 'cache',
        profile: true,
        passes: {
          set: ['a'],
          delete: ['b'],
          insert: [{ index: 0, pass: 'c' }],
          append: ['d'],
          custom: ['e'],
        },
      },
      [
        'disableGpu()',
        'setOptimCacheDir("cache")',
        'enableMemoryOptim()',
        'enableProfile()',
        'passBuilder().setPasses(["a"])',
        'passBuilder().deletePass("b")',
        'passBuilder().insertPass(0, "c")',
        'passBuilder().appendPass("d")',
        'enableCustomPasses(["e"])',
      ],
    ],
  ])('%j', (options, calls) => {
    expect(callsOf(options)).toEqual(calls)
  })

  test('auto threads are a positive number', () => {
    expect(toConfig({ model: 'm', cpuThreads: 'auto' }).calls[1]?.args[0]).toBeGreaterThan(0)
  })

  test('a model in memory', () => {
    const model = { program: new Uint8Array(1) }
    expect(toConfig({ model }).model).toEqual(model)
  })
})

describe('options that cannot be used', () => {
  test.each<[Record<string, unknown>, Error]>([
    [
      { devise: 'cpu' },
      new TypeError(
        /^Unknown option `devise`\. Did you mean `device`\? The options are model, params, device, /.source,
      ),
    ],
    [
      { device: 'gpu:' },
      new RangeError(
        'Expected `cpu`, `gpu`, `gpu:N`, `xpu:N`, `ipu` or a plugin’s `NAME:N` for `device`, got `gpu:` (string).',
      ),
    ],
    [
      { device: 'cuda' },
      new RangeError(
        'Expected `cpu`, `gpu`, `gpu:N`, `xpu:N`, `ipu` or a plugin’s `NAME:N` for `device`, got `cuda` (string).',
      ),
    ],
    [
      { cpuThreads: 0 },
      new RangeError('Expected a positive integer or `auto` for `cpuThreads`, got `0` (number).'),
    ],
    [
      { cpuThreads: 'all' },
      new RangeError('Expected a positive integer or `auto` for `cpuThreads`, got `all` (string).'),
    ],
    [
      { oneDnn: 'off' },
      new RangeError('Expected `auto`, a boolean or an object of options for `oneDnn`, got `off` (string).'),
    ],
    [
      { oneDnn: { cache: 1 } },
      new TypeError(
        'Unknown option `oneDnn.cache`. Did you mean `oneDnn.cacheCapacity`? The options of `oneDnn` are cacheCapacity, ops, bf16Ops, int8Ops, fcPasses.',
      ),
    ],
    [
      { oneDnn: { cacheCapacity: -1 } },
      new RangeError('Expected a non-negative integer for `oneDnn.cacheCapacity`, got `-1` (number).'),
    ],
    [
      { precision: 'half' },
      new RangeError('Expected `fp32`, `fp16`, `bf16` or `int8` for `precision`, got `half` (string).'),
    ],
    [
      { precision: 'fp16' },
      new RangeError(
        'Expected one of `fp32`, `bf16`, `int8`, which the device `cpu` supports, for `precision`, got `fp16` (string).',
      ),
    ],
    [
      { oneDnn: { bf16Ops: ['conv2d'] } },
      new RangeError(
        'Expected `bf16`, which `oneDnn.bf16Ops` requires, for `precision`, got `fp32` (string).',
      ),
    ],
    [
      { precision: 'bf16', oneDnn: { int8Ops: ['conv2d'] } },
      new RangeError(
        'Expected `int8`, which `oneDnn.int8Ops` requires, for `precision`, got `bf16` (string).',
      ),
    ],
    [
      { precision: 'bf16', oneDnn: false },
      new RangeError(
        'Expected oneDNN, which the precision `bf16` requires on a CPU, for `oneDnn`, got `false` (boolean).',
      ),
    ],
    [
      { device: 'gpu', oneDnn: true },
      new RangeError(
        'Expected `auto` or `false`, as the device `gpu` does not support oneDNN, for `oneDnn`, got `true` (boolean).',
      ),
    ],
    [
      { tensorRt: true },
      new RangeError(
        'Expected `gpu` or `gpu:N`, which `tensorRt` requires, for `device`, got `cpu` (string).',
      ),
    ],
    [
      { device: 'gpu', precision: 'int8' },
      new RangeError(
        'Expected TensorRT, which the precision `int8` requires on a GPU, for `tensorRt`, got `false` (boolean).',
      ),
    ],
    [
      { device: 'gpu', tensorRt: { dynamicShape: { min: {} } } },
      new TypeError('Expected an object of shapes by name for `tensorRt.dynamicShape.max`, got undefined.'),
    ],
    [
      { device: 'gpu', tensorRt: 'yes' },
      new TypeError('Expected a boolean or an object of options for `tensorRt`, got `yes` (string).'),
    ],
    [
      { passes: { insert: [{ index: 0 }] } },
      new TypeError('Expected a string for `passes.insert[0].pass`, got undefined.'),
    ],
    [{ strict: 'no' }, new TypeError('Expected a boolean for `strict`, got `no` (string).')],
    [{ onWarning: true }, new TypeError('Expected a function for `onWarning`, got `true` (boolean).')],
    [{ params: '' }, new RangeError('Expected a string that is not empty for `params`, got `` (string).')],
  ])('%j', (options, error) => {
    const create = (): unknown => toConfig({ model: 'm', ...options })
    if (error.message.startsWith('^')) expect(create).toThrow(new RegExp(error.message))
    else expect(create).toThrow(error)
  })
})
