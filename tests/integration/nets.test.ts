import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { createPredictor, type Feeds } from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { makeMoreNets, type NetFolder, type NetFormat } from '../helpers/nets.js'
import { readsJson } from '../helpers/wheel.js'

const floats = (shape: number[], data: number[]): Tensor => tensor('float32', shape, new Float32Array(data))
const ints = (shape: number[], data: number[]): Tensor => tensor('int32', shape, new Int32Array(data))
const bools = (shape: number[], data: number[]): Tensor => tensor('bool', shape, new Uint8Array(data))

/**
 * Both formats, if the wheel supports both; the tests of the trained models cover that 2.6 cannot read the
 * newer one.
 */
const formats: NetFormat[] = (await readsJson()) ? ['pdmodel', 'json'] : ['pdmodel']

describe.each(formats)('a generated network as .%s', (format) => {
  let nets: NetFolder
  beforeAll(async () => {
    nets = await makeMoreNets(format)
  })
  afterAll(async () => {
    await nets[Symbol.asyncDispose]()
  })

  /** Returns the outputs for the feeds, run one after the other on one predictor. */
  const answers = async (net: string, ...feeds: Feeds[]): Promise<Tensor[][]> => {
    await using predictor = await createPredictor({ model: `${nets.folder}/${net}` })
    expect(predictor.info).toMatchObject({ format, oneDnnFailure: undefined })
    const outputs: Tensor[][] = []
    for (const feed of feeds) outputs.push(Object.values(await predictor.run(feed)))
    return outputs
  }

  test('no inputs', async () => {
    const counted = [ints([6], [0, 1, 2, 3, 4, 5])]
    expect(await answers('no-inputs', {}, {})).toEqual([counted, counted])
  })

  test('three inputs of three types', async () => {
    const a = floats([2, 2], [0.5, 1.5, 2.5, 3.5])
    const b = ints([2, 2], [-1, -2, -3, 2 ** 24])
    const c = bools([2, 2], [1, 0, 1, 0])
    expect(await answers('three-inputs', { a, b, c })).toEqual([[floats([2, 2], [0.5, -2, 2.5, 2 ** 24])]])
  })

  test('27 inputs, each with its own name', async () => {
    const feeds = Object.fromEntries(
      Array.from({ length: 27 }, (_, index) => [`x${index}`, floats([1, 2], [index, 1])]),
    )
    // The sums of the squares and of the numbers from 0 to 26.
    expect(await answers('many-inputs', feeds)).toEqual([[floats([1, 2], [6201, 351])]])
  })

  test('outputs of four types, including an empty one and a scalar', async () => {
    const low = [-1, -2, -3, -4, -5, -6]
    const high = [1, 2, 3, 4, 5, 6.5]
    const [some, none, again] = await answers(
      'kinds',
      { x: floats([3, 6], [...high, ...low, ...high]) },
      { x: floats([2, 6], [...low, ...low]) },
      { x: floats([1, 6], high) },
    )
    expect(some).toEqual([
      floats([2, 6], [...high, ...high]),
      bools([3], [1, 0, 1]),
      ints([2, 1], [0, 2]),
      floats([], [6.5]),
    ])
    expect(none).toEqual([floats([0, 6], []), bools([2], [0, 0]), ints([0, 1], []), floats([], [-1])])
    expect(again).toEqual([floats([1, 6], high), bools([1], [1]), ints([1, 1], [0]), floats([], [6.5])])
  })

  test('height and width change from run to run on one predictor', async () => {
    const images = [
      [1, 3, 4],
      [2, 5, 2],
      [1, 48, 64],
      [1, 3, 4],
    ].map(([count, height, width]) => image(count!, height!, width!))
    const outputs = await answers('blur', ...images.map((x) => ({ x })))
    expect(outputs).toEqual(images.map((x) => [neighbourhoods(x)]))
  })

  test('100 MB in, 100 MB out, and small tensors before and after', async () => {
    const columns = 1 << 20
    const rows = 25
    const data = new Float32Array(rows * columns).map((_, index) => index % 1000)
    const small = floats([1, 2], [1, 2])
    const big = tensor('float32', [rows, columns], data)
    const [before, large, after] = await answers('one-input', { x: small }, { x: big }, { x: small })
    expect([before, after]).toEqual([[floats([1, 2], [2, 4])], [floats([1, 2], [2, 4])]])
    const [output] = large!
    expect(output!.shape).toEqual([rows, columns])
    expect(output!.data.byteLength).toBe(100 * 2 ** 20)
    expect((output!.data as Float32Array).findIndex((value, index) => value !== 2 * data[index]!)).toBe(-1)
  })

  if (format === 'pdmodel') {
    test('a LoD of one level as input and output', async () => {
      const x = (lod: number[]): Tensor => ({ ...floats([4, 1], [1, 2, 3, 4]), lod: [lod] })
      const [first, second] = await answers('one-level', { x: x([0, 2, 4]) }, { x: x([0, 1, 4]) })
      expect(first![0]).toMatchObject(floats([2, 1], [3, 7]))
      expect(second![0]).toMatchObject(floats([2, 1], [1, 9]))
      expect(first![1]).toMatchObject({ shape: [4, 1], lod: [[0, 2, 4]] })
      expect(second![1]).toMatchObject({ shape: [4, 1], lod: [[0, 1, 4]] })
      const shares = softmax([1, 2])
      for (const [index, share] of [...shares, ...shares].entries()) {
        expect(first![1]!.data[index]).toBeCloseTo(share, 6)
      }
      for (const [index, share] of [1, ...softmax([2, 3, 4])].entries()) {
        expect(second![1]!.data[index]).toBeCloseTo(share, 6)
      }
    })

    test('a LoD of two levels as input and output', async () => {
      const lod = [
        [0, 2, 3],
        [0, 1, 3, 6],
      ]
      const x = { ...floats([6, 1], [1, 2, 3, 4, 5, 6]), lod }
      expect(await answers('two-levels', { x })).toEqual([
        [
          { ...floats([3, 1], [1, 5, 15]), lod: [[0, 2, 3]] },
          { ...floats([6, 1], [2, 4, 6, 8, 10, 12]), lod },
        ],
      ])
    })
  }
})

/** Images of small integers, so that no sum is rounded. */
function image(count: number, height: number, width: number): Tensor {
  return floats(
    [count, 1, height, width],
    Array.from({ length: count * height * width }, (_, index) => (index * 7) % 11),
  )
}

/** The sums of the 3×3 neighbourhoods. */
function neighbourhoods({ shape, data }: Tensor): Tensor {
  const [, , height, width] = shape as [number, number, number, number]
  const around = [-1, 0, 1]
  const sums = Array.from(data as Float32Array, (_, index) => {
    const column = index % width
    const row = Math.floor(index / width) % height
    const values = around.flatMap((down) =>
      around.map((right) => {
        const inside = row + down >= 0 && row + down < height && column + right >= 0 && column + right < width
        return inside ? Number(data[index + down * width + right]) : 0
      }),
    )
    return values.reduce((sum, value) => sum + value, 0)
  })
  return floats([...shape], sums)
}

function softmax(values: number[]): number[] {
  const powers = values.map(Math.exp)
  const total = powers.reduce((sum, power) => sum + power, 0)
  return powers.map((power) => power / total)
}
