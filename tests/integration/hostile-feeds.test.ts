import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import ndarray from 'ndarray'
import { createPredictor, tensor, type Feed, type Predictor } from '../../src/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { readsJson } from '../helpers/wheel.js'

/** Resizable memory, which the types do not include yet. */
interface Resizable {
  readonly fixed: new (
    length: number,
    options: { maxByteLength: number },
  ) => ArrayBuffer & { resize(n: number): void }
  readonly shared: new (
    length: number,
    options: { maxByteLength: number },
  ) => SharedArrayBuffer & { grow(n: number): void }
}
const { fixed: ResizableBuffer, shared: GrowableBuffer } = {
  fixed: ArrayBuffer,
  shared: SharedArrayBuffer,
} as unknown as Resizable

let nets: Nets
/** Returns each element of `x`, float32 [-1,-1], 16 times. */
let predictor: Predictor

beforeAll(async () => {
  nets = await makeNets()
  predictor = await createPredictor({ model: nets.grow })
})
afterAll(async () => {
  await predictor.close()
  await nets[Symbol.asyncDispose]()
})

const floats = (bits: readonly number[]): Float32Array => new Float32Array(Uint32Array.from(bits).buffer)

/** The first of the 16 in each row, as bits. */
async function passed(x: Feed, width: number): Promise<number[]> {
  const [output] = Object.values(await predictor.run({ x }))
  return [...new Uint32Array((output!.data as Float32Array).buffer)].slice(0, width)
}

const expectRuns = async (): Promise<void> => {
  expect(await passed(tensor('float32', [1, 2], [1, 2]), 2)).toEqual([0x3f800000, 0x40000000])
}

const refused = (feed: unknown): Promise<unknown> =>
  predictor.run({ x: feed as Feed }).then(
    () => 'answered',
    (error: unknown) => `${(error as Error).name}: ${(error as Error).message.split('\n')[0]}`,
  )

/** Infinity, -Infinity, -0, a quiet NaN, one with a payload, a signalling one, a negative one, the least number. */
const special = [0x7f800000, 0xff800000, 0x80000000, 0x7fc00000, 0x7fc12345, 0x7fa00001, 0xffc00000, 1]
/** The outputs of the network: that of Paddle 2 adds zero to each. */
const given = (await readsJson())
  ? special
  : [0x7f800000, 0xff800000, 0, 0x7fc00000, 0x7fc12345, 0x7fe00001, 0xffc00000, 0]

describe('every bit is preserved', () => {
  test('of a typed array', async () => {
    expect(await passed({ dtype: 'float32', shape: [1, 8], data: floats(special) }, 8)).toEqual(given)
  })
  test('of an ndarray that has to be copied', async () => {
    const column = floats(special.flatMap((bits) => [bits, 0]))
    expect(await passed(ndarray(column, [1, 8], [0, 2]), 8)).toEqual(given)
  })
  test('of shared memory', async () => {
    const data = new Float32Array(new SharedArrayBuffer(32))
    new Uint32Array(data.buffer).set(special)
    expect(await passed({ dtype: 'float32', shape: [1, 8], data }, 8)).toEqual(given)
  })
  test('of resizable memory', async () => {
    const data = new Float32Array(new ResizableBuffer(32, { maxByteLength: 64 }))
    new Uint32Array(data.buffer).set(special)
    expect(await passed({ dtype: 'float32', shape: [1, 8], data }, 8)).toEqual(given)
  })
})

describe('is rejected before anything is sent', () => {
  const six = new Float32Array(6)
  const holed: number[] = []
  holed[1] = 3
  const shapes: [unknown, string][] = [
    [[2 ** 31, 2 ** 31], 'RangeError: Expected a shape of fewer than 2⁵³ elements for `x.shape`, got'],
    [[Number.MAX_SAFE_INTEGER, 2], 'RangeError: Expected a shape of fewer than 2⁵³ elements'],
    [[Number.MAX_SAFE_INTEGER, 1], 'RangeError: Expected 9007199254740991 elements for `x.data`'],
    [[2 ** 53, 1], 'RangeError: Expected a non-negative integer for `x.shape[0]`'],
    [[-2, -3], 'RangeError: Expected a non-negative integer for `x.shape[0]`, got `-2` (number).'],
    [[1.5, 4], 'RangeError: Expected a non-negative integer for `x.shape[0]`, got `1.5` (number).'],
    [[NaN, 6], 'RangeError: Expected a non-negative integer for `x.shape[0]`, got `NaN` (number).'],
    [[Infinity, 0], 'RangeError: Expected a non-negative integer for `x.shape[0]`, got `Infinity` (number).'],
    [['2', 3], 'TypeError: Expected a non-negative integer for `x.shape[0]`, got `2` (string).'],
    [holed, 'TypeError: Expected a non-negative integer for `x.shape[0]`, got undefined.'],
    ['2,3', 'TypeError: Expected an array of non-negative integers for `x.shape`, got `2,3` (string).'],
    [new Int32Array([2, 3]), 'TypeError: Expected an array of non-negative integers for `x.shape`'],
    [{ length: 2, 0: 2, 1: 3 }, 'TypeError: Expected an array of non-negative integers for `x.shape`'],
    [[3, 3], 'RangeError: Expected 9 elements for `x.data` of shape [3,3], got 6.'],
  ]
  test.each(shapes)('the shape %p', async (shape, message) => {
    expect(await refused({ dtype: 'float32', shape, data: six })).toContain(message)
    await expectRuns()
  })

  test('a list with holes', async () => {
    expect(await refused({ dtype: 'float32', shape: [1, 2], data: holed })).toBe(
      'TypeError: Expected a number for `x.data[0]`, got undefined.',
    )
    expect(await refused([holed])).toBe('TypeError: Expected a number for `x[0][0]`, got undefined.')
  })
  test('a list with a false length, before memory is allocated for it', async () => {
    expect(await refused({ dtype: 'float32', shape: [1, 2], data: new Array(2 ** 32 - 1) })).toBe(
      'RangeError: Expected 2 elements for `x.data` of shape [1,2], got 4294967295.',
    )
  })
  test('an array that contains itself', async () => {
    const endless: unknown[] = []
    endless.push(endless)
    expect(await refused(endless)).toBe('RangeError: Expected at most 9 dimensions in `x`, got more.')
  })
  test('arrays of more elements than a list can hold', async () => {
    const row = new Array<number>(2 ** 14).fill(0)
    expect(await refused(new Array<unknown>(2 ** 14).fill(row))).toContain(
      'RangeError: Expected at most 67108864 elements in the arrays of `x`, got 268435456.',
    )
  })
  test('LoD with holes', async () => {
    const lod: number[] = [0]
    lod[2] = 1
    expect(await refused({ dtype: 'float32', shape: [1, 6], data: six, lod: [lod] })).toBe(
      'TypeError: Expected an array of arrays of non-negative integers for `x.lod`, got an array.',
    )
  })
  test('an ndarray with elements outside its data', async () => {
    const outside = (shape: number[], stride: number[], offset: number): Promise<unknown> =>
      refused(ndarray(six, shape, stride, offset))
    expect(await outside([2, 3], [3, 1], 1)).toBe(
      'RangeError: Expected the elements of `x` to be within the 6 elements of its data, got 1 to 6.',
    )
    expect(await outside([2, 3], [-3, 1], 0)).toBe(
      'RangeError: Expected the elements of `x` to be within the 6 elements of its data, got -3 to 2.',
    )
    expect(await outside([2, 3], [100, 7], 0)).toContain('got 0 to 114.')
    expect(await outside([2, 3], [3, 1], -6)).toContain(
      'RangeError: Expected a non-negative integer for `x.offset`',
    )
    expect(await outside([2 ** 31, 2 ** 31], [0, 0], 0)).toContain('a shape of fewer than 2⁵³ elements')
    expect(await refused({ data: six, shape: [2, 3], stride: [1], offset: 0 })).toBe(
      'TypeError: Expected an array of 2 integers for `x.stride`, got an array.',
    )
  })
  test('transferred memory', async () => {
    const data = new Float32Array(2)
    structuredClone(data.buffer, { transfer: [data.buffer] })
    expect(await refused({ dtype: 'float32', shape: [1, 2], data })).toBe(
      'RangeError: Expected 2 elements for `x.data` of shape [1,2], got 0.',
    )
  })
  test('memory that has shrunk since tensor()', async () => {
    const buffer = new ResizableBuffer(8, { maxByteLength: 64 })
    const x = tensor('float32', [1, 2], new Float32Array(buffer))
    buffer.resize(4)
    expect(await refused(x)).toBe('RangeError: Expected 2 elements for `x.data` of shape [1,2], got 1.')
  })
  test('a typed array with an own property length', async () => {
    const data = Object.defineProperty(new Float32Array(1), 'length', { value: 2 })
    expect(await refused({ dtype: 'float32', shape: [1, 2], data })).toContain('got 1.')
  })
  test('a view of bytes instead of elements', async () => {
    expect(await refused({ dtype: 'float32', shape: [1, 2], data: new DataView(new ArrayBuffer(8)) })).toBe(
      'TypeError: Expected a Float32Array (float32) for `x.data`, got an object (DataView).',
    )
  })
})

test('getters and proxies are read once: the checked values are the ones that are fed', async () => {
  let reads = 0
  const dimensions = new Proxy([1, 2], {
    get: (target, key, receiver) =>
      key === '1' ? [2, 999_999_999][reads++ === 0 ? 0 : 1] : (Reflect.get(target, key, receiver) as unknown),
  })
  const seen: string[] = []
  const feed = {
    get dtype() {
      seen.push('dtype')
      return seen.length > 1 ? 'int16' : 'float32'
    },
    shape: dimensions,
    get data() {
      seen.push('data')
      return new Float32Array([1, 2])
    },
  }
  expect(await passed(feed as never, 2)).toEqual([0x3f800000, 0x40000000])
  expect({ seen, reads }).toEqual({ seen: ['dtype', 'data'], reads: 1 })
})

test('an exception of a getter reaches the caller, and the next run works', async () => {
  const feed = {
    dtype: 'float32',
    shape: [1, 2],
    get data(): never {
      throw new Error('mine')
    },
  }
  await expect(predictor.run({ x: feed as never })).rejects.toThrow(new Error('mine'))
  await expect(
    predictor.run(
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('my proxy')
          },
        },
      ),
    ),
  ).rejects.toThrow(new Error('my proxy'))
  await expectRuns()
})

describe('while a run is queued', () => {
  /** Runs on `feed` while both lanes are in use, changes something, and lets the run continue. */
  async function behindOthers(feed: Feed, change: () => void): Promise<unknown> {
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const holder = { dtype: 'float32' as const, shape: [1, 2], write: () => held }
    const holding = [predictor.run({ x: holder }), predictor.run({ x: holder })]
    const waiting = refused(feed)
    change()
    release()
    await Promise.all(holding)
    return waiting
  }

  test('transferred or shrunk memory is reported: no stale data are fed in its place', async () => {
    const sent = new Float32Array(2)
    const kept = '`x.data` to keep its 2 elements until the run was written, got'
    expect(
      await behindOthers(tensor('float32', [1, 2], sent), () => {
        structuredClone(sent.buffer, { transfer: [sent.buffer] })
      }),
    ).toBe(`RangeError: Expected ${kept} 0: its memory was resized or transferred.`)
    const buffer = new ResizableBuffer(8, { maxByteLength: 64 })
    const x = tensor('float32', [1, 2], new Float32Array(buffer))
    expect(
      await behindOthers(x, () => {
        buffer.resize(4)
      }),
    ).toBe(`RangeError: Expected ${kept} 1: its memory was resized or transferred.`)
    await expectRuns()
  })
  test('shared memory that grows is reported', async () => {
    const buffer = new GrowableBuffer(8, { maxByteLength: 64 })
    const x = tensor('float32', [1, 2], new Float32Array(buffer))
    expect(
      await behindOthers(x, () => {
        buffer.grow(16)
      }),
    ).toContain('got 4: its memory was resized or transferred.')
    await expectRuns()
  })
})

test('memory that shrinks after its feeds were copied has no effect', async () => {
  const buffer = new ResizableBuffer(8, { maxByteLength: 64 })
  new Float32Array(buffer).set([1, 2])
  const running = passed(tensor('float32', [1, 2], new Float32Array(buffer)), 2)
  buffer.resize(0)
  expect(await running).toEqual([0x3f800000, 0x40000000])
})

describe('writers', () => {
  const writer = (write: (data: Float32Array) => void | Promise<void>): Feed => ({
    dtype: 'float32',
    shape: [1, 2],
    write,
  })

  test('one that never ends is abandoned when the signal fires, and others continue', async () => {
    const stop = new AbortController()
    let finish = (): void => undefined
    const endless = new Promise<void>((resolve) => (finish = resolve))
    const running = predictor.run({ x: writer(() => endless) }, { signal: stop.signal })
    stop.abort()
    await expect(running).rejects.toMatchObject({ code: 'ABORTED' })
    await expectRuns()
    await expectRuns()
    finish()
  })

  test('one that still runs when its run is abandoned does not write into another run', async () => {
    await using pair = await createPredictor({ model: nets.twoInTwoOut })
    const [x, n] = pair.getInputNames() as [string, string]
    let release = (): void => undefined
    const held = new Promise<void>((resolve) => (release = resolve))
    const slow = {
      dtype: 'float32' as const,
      shape: [1, 3],
      write: async (data: Float32Array) => {
        await held
        data.fill(99)
      },
    }
    const broken = {
      dtype: 'int64' as const,
      shape: [1],
      write: (): never => {
        throw new Error('mine')
      },
    }
    await expect(pair.run({ [x]: slow, [n]: broken })).rejects.toThrow(new Error('mine'))
    let other = (): void => undefined
    const writing = new Promise<void>((resolve) => (other = resolve))
    const next = pair.run({
      [x]: {
        dtype: 'float32',
        shape: [1, 3],
        write: async (data) => {
          data.set([1, 2, 3])
          await writing
        },
      },
      [n]: [0n],
    })
    release()
    await held
    other()
    const [sums] = Object.values(await next)
    expect([...(sums!.data as Float32Array)]).toEqual([1, 2, 3])
    // One that never ends does not hold up close() either.
    const left = pair.run({ [x]: { ...slow, write: () => new Promise<void>(() => undefined) }, [n]: [0n] })
    const told = expect(left).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })
    await pair.close()
    await told
  })

  test('copyFromCpu does not accept one: its failure would be lost', () => {
    expect(() => {
      predictor
        .getInputHandle(predictor.getInputNames()[0]!)
        .copyFromCpu(writer(() => Promise.reject(new Error('unheard'))) as never)
    }).toThrow(
      new TypeError(
        'Expected elements to copy, not a function that writes them for `data`, got an object (Object).',
      ),
    )
  })
})
