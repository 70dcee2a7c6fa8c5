import { readFileSync } from 'node:fs'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createPredictor, tensor, type AllocatedTensor, type Predictor } from '../../src/index.js'
import { makeNets, makeTensorNets, type NetFolder, type Nets } from '../helpers/nets.js'

let nets: Nets
let tensorNets: NetFolder
let predictor: Predictor

beforeAll(async () => {
  nets = await makeNets()
  tensorNets = await makeTensorNets()
  predictor = await createPredictor({ model: nets.twoInTwoOut })
})
afterAll(async () => {
  await predictor.close()
  await nets[Symbol.asyncDispose]()
  await tensorNets[Symbol.asyncDispose]()
})

const longs = (...data: number[]): ReturnType<typeof tensor> => tensor('int64', [data.length], data)

async function sum(x: AllocatedTensor, by = predictor): Promise<number[]> {
  const [first] = Object.values(await by.run({ x, n: longs(1) }))
  return [...(first!.data as Float32Array)]
}

describe('an allocated tensor', () => {
  test('is filled in place, and later writes apply to the next run', async () => {
    using x = predictor.allocate('x', [1, 3], 'float32')
    x.data.set([1, 2, 3])
    expect(await sum(x)).toEqual([2, 3, 4])
    x.data[2] = 9
    expect(await sum(x)).toEqual([2, 3, 10])
  })

  test('is read in place: the worker maps the same memory', async () => {
    await using grow = await createPredictor({ model: nets.grow })
    using x = grow.allocate('x', [1, 200_000], 'float32')
    x.data.fill(2)
    const rss = (): number => {
      const status = readFileSync(`/proc/${grow.info.pid!}/smaps`, 'utf8')
      const maps = [...status.matchAll(/memfd:paddle-ts[^\n]*\n(?:[A-Z][^\n]*\n)*?Rss: +(\d+) kB/g)]
      return Math.max(...maps.map(([, kilobytes]) => Number(kilobytes)))
    }
    const [tiled] = Object.values(await grow.run({ x }))
    expect(tiled!.shape).toEqual([1, 3_200_000])
    expect(tiled!.data[3_199_999]).toBe(2)
    expect(rss()).toBeGreaterThanOrEqual(781)
    x.data.fill(3, 199_999)
    const [again] = Object.values(await grow.run({ x }))
    expect([again!.data[3_199_998], again!.data[3_199_999]]).toEqual([2, 3])
  })

  test('is not changed when paddle could compute in place', async () => {
    await using relu = await createPredictor({ model: `${tensorNets.folder}/in-place` })
    using x = relu.allocate('x', [1, 4], 'float32')
    x.data.set([-1, 2, -3, 4])
    for (let run = 0; run < 3; run++) {
      const [result] = Object.values(await relu.run({ x }))
      expect([...(result!.data as Float32Array)]).toEqual([0, 2, 0, 4])
    }
    expect([...x.data]).toEqual([-1, 2, -3, 4])
  })

  test('stays valid when the arena grows', async () => {
    using x = predictor.allocate('x', [1, 3], 'float32')
    x.data.fill(5)
    await sum(x)
    using large = predictor.allocate('x', [100_000, 3], 'float32')
    large.data.fill(1)
    expect(await sum(x)).toEqual([6, 6, 6])
    const n = tensor('int64', [100_000], new BigInt64Array(100_000))
    const [first] = Object.values(await predictor.run({ x: large, n }))
    expect(first!.data).toHaveLength(300_000)
    expect([...new Set<number | bigint>(first!.data)]).toEqual([1])
  })

  test('of another predictor is copied, and is closed with its own; its array may still be accessed', async () => {
    const other = await createPredictor({ model: nets.twoInTwoOut })
    const x = other.allocate('x', [1, 3], 'float32')
    const { data } = x
    data.set([4, 5, 6])
    expect(await sum(x)).toEqual([5, 6, 7])
    expect(await sum(x, other)).toEqual([5, 6, 7])
    await other.close()
    data.fill(1)
    expect([...data]).toEqual([1, 1, 1])
    expect(() => x.data).toThrow('The float32 tensor [1,3] or its predictor was closed.')
    expect(() => other.allocate('x', [1, 3])).toThrow(expect.objectContaining({ code: 'PREDICTOR_CLOSED' }))
  })

  test('is fed with its LoD', async () => {
    using x = predictor.allocate('x', [1, 3], 'float32')
    x.lod = [[0, 2]]
    await expect(sum(x)).rejects.toThrow(
      new RangeError('Expected non-decreasing offsets from 0 to 1 for `x.lod[0]`, got [0,2].'),
    )
    x.lod = undefined
    x.data.fill(0)
    expect(await sum(x)).toEqual([1, 1, 1])
  })

  test('must have the dtype and rank of the input', () => {
    expect(() => predictor.allocate('x', [3])).toThrow(
      new TypeError('Input `x` expects float32 [-1,3] (2 dimensions), got float32 [3] (1).'),
    )
    expect(() => predictor.allocate('x', [1, 3], 'int64')).toThrow(
      new TypeError('Input `x` expects float32 [-1,3], got int64 [1,3].'),
    )
    expect(() => predictor.allocate('y', [1])).toThrow(
      new TypeError("No input `y`: the model's inputs are `x`, `n`."),
    )
  })

  test('cannot be fed after close()', async () => {
    const x = predictor.allocate('x', [1, 3], 'float32')
    x.close()
    await expect(sum(x)).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'TENSOR_CLOSED',
      message:
        'The float32 tensor [1,3] or its predictor was closed.\nAllocate another one, or close it later.',
    })
  })
})

describe('shareExternalData', () => {
  const run = async (): Promise<number[]> => {
    await predictor.run()
    const [name] = predictor.getOutputNames()
    return [...(predictor.getOutputHandle(name!).copyToCpu().data as Float32Array)]
  }

  test('takes an allocated tensor without a copy, and any other without a copy until the run', async () => {
    predictor.getInputHandle('n').copyFromCpu([1])
    const x = predictor.getInputHandle('x')
    using allocated = predictor.allocate('x', [1, 3], 'float32')
    x.shareExternalData(allocated)
    allocated.data.set([1, 2, 3])
    expect(await run()).toEqual([2, 3, 4])

    const data = new Float32Array(6)
    x.shareExternalData(tensor('float32', [2, 3], data))
    expect(x.shape()).toEqual([2, 3])
    predictor.getInputHandle('n').copyFromCpu([10, 20])
    data.set([1, 2, 3, 4, 5, 6])
    expect(await run()).toEqual([11, 12, 13, 24, 25, 26])
    data[0] = 0
    expect((await run())[0]).toBe(10)
  })

  test('rejects tensors that do not fit the input', () => {
    const x = predictor.getInputHandle('x')
    expect(() => {
      x.shareExternalData(longs(1))
    }).toThrow(new TypeError('Input `x` expects float32 [-1,3] (2 dimensions), got int64 [1] (1).'))
  })
})

describe('copyFromCpu', () => {
  const x = (): ReturnType<Predictor['getInputHandle']> => predictor.getInputHandle('x')

  test('takes nested arrays, and flat arrays for the shape that was set', () => {
    x().copyFromCpu([
      [1, 2, 3],
      [4, 5, 6],
    ])
    const nested = x().feed()
    expect(nested).toEqual(tensor('float32', [2, 3], [1, 2, 3, 4, 5, 6]))
    x().copyFromCpu([1, 2, 3, 4, 5, 6])
    expect(x().feed()).toEqual(nested)
  })

  test('takes an allocated tensor, and copies it', () => {
    using allocated = predictor.allocate('x', [1, 3], 'float32')
    allocated.data.set([7, 8, 9])
    x().copyFromCpu(allocated)
    allocated.data.fill(0)
    expect(x().feed()).toEqual(tensor('float32', [1, 3], [7, 8, 9]))
  })

  test('keeps the LoD that was set', () => {
    x().copyFromCpu(tensor('float32', [2, 3], new Float32Array(6), [[0, 1, 2]]))
    expect(x().lod()).toEqual([[0, 1, 2]])
    x().setLod([[0, 2]])
    expect(x().lod()).toEqual([[0, 2]])
    expect(x().feed()).toMatchObject({ lod: [[0, 2]] })
  })
})
