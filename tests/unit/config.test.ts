import { describe, expect, test } from '@jest/globals'
import { Config, InternalUtils, PrecisionType } from '../../src/index.js'
import { subjects } from '../../src/inference/config/config.js'
import { passBuilderMethods } from '../../src/inference/config/pass-builder.js'
import { dtypeNames } from '../../src/tensor/index.js'

const last = (config: Config) => config.calls.at(-1)

describe('the record', () => {
  test('has a call as it was written, paddle’s names of it, and the wheels that have it', () => {
    expect(new Config().enableMkldnn().calls).toEqual([
      {
        name: 'enableMkldnn',
        methods: ['enable_onednn', 'enable_mkldnn'],
        args: [],
        versions: 'paddle 2.6.2, 3.2.2 and 3.3.1',
      },
    ])
    expect(last(new Config().enableNewIr())?.versions).toBe('paddle 3.2.2 and 3.3.1')
    expect(last(new Config().enableDlnne())?.versions).toBe('paddle 2.6.2')
  })

  test('is of what passBuilder() and InternalUtils set too', () => {
    const config = new Config()
    config.passBuilder().appendPass('a').insertPass(1, 'b')
    InternalUtils.setTransformerPosid(config, 'positions')
    expect(config.calls.map(({ name, methods, args }) => [name, methods, args])).toEqual([
      ['passBuilder().appendPass', ['pass_builder.append_pass'], ['a']],
      ['passBuilder().insertPass', ['pass_builder.insert_pass'], [1, 'b']],
      ['InternalUtils.setTransformerPosid', ['InternalUtils.set_transformer_posid'], ['positions']],
    ])
  })

  test('leaves to paddle what is left out at the end, and fills in what is left out before', () => {
    expect(last(new Config().enableUseGpu(100))?.args).toEqual([100])
    expect(last(new Config().enableUseGpu(100, undefined, PrecisionType.Half))?.args).toEqual([
      100,
      0,
      { $precision: 'Half' },
    ])
  })

  test('takes many arguments by name or in paddle’s order', () => {
    const named = new Config().enableTensorrtEngine({ maxBatchSize: 8, precisionMode: 'Int8' })
    const ordered = new Config().enableTensorrtEngine(2 ** 30, 8, 3, 'Int8')
    expect(last(named)?.args).toEqual([2 ** 30, 8, 3, { $precision: 'Int8' }])
    expect(last(ordered)).toEqual(last(named))
  })

  test('tags sets and objects', () => {
    expect(last(new Config().setOnednnOp(new Set(['conv2d', 'relu'])))?.args).toEqual([
      { $set: ['conv2d', 'relu'] },
    ])
    const shapes = new Config().setTrtDynamicShapeInfo({ x: [1, 3] }, { x: [2, 3] }, { x: [1, 3] })
    expect(last(shapes)?.args[0]).toEqual({ $dict: { x: [1, 3] } })
    expect(last(new Config().setXpuConfig({ deviceId: 1 }))?.args).toEqual([{ $xpuConfig: { deviceId: 1 } }])
  })

  test('is copied by the constructor', () => {
    const first = new Config('model', 'weights', { python: 'python3' })
    first.enableProfile()
    const second = new Config(first).disableGpu()
    expect(first.calls).toHaveLength(1)
    expect(second.calls).toHaveLength(2)
    expect([second.model, second.params, second.python]).toEqual(['model', 'weights', 'python3'])
  })

  test.each([
    ['auto', new Config().setOnednnCacheCapacity(1)],
    [true, new Config().enableMkldnn()],
    [true, new Config().enableOnednnBfloat16()],
    [true, new Config().disableOnednn().setBfloat16Op(['conv2d'])],
    [false, new Config().enableMkldnnInt8().disableMkldnn()],
  ] as const)('oneDNN is %s', (asked, config) => {
    expect(config.oneDnn).toBe(asked)
  })
})

describe('the model', () => {
  test('as files or in memory', () => {
    const config = new Config().setProgFile('a.pdmodel').setParamsFile('a.pdiparams')
    expect([config.model, config.params]).toEqual(['a.pdmodel', 'a.pdiparams'])
    const [program, params] = [new Uint8Array([1]), new Uint8Array([2])]
    config.setModelBuffer(program, params)
    expect([config.model, config.params]).toEqual([{ program, params }, undefined])
  })
})

describe('a wrong argument', () => {
  const wrong: [string, (config: Config) => unknown, Error][] = [
    [
      'a missing one',
      (config) => config.enableUseGpu(undefined as never),
      new TypeError('Expected a positive integer for `memoryPoolInitSizeMb`, got undefined.'),
    ],
    [
      'too many',
      (config) => (config.disableGpu as (...args: unknown[]) => unknown).call(config, 1),
      new TypeError('disableGpu() takes no arguments, got 1.'),
    ],
    [
      'null',
      (config) => config.switchIrOptim(null as never),
      new TypeError('Expected a boolean for `on`, got null.'),
    ],
    [
      'a precision that there is not',
      (config) => config.enableUseGpu(1, 0, 'fp16' as never),
      new RangeError(
        'Expected `Float32`, `Int8`, `Half` or `Bfloat16` for `precisionMode`, got `fp16` (string).',
      ),
    ],
    [
      'a wrong name',
      (config) => config.enableXpu({ l3size: 5 } as never),
      new TypeError(
        'enableXpu() has no argument `l3size`. Did you mean `l3Size`? It takes l3Size, l3Locked, convAutotune, convAutotuneFile, transformerEncoderPrecision, transformerEncoderAdaptiveSeqlen, enableMultiStream.',
      ),
    ],
    [
      'one of a list',
      (config) => config.expDisableTensorrtOps(['relu', 5 as never]),
      new TypeError('Expected a string for `operators[1]`, got `5` (number).'),
    ],
    [
      'a dimension',
      (config) => config.setTrtDynamicShapeInfo({ x: [1, 2.5] }),
      new RangeError('Expected an integer of at least -1 for `minInputShape.x[1]`, got `2.5` (number).'),
    ],
    [
      'more than an int holds',
      (config) => config.setCpuMathLibraryNumThreads(2 ** 31),
      new RangeError('Expected an integer up to 2147483647 for `threads`, got `2147483648` (number).'),
    ],
    [
      'an unknown field',
      (config) => config.setDistConfig({ ranks: 1 } as never),
      new TypeError(
        'Unknown option `config.ranks`. Did you mean `config.nranks`? The options of `config` are useDistModel, nranks, rank, trainerEndpoints, currentEndpoint, carrierId, commInitConfig.',
      ),
    ],
    [
      'a pass without a name',
      (config) => config.passBuilder().appendPass(''),
      new RangeError('Expected a string that is not empty for `pass`, got `` (string).'),
    ],
    [
      'a buffer',
      (config) => config.setModelBuffer('program' as never),
      new TypeError('Expected a Uint8Array for `program`, got `program` (string).'),
    ],
    [
      'a tensor',
      (config) => config.quantizerConfig().setQuantData([{ name: 'x' } as never]),
      new TypeError(`Expected one of ${dtypeNames.join(', ')} for \`tensors[0].dtype\`, got undefined.`),
    ],
  ]
  test.each(wrong)('%s is told at once', (_, call, error) => {
    const config = new Config()
    expect(() => call(config)).toThrow(error)
    expect(config.calls).toEqual([])
  })

  test('so is a method that was taken off its Config', () => {
    const disableGpu = Reflect.get(Config.prototype, 'disableGpu') as (this: object) => unknown
    expect(() => disableGpu.call({})).toThrow(new TypeError('This is a method of Config: call it on one.'))
  })
})

test('no method is of two subjects', () => {
  const names = Object.values(subjects).flatMap((table) => Object.keys(table))
  expect(new Set(names).size).toBe(names.length)
  expect(Object.keys(passBuilderMethods)).toHaveLength(9)
})
