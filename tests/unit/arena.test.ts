import { afterEach, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Arena, FreeList, type AllocatedTensor } from '../../src/inference/memory/arena.js'

describe('a free list', () => {
  test('gives the first room that is large enough, and joins neighbours', () => {
    const free = new FreeList()
    expect(free.take(64)).toBeUndefined()
    free.give(0, 256)
    expect([free.take(64), free.take(64), free.take(128)]).toEqual([0, 64, 128])
    expect(free.take(1)).toBeUndefined()
    free.give(0, 64)
    free.give(128, 128)
    expect(free.take(192)).toBeUndefined()
    expect(free.freeAtEnd(256)).toBe(128)
    free.give(64, 64)
    expect(free.freeAtEnd(256)).toBe(256)
    expect(free.take(256)).toBe(0)
  })

  test('never gives the same memory twice, and has all of it again in the end', () => {
    const step = fc.tuple(fc.boolean(), fc.integer({ min: 1, max: 20 }), fc.nat(1000))
    fc.assert(
      fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
        const free = new FreeList()
        free.give(0, 100)
        const taken: { offset: number; bytes: number }[] = []
        for (const [take, bytes, which] of steps) {
          if (take) {
            const offset = free.take(bytes)
            if (offset === undefined) continue
            expect(offset + bytes).toBeLessThanOrEqual(100)
            for (const other of taken) {
              expect(offset + bytes <= other.offset || other.offset + other.bytes <= offset).toBe(true)
            }
            taken.push({ offset, bytes })
          } else {
            const [given] = taken.splice(which % Math.max(taken.length, 1), 1)
            if (given) free.give(given.offset, given.bytes)
          }
        }
        for (const { offset, bytes } of taken) free.give(offset, bytes)
        expect(free.take(100)).toBe(0)
      }),
    )
  })
})

describe('an arena', () => {
  const arenas: Arena[] = []
  const make = (): Arena => {
    const arena = new Arena()
    arenas.push(arena)
    return arena
  }
  afterEach(() => {
    for (const arena of arenas.splice(0)) arena.close()
  })

  test('lays tensors at whole cache lines, and takes memory again that was given back', () => {
    const arena = make()
    const first = arena.allocate('float32', [3])
    const second = arena.allocate('bool', [65])
    const third = arena.allocate('float64', [1])
    expect([first, second, third].map((each) => arena.offsetOf(each))).toEqual([0, 64, 192])
    expect(arena.size).toBe(4096)
    second.close()
    const again = arena.allocate('int64', [2, 8])
    expect(arena.offsetOf(again)).toBe(64)
    expect(again.data).toBeInstanceOf(BigInt64Array)
    expect(again.data).toHaveLength(16)
    expect(again.data).toBe(again.data)
  })

  test('grows, and older arrays go on', () => {
    const arena = make()
    const small = arena.allocate('uint8', [64])
    const { data } = small
    data.fill(7)
    const large = arena.allocate('float32', [1000, 1000])
    expect(arena.size).toBe(4_001_792)
    large.data.fill(1)
    expect([...new Set(data)]).toEqual([7])
    expect(small.data).toBe(data)
    const more = arena.allocate('uint8', [1])
    more.data[0] = 9
    expect(arena.offsetOf(more)).toBe(4_000_064)
  })

  test('holds tensors without elements, which take no memory', () => {
    const arena = make()
    expect(arena.allocate('float16', [0, 6]).data).toEqual(new Uint16Array(0))
    expect(arena.size).toBe(0)
  })

  test('a closed tensor gives no array, and one that was taken before may be touched', () => {
    const arena = make()
    const tensor = arena.allocate('float32', [1, 3])
    const { data } = tensor
    tensor.close()
    tensor.close()
    expect(() => tensor.data).toThrow(
      expect.objectContaining({
        name: 'PaddleError',
        code: 'TENSOR_CLOSED',
        message:
          'The float32 tensor [1,3] or its predictor was closed.\nAllocate another one, or close it later.',
      }),
    )
    expect(arena.offsetOf(tensor)).toBeUndefined()
    data.fill(5)
    const heir = arena.allocate('float32', [3])
    expect([...heir.data]).toEqual([5, 5, 5])
    data[0] = 1
    expect(heir.data[0]).toBe(1)
  })

  test('leaves with a block: `using`', () => {
    const arena = make()
    let kept: AllocatedTensor
    {
      using tensor = arena.allocate('int8', [1])
      kept = tensor
    }
    expect(() => kept.data).toThrow('The int8 tensor [1] or its predictor was closed')
  })

  test('closed, it closes its tensors, and arrays of before may still be touched', () => {
    const arena = make()
    const tensor = arena.allocate('float32', [1 << 20])
    const { data } = tensor
    arena.close()
    arena.close()
    data.fill(3)
    expect(data[(1 << 20) - 1]).toBe(3)
    expect(() => tensor.data).toThrow('The float32 tensor [1048576] or its predictor was closed')
    expect(() => arena.allocate('float32', [1])).toThrow(
      expect.objectContaining({
        code: 'PREDICTOR_CLOSED',
        message: 'No tensor can be allocated: the predictor was closed.\nCreate another one.',
      }),
    )
  })
})
