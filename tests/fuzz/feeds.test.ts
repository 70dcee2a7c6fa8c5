import { afterAll, beforeAll, expect, test } from '@jest/globals'
import fc from 'fast-check'
import ndarray from 'ndarray'
import { createPredictor, type Feeds, type Predictor } from '../../src/index.js'
import { fuzzing } from '../helpers/fuzz.js'
import { makeNets, type Nets } from '../helpers/nets.js'

let nets: Nets
/** Gives x + n by row, and 2n. */
let predictor: Predictor
let x: string
let n: string

beforeAll(async () => {
  nets = await makeNets()
  predictor = await createPredictor({ model: nets.twoInTwoOut })
  ;[x, n] = predictor.getInputNames() as [string, string]
})
afterAll(async () => {
  await predictor.close()
  await nets[Symbol.asyncDispose]()
})

/** What a number, a shape, data or anything else may be given as. */
const odd = fc.oneof(
  fc.anything({ withBigInt: true, withTypedArray: true, withSparseArray: true, maxDepth: 2 }),
  fc.constantFrom<unknown>(NaN, -0, -1, 2 ** 31, 2 ** 53, Infinity, Symbol('feed'), () => 1, 2n ** 64n),
  fc.constant(new Proxy([], { get: () => undefined })),
)
const dimension = fc.oneof(
  { weight: 6, arbitrary: fc.constantFrom<unknown>(1, 2, 3) },
  { weight: 1, arbitrary: odd },
)
const shape = fc.oneof(fc.array(dimension, { maxLength: 4 }), odd)
const element = fc.oneof(fc.double(), fc.integer(), fc.bigInt(), fc.boolean(), odd)
const data = fc.oneof(
  fc.float32Array({ maxLength: 9 }),
  fc.bigInt64Array({ maxLength: 9 }),
  fc.uint16Array({ maxLength: 9 }),
  fc.array(element, { maxLength: 9 }),
  odd,
)
const dtype = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom<unknown>('float32', 'int64') },
  { weight: 1, arbitrary: fc.constantFrom<unknown>('bool', 'float16', 'int16', 'toString', '__proto__') },
  { weight: 1, arbitrary: odd },
)
const lod = fc.oneof(fc.array(fc.array(fc.integer({ min: -1, max: 4 })), { maxLength: 2 }), odd)
const nested = fc.letrec((tie) => ({
  tree: fc.oneof({ maxDepth: 3 }, element, fc.array(tie('tree'), { maxLength: 3 })),
})).tree
const wrong = fc.oneof(
  fc.record({ dtype, shape, data, lod }, { requiredKeys: [] }),
  fc.record({ dtype, shape, data }),
  fc.record({ data, shape, stride: shape, offset: dimension }),
  fc
    .tuple(shape, shape, dimension)
    .map(([dims, stride, offset]) => ({ data: new Float32Array(6), shape: dims, stride, offset })),
  fc.record({ dtype, shape, write: odd }),
  nested,
  odd,
)

/** The least numbers are zero to paddle. */
const number = fc.float().map((value) => (Math.abs(value) < 2 ** -100 ? 0 : value))
const rows = fc.array(fc.tuple(number, number, number, fc.bigInt({ min: -1000n, max: 1000n })), {
  minLength: 1,
  maxLength: 4,
})

type Row = readonly [number, number, number, bigint]

/** Ways to give the same rows. */
const ways: readonly ((given: readonly Row[]) => [unknown, unknown])[] = [
  (given) => [given.map(([a, b, c]) => [a, b, c]), given.map(([, , , add]) => add)],
  (given) => [
    { dtype: 'float32', shape: [given.length, 3], data: given.flatMap(([a, b, c]) => [a, b, c]) },
    { dtype: 'int64', shape: [given.length], data: BigInt64Array.from(given, ([, , , add]) => add) },
  ],
  (given) => [
    ndarray(
      Float32Array.from([0, 1, 2].flatMap((column) => given.map((row) => row[column] as number))),
      [given.length, 3],
      [1, given.length],
    ),
    {
      dtype: 'int64',
      shape: [given.length],
      write: (to: BigInt64Array) => {
        to.set(given.map(([, , , add]) => add))
      },
    },
  ],
]

function answerTo(given: readonly Row[]): { sums: number[]; twice: bigint[] } {
  const { fround } = Math
  return {
    sums: given.flatMap(([a, b, c, add]) => [a, b, c].map((value) => fround(value + Number(add)))),
    twice: given.map(([, , , add]) => 2n * add),
  }
}

async function expectAnswer(feeds: Feeds, given: readonly Row[]): Promise<void> {
  const outputs = Object.values(await predictor.run(feeds))
  const [sums, twice] = outputs.map((output) => [...(output.data as Float32Array)]) as unknown as [
    number[],
    bigint[],
  ]
  expect({ sums, twice }).toEqual(answerTo(given))
}

test(`good feeds, however they are given, have the right answer (seed ${fuzzing.seed})`, async () => {
  const property = fc.asyncProperty(
    rows,
    fc.constantFrom(...ways),
    fc.constantFrom(...ways),
    async (given, one, other) => {
      await expectAnswer({ [x]: one(given)[0], [n]: other(given)[1] } as Feeds, given)
    },
  )
  await fc.assert(property, fuzzing.parameters('good feeds', 300))
})

test(`any feeds are answered or refused, and the next run is right (seed ${fuzzing.seed})`, async () => {
  const good: readonly Row[] = [[1, 2, 3, 4n]]
  const tally = { answered: 0, refused: 0 }
  const property = fc.asyncProperty(
    fc.oneof(
      fc
        .record({ one: wrong, other: fc.constant<unknown>([1n, 2n]) })
        .map(({ one, other }) => ({ [x]: one, [n]: other })),
      fc.record({ one: wrong, other: wrong }).map(({ one, other }) => ({ [x]: one, [n]: other })),
      fc.dictionary(fc.string(), wrong),
      odd,
    ),
    async (feeds) => {
      try {
        const outputs = Object.values(
          await predictor.run(feeds === undefined ? (null as never) : (feeds as Feeds)),
        )
        for (const output of outputs) {
          expect(output.data.length).toBe(output.shape.reduce((product, each) => product * each, 1))
        }
        tally.answered += 1
      } catch (error) {
        // A caller's mistake, or what paddle says to shapes that do not go together; nothing else.
        const { name, code = name } = error as { name: string; code?: string }
        expect([
          'TypeError',
          'RangeError',
          'RUN_FAILED',
          'DTYPE_UNSUPPORTED',
          'SHARED_MEMORY_FAILED',
        ]).toContain(code)
        expect((error as Error).message).not.toMatch(/undefined \(reading|is not a function|is not iterable/)
        tally.refused += 1
      }
      if (tally.refused % 10 === 0) await expectAnswer({ [x]: [[1, 2, 3]], [n]: [4n] }, good)
    },
  )
  await fc.assert(property, fuzzing.parameters('any feeds', 600))
  expect(tally.refused).toBeGreaterThan(0)
  await expectAnswer({ [x]: [[1, 2, 3]], [n]: [4n] }, good)
})
