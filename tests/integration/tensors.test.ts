import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ndarray from 'ndarray'
import {
  createPredictor,
  fromHalves,
  tensor,
  toHalves,
  toNested,
  type DType,
  type Feed,
  type Feeds,
  type Predictor,
  type Tensor,
} from '../../src/index.js'
import { makeTensorNets, type NetFolder } from '../helpers/nets.js'
import { wheelVersion } from '../helpers/wheel.js'

let nets: NetFolder
let wheel: string

beforeAll(async () => {
  nets = await makeTensorNets()
  wheel = await wheelVersion()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

const readsBfloat16 = (): boolean => !wheel.startsWith('2.')

/**
 * Every dtype that can be fed, with values at the limits of its range, in the order of the networks' inputs.
 */
const samples = {
  float64: [0, -1.5, 1e300, -Infinity],
  float32: [0, -1.5, Math.fround(3e38), Infinity],
  float16: [0, -1.5, 65504, 2 ** -24],
  bfloat16: [0, -1.5, 2 ** 127, 2 ** -100],
  int64: [0n, -1n, 2n ** 52n, -(2n ** 63n)],
  int32: [0, -1, 2147483647, -2147483648],
  int8: [0, -1, 127, -128],
  uint8: [0, 1, 255, 128],
  bool: [false, true, true, false],
} as const satisfies Record<DType, readonly (number | bigint | boolean)[]>
const types = Object.keys(samples) as DType[]

describe('every dtype', () => {
  let predictor: Predictor
  beforeAll(async () => {
    // Paddle 2.6 computes bfloat16 with oneDNN on some CPUs only.
    predictor = await createPredictor({ model: `${nets.folder}/every-type`, oneDnn: false })
  })
  afterAll(() => predictor.close())

  /** The expected outputs that the wheel can read, by the fed dtype. */
  const run = async (
    feeds: Feeds,
    by = predictor,
  ): Promise<Map<DType, { numbers: Tensor; twice?: Tensor }>> => {
    const names = predictor.getOutputNames()
    const fetch = names.filter((_, index) => readsBfloat16() || index !== 2 * types.indexOf('bfloat16') + 1)
    const outputs = await by.run(feeds, { fetch })
    return new Map(
      types.map((dtype, index) => [
        dtype,
        { numbers: outputs[names[2 * index]!]!, twice: outputs[names[2 * index + 1]!]! },
      ]),
    )
  }

  const asTensors = (): Record<string, Tensor> =>
    Object.fromEntries(types.map((dtype) => [dtype, tensor(dtype, [2, 2], samples[dtype] as never)]))

  const expectSamples = async (feeds: Feeds): Promise<void> => {
    for (const [dtype, { numbers, twice }] of await run(feeds)) {
      const given = samples[dtype] as readonly (number | bigint | boolean)[]
      expect(numbers).toEqual(tensor('float64', [2, 2], given.map(Number)))
      if (dtype === 'bfloat16' && !readsBfloat16()) continue
      expect(twice).toEqual(tensor(dtype, [4, 2], [...given, ...given] as never))
    }
  }

  test('is declared by the model', () => {
    expect(predictor.inputs).toEqual(types.map((dtype) => ({ name: dtype, dtype, shape: [-1, -1] })))
  })

  test('is fed and returned as a typed array', () => expectSamples(asTensors()))

  test('is fed as nested arrays', () =>
    expectSamples(Object.fromEntries(types.map((dtype) => [dtype, toNested(asTensors()[dtype]!) as Feed]))))

  test('is fed as an array of elements', () =>
    expectSamples(
      Object.fromEntries(
        types.map((dtype) => [dtype, { dtype, shape: [2, 2], data: samples[dtype] } as never]),
      ),
    ))

  test('is fed as a strided ndarray', () =>
    expectSamples(
      Object.fromEntries(
        types.map((dtype) => {
          const { data } = asTensors()[dtype]!
          const transposed = new (data.constructor as new (length: number) => typeof data)(4)
          for (const [index, from] of [0, 2, 1, 3].entries()) transposed[index] = data[from] as never
          return [dtype, ndarray(transposed as Float32Array, [2, 2]).transpose(1, 0)]
        }),
      ),
    ))

  test('is fed from allocated memory', async () => {
    const allocated = types.map((dtype) => predictor.allocate(dtype, [2, 2]))
    for (const each of allocated) each.data.set(asTensors()[each.dtype]!.data as never)
    await expectSamples(Object.fromEntries(allocated.map((each) => [each.dtype, each])))
    for (const each of allocated) each.close()
  })

  test('is fed and returned through the handles', async () => {
    for (const dtype of types) {
      const handle = predictor.getInputHandle(dtype)
      expect(handle.type()).toBe(dtype)
      handle.reshape([2, 2])
      handle.copyFromCpu(asTensors()[dtype]!.data)
    }
    if (!readsBfloat16()) return
    await predictor.run()
    for (const [index, dtype] of types.entries()) {
      const handle = predictor.getOutputHandle(predictor.getOutputNames()[2 * index + 1]!)
      expect({ type: handle.type(), shape: handle.shape(), lod: handle.lod() }).toEqual({
        type: dtype,
        shape: [4, 2],
        lod: [],
      })
      const { data } = asTensors()[dtype]!
      expect([...(handle.copyToCpu().data as never as number[])]).toEqual([...data, ...data])
    }
  })

  test('is fed without elements', async () => {
    // With oneDNN, paddle crashes on an empty tensor.
    await using plain = await createPredictor({ model: `${nets.folder}/every-type`, oneDnn: false })
    const empty = Object.fromEntries(
      types.map((dtype) => [dtype, tensor(dtype, [3, 0], [] as never)] as const),
    )
    for (const [dtype, { numbers, twice }] of await run(empty, plain)) {
      expect(numbers).toEqual(tensor('float64', [3, 0], []))
      if (dtype === 'bfloat16' && !readsBfloat16()) continue
      expect(twice).toEqual(tensor(dtype, [6, 0], [] as never))
    }
  })
})

test('a scalar of every dtype is fed as the element itself', async () => {
  await using predictor = await createPredictor({ model: `${nets.folder}/scalars` })
  const feeds = Object.fromEntries(types.map((dtype) => [dtype, samples[dtype][1]]))
  const outputs = await predictor.run(feeds)
  expect(Object.values(outputs)).toEqual(
    types.map((dtype) => tensor('float64', [], [Number(samples[dtype][1])])),
  )
})

describe('dtypes that paddle does not support', () => {
  test('an int16 input', async () => {
    await using predictor = await createPredictor({ model: `${nets.folder}/takes-int16` })
    await expect(predictor.run({ x: [1, 2] })).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'DTYPE_UNSUPPORTED',
      message:
        "The model's input `x` is int16, which paddle does not accept: it would silently convert it to int32.\n" +
        'Export the network with int32 there, and a cast inside.',
    })
  })

  test('an int16 output', async () => {
    await using predictor = await createPredictor({ model: `${nets.folder}/gives-int16` })
    const [name] = predictor.getOutputNames()
    await expect(predictor.run({ x: [1, 2] })).rejects.toMatchObject({
      code: 'OUTPUT_UNSUPPORTED',
      message: `Output \`${name}\` is int16, which paddle cannot return.\nExport the network with a cast of it to int32.`,
    })
  })

  test('a complex output', async () => {
    await using predictor = await createPredictor({ model: `${nets.folder}/gives-complex64` })
    const [name] = predictor.getOutputNames()
    await expect(predictor.run({ x: [1, 2] })).rejects.toMatchObject({
      code: 'OUTPUT_UNSUPPORTED',
      message: `Output \`${name}\` is complex64, which paddle cannot return.\nExport the network with a cast of it to float32 of its real and imaginary part.`,
    })
  })

  test('a bfloat16 output, if the wheel supports it, otherwise an error that names a wheel that does', async () => {
    await using predictor = await createPredictor({ model: `${nets.folder}/gives-bfloat16`, oneDnn: false })
    const [name] = predictor.getOutputNames()
    const numbers = Array.from({ length: 5001 }, (_, index) => Math.fround(index / 7 - 300))
    const running = predictor.run({ x: numbers })
    if (!readsBfloat16()) {
      await expect(running).rejects.toMatchObject({
        code: 'OUTPUT_UNSUPPORTED',
        message:
          `Output \`${name}\` is bfloat16, or another type that paddle ${wheel} cannot return.\n` +
          'Read bfloat16 with paddle 3.2.2 or 3.3.1 (paddle-ts setup --paddle-version 3.3.1), or export the network with a cast of it to float32.',
      })
      return
    }
    const output = (await running)[name!]!
    expect({ dtype: output.dtype, shape: output.shape }).toEqual({ dtype: 'bfloat16', shape: [5001] })
    expect(output.data).toEqual(toHalves('bfloat16', numbers))
    expect(fromHalves('bfloat16', output.data as Uint16Array)[14]).toBe(-298)
  })
})

describe('strings', () => {
  let predictor: Predictor
  beforeAll(async () => {
    predictor = await createPredictor({ model: `${nets.folder}/tokenizer`, oneDnn: false })
  })
  afterAll(() => predictor.close())

  test('are tokenised by the network', async () => {
    expect(predictor.inputs).toEqual([{ name: 'text', dtype: 'string', shape: [-1] }])
    const [ids, segments] = Object.values(await predictor.run({ text: ['hello world', 'Paddle 我爱 xyz'] }))
    expect(toNested(ids!)).toEqual([
      [2n, 5n, 6n, 3n, 0n, 0n, 0n],
      [2n, 7n, 8n, 9n, 10n, 1n, 3n],
    ])
    expect(segments!.shape).toEqual([2, 7])
  })

  test('do not work with oneDNN, which triggers the fallback', async () => {
    const codes: string[] = []
    await using healing = await createPredictor({
      model: `${nets.folder}/tokenizer`,
      onWarning: ({ code }) => codes.push(code),
    })
    const [ids] = Object.values(await healing.run({ text: ['hello'] }))
    expect(toNested(ids!)).toEqual([[2n, 5n, 3n]])
    expect(codes).toEqual(['ONEDNN_DISABLED'])
    expect(healing.info.oneDnn).toBe(false)
  })

  test('are fed through the handle too', async () => {
    const text = predictor.getInputHandle('text')
    text.copyFromCpu(['world'])
    expect(text.shape()).toEqual([1])
    await predictor.run()
    const ids = predictor.getOutputHandle(predictor.getOutputNames()[0]!)
    expect(ids.copyToCpu().data).toEqual(BigInt64Array.of(2n, 6n, 3n))
  })

  test.each<[string, unknown, string, string]>([
    ['one string', 'hello', 'TypeError', 'Expected an array of strings for `text`, got `hello` (string).'],
    ['none', [], 'RangeError', 'Expected at least one string for `text`, got none.'],
    ['a number', ['a', 3], 'TypeError', 'Expected a string for `text[1]`, got `3` (number).'],
    [
      'half a surrogate pair',
      ['\ud83d'],
      'RangeError',
      'Expected well-formed text for `text[0]`, got `\ud83d` (string).',
    ],
  ])('rejects %s', async (_, text, name, message) => {
    await expect(predictor.run({ text: text as never })).rejects.toMatchObject({ name, message })
  })
})
