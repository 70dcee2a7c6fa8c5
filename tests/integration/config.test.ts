import { beforeAll, describe, expect, test } from '@jest/globals'
import { Config, InternalUtils } from '../../src/index.js'
import { Config as WholeConfig, subjects } from '../../src/inference/config/config.js'
import { cpuMethods } from '../../src/inference/config/cpu.js'
import type { MethodSpec } from '../../src/inference/config/define-methods.js'
import { internalUtils } from '../../src/inference/config/internal-utils.js'
import { nativeMethods, wheels } from '../../src/inference/config/native-methods.js'
import { passBuilderMethods } from '../../src/inference/config/pass-builder.js'
import { nnadapterMethods, quantizerConfigMethods } from '../../src/inference/config/quantizer.js'
import { runPython } from '../helpers/python.js'

interface Native {
  readonly paddle: string
  readonly methods: Readonly<Record<string, string>>
}

let wheel: Native

beforeAll(async () => {
  wheel = JSON.parse(await runPython('native_methods.py')) as Native
})

const tables: Readonly<Record<string, MethodSpec>>[] = [
  ...Object.values(subjects),
  passBuilderMethods,
  nnadapterMethods,
  quantizerConfigMethods,
  internalUtils,
]
const specs: MethodSpec[] = tables.flatMap((table) => Object.values(table))

/**
 * Methods that are not plain calls, with their replacements. `dist_config()` returns a plain object instead
 * of getters and setters.
 */
const apart = [
  'model_from_memory',
  'nnadapter',
  'pass_builder',
  'quantizer_config',
  'set_model',
  'set_model_buffer',
  'set_params_file',
  'set_prog_file',
]

describe('the methods of the wheel', () => {
  test('are all available', () => {
    const here = new Set<string>([...specs.flatMap(({ methods }) => methods), ...apart])
    const missing = Object.keys(wheel.methods).filter(
      (name) => !here.has(name) && !name.startsWith('dist_config.'),
    )
    expect(missing).toEqual([])
  })

  test('match the table for its version', () => {
    expect(wheels).toContain(wheel.paddle)
    const written = Object.entries(nativeMethods).filter(([, versions]) =>
      (versions as readonly string[]).includes(wheel.paddle),
    )
    expect(Object.keys(wheel.methods).sort()).toEqual(written.map(([name]) => name).sort())
  })

  test('have paddle’s names', () => {
    for (const name of Object.keys(wheel.methods).filter((method) => !method.includes('.'))) {
      const camel = name.replace(/_(\w)/g, (_, letter: string) => letter.toUpperCase())
      expect([camel, typeof Reflect.get(WholeConfig.prototype, camel)]).toEqual([camel, 'function'])
    }
  })

  test('take the same number of arguments', () => {
    for (const spec of specs.filter(({ kind }) => kind === 'set')) {
      const [method] = spec.methods.filter((name) => name in wheel.methods)
      if (method === undefined || spec.kind !== 'set') continue
      const [, given = ''] = /\((.*)\) ->/.exec(wheel.methods[method] ?? '') ?? []
      const taken = given.match(/\w+: (?!\d)/g)?.filter((name) => name !== 'self: ') ?? []
      // A function takes the Config as its first argument, and switch_ir_debug of 2.6 takes no passes.
      const others = method.startsWith('InternalUtils.') ? 1 : 0
      const fewer = method === 'switch_ir_debug' && wheel.paddle.startsWith('2.') ? 1 : 0
      expect([method, taken.length - others]).toEqual([method, spec.params.length - fewer])
    }
  })
})

const isTwo = (): boolean => wheel.paddle.startsWith('2.')

describe('reads', () => {
  test('return the values at their place in the record, all from one process', async () => {
    const config = new Config()
    const reads = [config.cpuMathLibraryNumThreads(), config.irOptim(), config.onednnEnabled()]
    config.setCpuMathLibraryNumThreads(3).switchIrOptim(false).disableMkldnn()
    reads.push(config.cpuMathLibraryNumThreads(), config.irOptim(), config.mkldnnEnabled())
    config
      .enableOnednn()
      .enableMkldnnInt8(new Set(['conv2d']))
      .setTensorrtOptimizationLevel(5)
    reads.push(config.onednnEnabled(), config.onednnInt8Enabled(), config.tensorrtOptimizationLevel())
    expect(await Promise.all<unknown>(reads)).toEqual([1, true, true, 3, false, false, true, true, 5])
  })

  test('both names of renamed methods', async () => {
    const config = new Config().setMkldnnCacheCapacity(7)
    const before = config.summary()
    config.setOnednnCacheCapacity(8).enableMemoryOptim().switchIrDebug()
    const [first, second] = await Promise.all([before, config.summary()])
    expect(first).toMatch(/^\| mkldnn_cache_capacity +\| 7 +\|$/m)
    expect(second).toMatch(/^\| mkldnn_cache_capacity +\| 8 +\|$/m)
    expect(second).toMatch(/^\| memory_optim +\| true +\|$/m)
    expect(second).toMatch(/^\| ir_debug +\| true +\|$/m)
  })

  test('passes', async () => {
    const config = new Config()
    const passes = config.passBuilder()
    const before = passes.allPasses()
    passes.deletePass('fc_fuse_pass').insertPass(0, 'is_test_pass').appendPass('fc_fuse_pass')
    const edited = passes.allPasses()
    passes.setPasses(['fc_fuse_pass', 'is_test_pass'])
    passes.deletePass('fc_fuse_pass').appendAnalysisPass('ir_graph_build_pass')
    const [all, changed, set, analysis, debug] = await Promise.all([
      before,
      edited,
      passes.allPasses(),
      passes.analysisPasses(),
      passes.debugString(),
    ])
    expect(all).toContain('fc_fuse_pass')
    expect(changed).toEqual([
      'is_test_pass',
      ...all.filter((pass) => pass !== 'fc_fuse_pass'),
      'fc_fuse_pass',
    ])
    expect(set).toEqual(['is_test_pass'])
    expect(analysis.filter((pass) => pass === 'ir_graph_build_pass')).toHaveLength(2)
    expect(debug).toContain('- is_test_pass')
  })

  test('objects and strings', async () => {
    const config = new Config()
      .setTrtDynamicShapeInfo({ x: [1, 3] }, { x: [8, 3] }, { x: [4, 3] })
      .collectShapeRangeInfo('shapes.pbtxt')
    InternalUtils.setTransformerPosid(config, 'positions')
    InternalUtils.setTransformerMaskid(config, 'mask')
    InternalUtils.disableTensorrtHalfOps(config, ['softmax'])
    const [native, xpu, precision, shapes, path, dynamic] = await Promise.all([
      config.toNativeConfig(),
      config.xpuConfig(),
      config.tensorrtPrecisionMode(),
      config.shapeRangeInfoCollected(),
      config.shapeRangeInfoPath(),
      config.tensorrtDynamicShapeEnabled(),
    ])
    expect(native).toMatchObject({ useGpu: false, progFile: '', cpuMathLibraryNumThreads: 1 })
    expect(xpu).toMatchObject({
      deviceId: 0,
      quantPostDynamicOpTypes: [],
      quantPostStaticGeluOutThreshold: 10,
    })
    expect([precision, shapes, path, dynamic]).toEqual(['Float32', true, 'shapes.pbtxt', true])
  })

  test('settings that the wheel does not support are read as paddle reports them', async () => {
    const config = new Config().enableUseGpu(100).enableXpu({ l3Size: 5 }).setXpuDeviceId(1)
    const trt = config.enableTensorrtEngine({ maxBatchSize: 8 }).tensorrtEngineEnabled()
    expect(await Promise.all([config.useGpu(), config.useXpu(), trt])).toEqual([false, false, false])
  })

  test('the model’s files', async () => {
    const config = new Config().setModelBuffer(new Uint8Array(1))
    expect(await config.modelFromMemory()).toBe(true)
    const missing = new Config('no-such-model')
    expect(await missing.modelFromMemory()).toBe(false)
    await expect(missing.progFile()).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
  })
})

describe('a method that a version does not have', () => {
  test('is reported with the versions that have it', async () => {
    const [config, message] = isTwo()
      ? [
          new Config().enableNewIr(),
          '`enableNewIr` cannot be used: paddle 2.6.2 has no enable_new_ir(); paddle 3.2.2 and 3.3.1 have it.\n' +
            'Install one of them: paddle-ts setup --paddle-version 3.3.1, or leave it out.',
        ]
      : [
          new Config().enableDlnne(),
          `\`enableDlnne\` cannot be used: paddle ${wheel.paddle} has no enable_dlnne(); paddle 2.6.2 has it.\n` +
            'Install that one: paddle-ts setup --paddle-version 2.6.2, or leave it out.',
        ]
    await expect(config.irOptim()).rejects.toMatchObject({ code: 'CONFIG_UNSUPPORTED', message })
  })

  test('may be a getter, or a method of a nested object', async () => {
    const read = isTwo() ? new Config().newIrEnabled() : new Config().nnadapter().enable()
    const asked = read instanceof Promise ? read : undefined
    if (asked) {
      await expect(asked).rejects.toMatchObject({
        code: 'CONFIG_UNSUPPORTED',
        message:
          '`newIrEnabled` cannot be used: paddle 2.6.2 has no new_ir_enabled(); paddle 3.2.2 and 3.3.1 have it.\n' +
          'Install one of them: paddle-ts setup --paddle-version 3.3.1, or leave it out.',
      })
      return
    }
    const config = new Config()
    config.nnadapter().enable()
    await expect(config.summary()).rejects.toMatchObject({
      code: 'CONFIG_UNSUPPORTED',
      message:
        `\`nnadapter().enable\` cannot be used: paddle ${wheel.paddle} has no nnadapter().enable(); paddle 2.6.2 has it.\n` +
        'Install that one: paddle-ts setup --paddle-version 2.6.2, or leave it out.',
    })
  })

  test('arguments of newer versions', async () => {
    const read = new Config().switchIrDebug(true, ['fc_fuse_pass']).summary()
    if (!isTwo()) expect(await read).toMatch(/^\| ir_debug +\| true +\|$/m)
    else {
      await expect(read).rejects.toMatchObject({
        code: 'CONFIG_UNSUPPORTED',
        message:
          '`switchIrDebug(true, ["fc_fuse_pass"])` cannot be used: switch_ir_debug() of paddle 2.6.2 does not accept these arguments.\n' +
          'Omit those that the documentation marks as newer, or get a newer wheel: paddle-ts setup --paddle-version 3.3.1',
      })
    }
  })
})

describe('a call that paddle rejects', () => {
  test('is reported with paddle’s reason', async () => {
    await expect(new Config().loadIpuConfig('none.json').irOptim()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'Paddle rejected `loadIpuConfig("none.json")`: (NotFound) Cannot open file none.json, please confirm whether the file is normal.\n' +
        'Correct it, or leave it out.',
    })
  })

  test('an index that would crash paddle is not passed on', async () => {
    const config = new Config()
    config.passBuilder().setPasses(['is_test_pass']).insertPass(9, 'fc_fuse_pass')
    await expect(config.irOptim()).rejects.toMatchObject({
      code: 'CONFIG_INVALID',
      message:
        'Paddle rejected `passBuilder().insertPass(9, "fc_fuse_pass")`: there is 1 pass, so the index must be from 0 to 1.\n' +
        'Correct it, or leave it out.',
    })
  })
})

test('2.6 only: the distributed model, Paddle Lite, the quantiser', async () => {
  expect(Object.keys(cpuMethods)).toContain('enableQuantizer')
  if (!isTwo()) return
  const config = new Config().setDistConfig({
    nranks: 2,
    rank: 1,
    trainerEndpoints: ['a:1', 'b:2'],
    currentEndpoint: 'b:2',
  })
  config.nnadapter().setDeviceNames(['npu']).enable()
  config
    .enableQuantizer()
    .quantizerConfig()
    .setQuantBatchSize(1)
    .setEnabledOpTypes(['conv2d'])
    .setQuantData([{ name: 'x', dtype: 'float32', shape: [2], data: new Float32Array(2) }])
  expect(await config.distConfig()).toEqual({
    useDistModel: false,
    nranks: 2,
    rank: 1,
    trainerEndpoints: ['a:1', 'b:2'],
    currentEndpoint: 'b:2',
    carrierId: 'inference',
    commInitConfig: '',
  })
})
