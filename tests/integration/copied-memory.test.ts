import { closeSync, openSync, readSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Region } from '../../src/bridge/region.js'
import {
  createPredictor,
  PredictorPool,
  tensor,
  type Feed,
  type FeedWriter,
  type Predictor,
} from '../../src/index.js'
import { loadKoffi } from '../../src/load-koffi.js'
import { makeNets, type Nets } from '../helpers/nets.js'

// Electron allows no buffers over memory outside of its JavaScript engine: koffi throws there.
const koffi = loadKoffi()
const { view } = koffi
let refused = 0

let nets: Nets
let predictor: Predictor

beforeAll(async () => {
  koffi.view = () => {
    refused += 1
    throw new Error('This runtime does not support external buffers')
  }
  nets = await makeNets()
  predictor = await createPredictor({ model: nets.twoInTwoOut })
})
afterAll(async () => {
  await predictor.close()
  await nets[Symbol.asyncDispose]()
  koffi.view = view
})

const n = tensor('int64', [1], [1])

async function sumOf(x: Feed): Promise<number[]> {
  const [first] = Object.values(await predictor.run({ x, n }))
  return [...(first!.data as Float32Array)]
}

describe('in a runtime that cannot map memory (simulated Electron)', () => {
  test('tensors, nested arrays and writers are copied to the worker, and outputs back', async () => {
    expect(await sumOf(tensor('float32', [1, 3], [1, 2, 3]))).toEqual([2, 3, 4])
    expect(await sumOf([[4, 5, 6]])).toEqual([5, 6, 7])
    const write = (data: Float32Array): void => void data.fill(7)
    expect(await sumOf({ dtype: 'float32', shape: [1, 3], write })).toEqual([8, 8, 8])
    const later = async (data: Float32Array): Promise<void> => {
      await Promise.resolve()
      data.fill(8)
    }
    expect(await sumOf({ dtype: 'float32', shape: [1, 3], write: later })).toEqual([9, 9, 9])
    expect(refused).toBe(1)
  })

  test('runs in parallel keep their feeds apart', async () => {
    const sums = await Promise.all([...Array(20).keys()].map((value) => sumOf([[value, value, value]])))
    expect(sums).toEqual([...Array(20).keys()].map((value) => [value + 1, value + 1, value + 1]))
  })

  test('an output larger than its memory arrives whole', async () => {
    await using grow = await createPredictor({ model: nets.grow })
    for (const count of [10, 200_000, 1000]) {
      const data = Float32Array.from({ length: count }, (_, index) => index)
      const [tiled] = Object.values(await grow.run({ x: tensor('float32', [1, count], data) }))
      expect(tiled!.data).toHaveLength(16 * count)
      expect([tiled!.data[0], tiled!.data[count - 1], tiled!.data[16 * count - 1]]).toEqual([
        0,
        count - 1,
        count - 1,
      ])
    }
  })

  test('an allocated tensor is copied for each run, also after others were allocated', async () => {
    using x = predictor.allocate('x', [1, 3], 'float32')
    const { data } = x
    data.set([1, 2, 3])
    expect(await sumOf(x)).toEqual([2, 3, 4])
    using large = predictor.allocate('x', [100_000, 3], 'float32')
    large.data.fill(1)
    data[2] = 9
    expect(await sumOf(x)).toEqual([2, 3, 10])
    expect(x.data).toBe(data)
  })

  test('an allocated tensor reaches every worker of a pool', async () => {
    await using pool = await PredictorPool.create({ model: nets.twoInTwoOut, workers: 2 })
    using x = pool.allocate('x', [1, 3], 'float32')
    x.data.fill(4)
    const runs = await Promise.all([1, 2, 3, 4].map(() => pool.run({ x, n })))
    expect(runs.map((outputs) => [...(Object.values(outputs)[0]!.data as Float32Array)])).toEqual(
      runs.map(() => [5, 5, 5]),
    )
  })

  test('a writer that transfers the memory is an error, and not a feed of zeros', async () => {
    const write: FeedWriter<'float32'>['write'] = (data) => {
      data.fill(1)
      structuredClone(data, { transfer: [data.buffer as ArrayBuffer] })
    }
    await expect(sumOf({ dtype: 'float32', shape: [1, 3], write })).rejects.toThrow(
      new TypeError(
        'The `write` of feed `x` transferred its buffer: this runtime has no other memory for it.',
      ),
    )
    expect(await sumOf([[1, 1, 1]])).toEqual([2, 2, 2])
  })

  test('a model in memory is copied', async () => {
    const program = await readFile(join(nets.twoInTwoOut, 'inference.pdmodel'))
    await using inMemory = await createPredictor({ model: { program } })
    const [first] = Object.values(await inMemory.run({ x: [[1, 2, 3]], n }))
    expect([...(first!.data as Float32Array)]).toEqual([2, 3, 4])
  })
})

describe('memory that is copied (simulated Electron)', () => {
  test('is sent and received at any offset, in parts', () => {
    const region = new Region()
    try {
      region.grow(4096)
      expect(region.isShared).toBe(false)
      const sent = new Uint8Array(2 ** 20).map((_, index) => index % 251)
      // The descriptor takes it beyond its size, so that no memory of 2 GiB is required.
      region.send(sent, 2 ** 31 + 3)
      const received = Buffer.alloc(sent.length)
      expect(readSync(region.descriptor, received, 0, received.length, 2 ** 31 + 3)).toBe(sent.length)
      expect(received.equals(sent)).toBe(true)
    } finally {
      region.close()
    }
  })

  test('that ends early is an error, and not zeros', () => {
    const region = new Region()
    try {
      region.grow(4096)
      const view = new Uint8Array(5000)
      expect(() => {
        region.receive(view)
      }).toThrow(
        expect.objectContaining({
          code: 'SHARED_MEMORY_FAILED',
          message: 'Only 4096 of 5000 bytes of shared memory could be read.',
        }),
      )
    } finally {
      region.close()
    }
  })
})

test('after it is closed, memory writes to no file that has its descriptor (simulated Electron)', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'copied-'))
  const path = join(folder, 'file.txt')
  await writeFile(path, 'unchanged')
  const region = new Region()
  region.grow(4096)
  const { descriptor } = region
  region.close()
  const opened: number[] = []
  while (opened.at(-1) !== descriptor && opened.length < 1000) opened.push(openSync(path, 'r+'))
  expect(opened.at(-1)).toBe(descriptor)
  const view = new Uint8Array(4)
  region.send(view, 0)
  region.receive(view)
  for (const file of opened) closeSync(file)
  expect(await readFile(path, 'utf8')).toBe('unchanged')
  expect([...view]).toEqual([0, 0, 0, 0])
  await rm(folder, { recursive: true })
})
