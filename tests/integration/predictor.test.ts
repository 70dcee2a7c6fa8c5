import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ndarray from 'ndarray'
import { Config, createPredictor, tensor, type Predictor, type Tensor } from '../../src/index.js'
import { goldenCases, greatestDifference } from '../helpers/golden.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { describeReal, realModels } from '../helpers/real-models.js'
import { readsJson, wheelVersion } from '../helpers/wheel.js'

const floats = (shape: number[], data: number[]): Tensor => tensor('float32', shape, new Float32Array(data))
const longs = (shape: number[], data: number[]): Tensor =>
  tensor('int64', shape, BigInt64Array.from(data.map(BigInt)))

describeReal('trained models', () => {
  test.each([
    ['imagenet-classifier', 1e-4],
    ['imagenet-classifier-pir', 1e-4],
    ['imagenet-classifier-int8', 5e-3],
    ['ocr-detector', 1e-4],
    ['ocr-recognizer-en', 1e-4],
    ['textline-orientation', 1e-4],
    ['text-classifier-lod', 1e-4],
    ['face-detector-legacy', 1e-4],
  ])('%s returns its stored outputs within %d', async (name, tolerance) => {
    const cases = goldenCases(`${realModels}/${name}`)
    expect(cases.length).toBeGreaterThan(0)
    const model = `${realModels}/${name}`
    if (name === 'imagenet-classifier-pir' && !(await readsJson())) {
      await expect(createPredictor({ model })).rejects.toMatchObject({
        code: 'MODEL_LOAD_FAILED',
        message:
          `${model}/inference.json is in the format of Paddle 3, which paddle ${await wheelVersion()} cannot read.\n` +
          'Export it with --format pdmodel, or get a newer wheel: paddle-ts setup --paddle-version 3.3.1',
      })
      return
    }
    await using predictor = await createPredictor({ model })
    for (const { inputs, outputs } of cases) {
      const answer = await predictor.run(inputs)
      expect(Object.keys(answer)).toEqual(Object.keys(outputs))
      for (const [output, expected] of Object.entries(outputs)) {
        const got = answer[output]!
        expect({ dtype: got.dtype, shape: got.shape, lod: got.lod }).toEqual({
          dtype: expected.dtype,
          shape: expected.shape,
          lod: expected.lod,
        })
        expect(greatestDifference(got, expected)).toBeLessThanOrEqual(tolerance)
      }
    }
  })

  test('inputs and outputs are known before the first run', async () => {
    await using predictor = await createPredictor({ model: `${realModels}/ocr-detector` })
    expect(predictor.inputs).toEqual([{ name: 'x', dtype: 'float32', shape: [-1, 3, -1, -1] }])
    expect(predictor.outputs).toEqual([{ name: 'sigmoid_0.tmp_0', dtype: 'float32', shape: [-1, 1, -1, -1] }])
    expect(predictor.info).toMatchObject({ device: 'cpu', oneDnn: true, cpuThreads: 1 })
  })

  test('the five steps of Paddle’s guide return the same outputs as run(feeds)', async () => {
    const inputs = goldenCases(`${realModels}/imagenet-classifier`)[0]!.inputs as { image: Tensor<'float32'> }
    const pixels = ndarray(inputs.image.data, [...inputs.image.shape])

    const config = new Config(
      `${realModels}/imagenet-classifier/inference.pdmodel`,
      `${realModels}/imagenet-classifier/inference.pdiparams`,
    )
    config.setCpuMathLibraryNumThreads(2).enableMemoryOptim()
    await using predictor = await createPredictor(config)
    expect(predictor.info.cpuThreads).toBe(2)
    const input = predictor.getInputHandle(predictor.getInputNames()[0]!)
    input.reshape([1, 3, 224, 224])
    input.copyFromCpu(pixels)
    await predictor.run()
    const output = predictor.getOutputHandle(predictor.getOutputNames()[0]!)
    const scores = output.copyToCpu()

    expect(scores.shape).toEqual([1, 1000])
    expect(output.shape()).toEqual([1, 1000])
    expect(output.type()).toBe('float32')
    const again = await predictor.run(inputs)
    expect(scores.data).toEqual(again[predictor.getOutputNames()[0]!]?.data)
  })

  test('height and width may differ between runs', async () => {
    await using predictor = await createPredictor({ model: `${realModels}/ocr-detector` })
    for (const [height, width] of [
      [64, 96],
      [320, 320],
      [32, 640],
      [64, 96],
    ] as const) {
      const x = tensor('float32', [1, 3, height, width], new Float32Array(3 * height * width).fill(0.5))
      const answer = await predictor.run({ x })
      expect(answer['sigmoid_0.tmp_0']?.shape).toEqual([1, 1, height, width])
    }
  })
})

describe('networks with several inputs, outputs and types', () => {
  let nets: Nets
  let predictor: Predictor

  beforeAll(async () => {
    nets = await makeNets()
    predictor = await createPredictor({ model: nets.twoInTwoOut })
  })
  afterAll(async () => {
    await predictor.close()
    await nets[Symbol.asyncDispose]()
  })

  const run = async (x: Tensor, n: Tensor): Promise<Tensor[]> => Object.values(await predictor.run({ x, n }))

  test('two inputs of two types, two outputs, no parameters', async () => {
    expect(predictor.inputs).toEqual([
      { name: 'x', dtype: 'float32', shape: [-1, 3] },
      { name: 'n', dtype: 'int64', shape: [-1] },
    ])
    expect(await run(floats([2, 3], [1, 2, 3, 4, 5, 6]), longs([2], [10, -20]))).toEqual([
      floats([2, 3], [11, 12, 13, -16, -15, -14]),
      longs([2], [20, -40]),
    ])
  })

  test('int64 keeps values that a double cannot represent', async () => {
    const big = 2n ** 61n + 1n
    const [, doubled] = await run(floats([1, 3], [0, 0, 0]), tensor('int64', [1], BigInt64Array.of(big)))
    expect(doubled?.data).toEqual(BigInt64Array.of(2n * big))
  })

  test('concurrent runs each return their own outputs', async () => {
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        run(floats([1, 3], [index, index, index]), longs([1], [index])),
      ),
    )
    for (const [index, [sum, doubled]] of answers.entries()) {
      expect([...(sum?.data ?? [])]).toEqual([2 * index, 2 * index, 2 * index])
      expect([...(doubled?.data ?? [])]).toEqual([BigInt(2 * index)])
    }
  })

  test('an ndarray view is fed in the order of its strides', async () => {
    const transposed = ndarray(new Float32Array([1, 4, 2, 5, 3, 6]), [3, 2]).transpose(1, 0)
    const n = longs([2], [0, 0])
    const [sum] = Object.values(await predictor.run({ x: transposed, n }))
    expect(sum).toEqual(floats([2, 3], [1, 2, 3, 4, 5, 6]))
  })

  test('a writer fills the memory of the run directly', async () => {
    const write = (data: Float32Array): void => {
      expect(data).toHaveLength(3)
      data.set([7, 8, 9])
    }
    const [sum] = Object.values(
      await predictor.run({ x: { dtype: 'float32', shape: [1, 3], write }, n: longs([1], [1]) }),
    )
    expect(sum).toEqual(floats([1, 3], [8, 9, 10]))
  })

  test('a writer may be asynchronous', async () => {
    const write = async (data: Float32Array): Promise<void> => {
      data[0] = 1
      await new Promise((resolve) => setImmediate(resolve))
      data.set([2, 3], 1)
    }
    const [sum] = Object.values(
      await predictor.run({ x: { dtype: 'float32', shape: [1, 3], write }, n: longs([1], [1]) }),
    )
    expect(sum).toEqual(floats([1, 3], [2, 3, 4]))
  })

  test('an exception of a writer reaches the caller, and the next run works', async () => {
    const write = (): void => {
      throw new RangeError('out of pixels')
    }
    const failed = predictor.run({ x: { dtype: 'float32', shape: [1, 3], write }, n: longs([1], [1]) })
    await expect(failed).rejects.toThrow(new RangeError('out of pixels'))
    await expect(run(floats([1, 3], [1, 1, 1]), longs([1], [1]))).resolves.toHaveLength(2)
  })

  test('outputs do not change when the next run writes its own', async () => {
    const [first] = await run(floats([1, 3], [1, 2, 3]), longs([1], [0]))
    for (let index = 0; index < 4; index++) await run(floats([1, 3], [9, 9, 9]), longs([1], [9]))
    expect(first).toEqual(floats([1, 3], [1, 2, 3]))
  })

  test('copyFromCpu copies: later changes have no effect', async () => {
    const x = predictor.getInputHandle('x')
    const pixels = new Float32Array([1, 2, 3])
    x.reshape([1, 3])
    x.copyFromCpu(pixels)
    pixels.fill(0)
    predictor.getInputHandle('n').copyFromCpu(BigInt64Array.of(1n))
    await predictor.run()
    const [sum] = predictor.getOutputNames()
    expect([...predictor.getOutputHandle(sum!).copyToCpu().data]).toEqual([2, 3, 4])
  })

  test('feeds are read before run() returns while fewer than two runs are in progress', async () => {
    const data = new Float32Array([1, 2, 3])
    const running = predictor.run({ x: tensor('float32', [1, 3], data), n: longs([1], [0]) })
    data.fill(0)
    expect(Object.values(await running)[0]).toEqual(floats([1, 3], [1, 2, 3]))
  })

  test('the result of copyToCpu can be fed again', async () => {
    const n = predictor.getInputHandle('n')
    n.copyFromCpu(ndarray(BigInt64Array.of(5n), [1]))
    predictor.getInputHandle('x').copyFromCpu(floats([1, 3], [0, 0, 0]))
    await predictor.run()
    const doubled = predictor.getOutputHandle(predictor.getOutputNames()[1]!)
    n.copyFromCpu(doubled.copyToCpu())
    await predictor.run()
    expect([...(doubled.copyToCpu().data as BigInt64Array)]).toEqual([20n])
  })

  test('changes to a Config while its predictor is created have no effect on it', async () => {
    const config = new Config(nets.grow)
    const creating = createPredictor(config)
    config.setModel(nets.twoInTwoOut)
    await using grow = await creating
    expect(grow.getInputNames()).toEqual(['x'])
  })

  test('an output larger than its region', async () => {
    await using grow = await createPredictor({ model: nets.grow })
    for (const columns of [4, 40_000, 8, 400_000]) {
      const data = Float32Array.from({ length: columns }, (_, index) => index)
      const [tiled] = Object.values(await grow.run({ x: tensor('float32', [1, columns], data) }))
      expect(tiled?.shape).toEqual([1, 16 * columns])
      expect(tiled?.data[16 * columns - 1]).toBe(columns - 1)
      expect(tiled?.data[columns]).toBe(0)
    }
  })

  test('growing outputs of queued runs', async () => {
    await using grow = await createPredictor({ model: nets.grow })
    const run = async (rows: number, columns: number): Promise<void> => {
      const data = Float32Array.from({ length: rows * columns }, (_, index) => index)
      const [tiled] = Object.values(await grow.run({ x: tensor('float32', [rows, columns], data) }))
      const expected = Float32Array.from({ length: rows * 16 * columns }, (_, index) => {
        const row = Math.floor(index / (16 * columns))
        return row * columns + (index % columns)
      })
      expect(tiled?.shape).toEqual([rows, 16 * columns])
      // The matcher compares elements one by one, which would take seconds.
      expect(Buffer.from(tiled!.data.buffer).equals(Buffer.from(expected.buffer))).toBe(true)
    }
    await Promise.all([4, 4000, 8000, 8, 16_000, 12, 9000].map((columns) => run(1, columns)))
    await Promise.all([run(3, 10_000), run(2, 5), run(5, 8000)])
  })

  test('close() may be called twice, and rejects pending runs', async () => {
    const closing = await createPredictor({ model: nets.heavy })
    const waiting = Array.from({ length: 3 }, () =>
      closing.run({ x: tensor('float32', [512, 1024], new Float32Array(512 * 1024)) }),
    )
    const outcomes = Promise.allSettled(waiting)
    await Promise.all([closing.close(), closing.close()])
    await closing.close()
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({
        status: 'rejected',
        reason: {
          code: 'PREDICTOR_CLOSED',
          message: `The predictor of ${nets.heavy}/inference.pdmodel was closed.\nCreate another one.`,
        },
      })
    }
  })
})
