import { describe, expect, test } from '@jest/globals'
import { closedLoop } from '../../src/commands/benchmark/measure/closed-loop.js'
import { distributionOf, nearestRank } from '../../src/distribution.js'
import { ImageCycle } from '../../src/commands/benchmark/measure/image-cycle.js'
import { batchedFeeds } from '../../src/commands/benchmark/measure/network-target.js'
import { sampleShapes } from '../../src/commands/benchmark/measure/shapes.js'
import { PaddleError } from '../../src/errors.js'

describe('percentiles', () => {
  test('use the nearest rank: always a measured value', () => {
    const hundred = Array.from({ length: 100 }, (_, index) => index + 1)
    expect([0, 1, 50, 95, 99, 100].map((percent) => nearestRank(hundred, percent))).toEqual([
      1, 1, 50, 95, 99, 100,
    ])
    expect([0, 50, 51, 95, 99].map((percent) => nearestRank([1, 2], percent))).toEqual([1, 1, 2, 2, 2])
    // 0.07 × 100 exceeds 7 in floating point.
    expect(nearestRank(hundred, 7)).toBe(7)
  })

  test('include all of thousands of runs', () => {
    const many = Array.from({ length: 5000 }, (_, index) => index)
    expect(distributionOf(many)).toEqual({
      min: 0,
      mean: 2499.5,
      p50: 2499,
      p95: 4749,
      p99: 4949,
      max: 4999,
    })
  })
})

describe('the closed loop', () => {
  test('keeps its lanes busy, and runs exactly the given number of times', async () => {
    let running = 0
    let most = 0
    const run = async (): Promise<void> => {
      running += 1
      most = Math.max(most, running)
      await new Promise(setImmediate)
      running -= 1
    }
    const { latencies, elapsedMs } = await closedLoop(run, 3, { runs: 10 })
    expect([latencies.length, most, running]).toEqual([10, 3, 0])
    expect(Math.max(...latencies)).toBeLessThanOrEqual(elapsedMs)
  })

  test('starts a run in each lane, however short the time', async () => {
    const { latencies } = await closedLoop(() => new Promise(setImmediate), 4, { seconds: 1e-9 })
    expect(latencies).toHaveLength(4)
  })

  test('starts no run after a failed one', async () => {
    let begun = 0
    const run = async (): Promise<void> => {
      begun += 1
      await new Promise(setImmediate)
      throw new Error('no')
    }
    await expect(closedLoop(run, 2, { runs: 100 })).rejects.toThrow(new Error('no'))
    expect(begun).toBe(2)
  })
})

describe('made-up feeds', () => {
  const image = { name: 'image', dtype: 'float32', shape: [-1, 3, -1, -1] }
  const count = { name: 'n', dtype: 'int64', shape: [-1] }

  test('floats are from 0 to 1, the same each time; integers are 1', () => {
    const inputs = [image, count]
    const samples = sampleShapes(inputs, new Map([['image', [1, 3, 4, 5]]]))
    const feeds = batchedFeeds(inputs, samples, 2) as unknown as {
      image: { shape: number[]; data: Float32Array }
      n: { shape: number[]; data: BigInt64Array }
    }
    expect([feeds.image.shape, feeds.n.shape]).toEqual([[2, 3, 4, 5], [2]])
    expect([...feeds.n.data]).toEqual([1n, 1n])
    expect(feeds.image.data).toHaveLength(120)
    expect(feeds.image.data.every((value) => value >= 0 && value < 1)).toBe(true)
    expect(new Set(feeds.image.data).size).toBeGreaterThan(100)
    expect(batchedFeeds(inputs, samples, 2)).toEqual(feeds)
  })

  test.each(['float16', 'bfloat16', 'float64', 'int32', 'int8', 'uint8', 'bool'])('%s', (dtype) => {
    const inputs = [{ name: 'x', dtype, shape: [-1, 2] }]
    const { x } = batchedFeeds(inputs, sampleShapes(inputs, new Map()), 3)
    expect(x).toMatchObject({ dtype, shape: [3, 2], data: { length: 6 } })
  })

  test('strings', () => {
    const inputs = [{ name: 'text', dtype: 'string', shape: [-1] }]
    expect(batchedFeeds(inputs, sampleShapes(inputs, new Map()), 2)).toEqual({ text: ['paddle', 'paddle'] })
  })

  test('sequences of 16 rows for an input with a LoD, one for each of the batch', () => {
    const inputs = [
      { name: 'one', dtype: 'int64', shape: [-1, 1], lodLevel: 1 },
      { name: 'two', dtype: 'float32', shape: [-1, 4], lodLevel: 2 },
    ]
    const samples = sampleShapes(inputs, new Map([['two', [5, 4]]]))
    expect(batchedFeeds(inputs, samples, 3)).toMatchObject({
      one: { shape: [48, 1], lod: [[0, 16, 32, 48]] },
      two: {
        shape: [15, 4],
        lod: [
          [0, 1, 2, 3],
          [0, 5, 10, 15],
        ],
      },
    })
  })

  test('open dimensions of images are 224 × 224, fixed ones are kept', () => {
    const size = { name: 'size', dtype: 'float32', shape: [1, 2] }
    const samples = sampleShapes([image, size], new Map())
    expect([...samples]).toEqual([
      ['image', [1, 3, 224, 224]],
      ['size', [1, 2]],
    ])
    expect(batchedFeeds([image, size], samples, 2)).toMatchObject({
      image: { shape: [2, 3, 224, 224] },
      size: { shape: [1, 2] },
    })
  })

  test('a given first dimension is multiplied by the batch size', () => {
    const boxes = { name: 'boxes', dtype: 'float32', shape: [-1, 4] }
    const samples = sampleShapes([boxes], new Map([['boxes', [10, 4]]]))
    expect(batchedFeeds([boxes], samples, 3)).toMatchObject({ boxes: { shape: [30, 4] } })
  })

  test('too many elements are an error, before memory is allocated', () => {
    const x = { name: 'x', dtype: 'int64', shape: [-1, 1024] }
    const samples = sampleShapes([x], new Map([['x', [2 ** 20, 1024]]]))
    expect(() => batchedFeeds([x], samples, 1)).toThrow(
      new PaddleError(
        'MODEL_UNSUITABLE',
        'A made-up int64 [1048576,1024] for input x has 1073741824 elements, more than the limit of 67108864.\n' +
          'Choose a smaller shape or batch.',
      ),
    )
  })

  test('an unknown dimension is an error', () => {
    const ids = { name: 'ids', dtype: 'int64', shape: [-1, -1] }
    expect(() => sampleShapes([ids], new Map())).toThrow(
      new PaddleError(
        'MODEL_UNSUITABLE',
        'Input ids is int64 [-1,-1]: the size of its dimension 1 is unknown.\n' +
          'Set its shape for a batch of one: --shape ids=1,SIZE',
      ),
    )
    expect(() => sampleShapes([ids], new Map([['id', [1, 8]]]))).toThrow(
      new PaddleError(
        'MODEL_UNSUITABLE',
        'The model has no input id: its inputs are ids.\nUse one of them: --shape NAME=1,…',
      ),
    )
  })
})

describe('repeated images', () => {
  test('skip failed ones', () => {
    const cycle = new ImageCycle(['a', 'b', 'c'])
    expect([...cycle.take(4)]).toEqual(['a', 'b', 'c', 'a'])
    cycle.leaveOut('b', new PaddleError('IMAGE_UNREADABLE', 'b is no image.'))
    expect(new Set(cycle.take(6))).toEqual(new Set(['a', 'c']))
    expect([cycle.size, cycle.notes]).toEqual([
      3,
      ['1 of 3 images failed and was skipped: b is no image.\n[IMAGE_UNREADABLE]'],
    ])
  })

  test('throw the first failure if none is left', () => {
    const cycle = new ImageCycle(['a'])
    const error = new PaddleError('IMAGE_UNREADABLE', 'a is no image.')
    cycle.leaveOut('a', error)
    expect(() => [...cycle.take(1)]).toThrow(error)
  })
})
