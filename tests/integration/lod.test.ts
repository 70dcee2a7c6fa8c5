import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  createPredictor,
  inspectModel,
  packSequences,
  PredictorPool,
  tensor,
  type Feed,
  type Predictor,
  type Tensor,
} from '../../src/index.js'
import { faultyPython } from '../helpers/faulty.js'
import { goldenCases, greatestDifference } from '../helpers/golden.js'
import { makeMoreNets, type NetFolder } from '../helpers/nets.js'
import { describeReal, realModels } from '../helpers/real-models.js'

let nets: NetFolder
let folder: string
beforeAll(async () => {
  nets = await makeMoreNets('pdmodel')
  folder = await mkdtemp(join(tmpdir(), 'lod-'))
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

const valuesOf = (outputs: Record<string, Tensor>): number[] =>
  Array.from(Object.values(outputs)[0]!.data, Number)

describe('inputs with a LoD', () => {
  let oneLevel: Predictor
  let twoLevels: Predictor
  beforeAll(async () => {
    oneLevel = await createPredictor({ model: join(nets.folder, 'one-level') })
    twoLevels = await createPredictor({ model: join(nets.folder, 'two-levels') })
  })
  afterAll(() => Promise.all([oneLevel.close(), twoLevels.close()]))

  test('are declared with their number of levels', async () => {
    const x = { name: 'x', dtype: 'float32', shape: [-1, 1] }
    expect(oneLevel.inputs).toEqual([{ ...x, lodLevel: 1 }])
    expect(twoLevels.inputs).toEqual([{ ...x, lodLevel: 2 }])
    expect((await inspectModel(join(nets.folder, 'two-levels'))).inputs).toEqual([{ ...x, lodLevel: 2 }])
    // An input without a LoD has no such property.
    expect((await inspectModel(join(nets.folder, 'one-input'))).inputs).toEqual([{ ...x, shape: [-1, -1] }])
  })

  test('packed sequences are fed, several times over', async () => {
    const x = packSequences([[1, 2], [3], [4, 5, 6]])
    expect(x).toEqual(tensor('float32', [6, 1], [1, 2, 3, 4, 5, 6], [[0, 2, 3, 6]]))
    // The worker keeps the tensor of an equal feed.
    for (let run = 0; run < 3; run += 1) expect(valuesOf(await oneLevel.run({ x }))).toEqual([3, 3, 15])
    const nested = packSequences([[[1], [2, 3]], [[4, 5, 6]]], { levels: 2 })
    expect(valuesOf(await twoLevels.run({ x: nested }))).toEqual([1, 5, 15])
  })

  const six = new Float32Array([1, 2, 3, 4, 5, 6])
  const packing = '`packSequences` makes a tensor with its LoD from the sequences.'
  test.each<[string, 'one-level' | 'two-levels', Feed, string]>([
    [
      'no LoD',
      'one-level',
      { dtype: 'float32', shape: [6, 1], data: six },
      `TypeError: Input \`x\` of {model} requires a LoD with 1 level, got a tensor without one. ${packing}`,
    ],
    [
      'an empty LoD',
      'one-level',
      { dtype: 'float32', shape: [6, 1], data: six, lod: [] },
      `TypeError: Input \`x\` of {model} requires a LoD with 1 level, got a tensor without one. ${packing}`,
    ],
    [
      'nested arrays',
      'two-levels',
      [[1], [2]],
      `TypeError: Input \`x\` of {model} requires a LoD with 2 levels, got a tensor without one. ${packing}`,
    ],
    [
      'a writer without a LoD',
      'one-level',
      { dtype: 'float32', shape: [6, 1], write: () => undefined },
      `TypeError: Input \`x\` of {model} requires a LoD with 1 level, got a tensor without one. ${packing}`,
    ],
    [
      'a level too many',
      'one-level',
      {
        dtype: 'float32',
        shape: [6, 1],
        data: six,
        lod: [
          [0, 1],
          [0, 6],
        ],
      },
      'TypeError: Input `x` of {model} requires a LoD with 1 level, got 2 levels.',
    ],
    [
      'a level too few',
      'two-levels',
      { dtype: 'float32', shape: [6, 1], data: six, lod: [[0, 6]] },
      'TypeError: Input `x` of {model} requires a LoD with 2 levels, got 1 level.',
    ],
    [
      'lengths',
      'one-level',
      { dtype: 'float32', shape: [6, 1], data: six, lod: [[2, 1, 3]] },
      'RangeError: Expected offsets for `x.lod`, got lengths: instead of [[2,1,3]], give [[0,2,3,6]].',
    ],
    [
      'lengths on two levels',
      'two-levels',
      {
        dtype: 'float32',
        shape: [6, 1],
        data: six,
        lod: [
          [2, 1],
          [1, 2, 3],
        ],
      },
      'RangeError: Expected offsets for `x.lod`, got lengths: instead of [[2,1],[1,2,3]], give [[0,2,3],[0,1,3,6]].',
    ],
  ])('%s is rejected before anything is sent', async (_, net, x, message) => {
    const predictor = net === 'one-level' ? oneLevel : twoLevels
    const error: unknown = await predictor.run({ x }).catch((thrown: unknown) => thrown)
    expect(String(error)).toBe(message.replace('{model}', join(nets.folder, net, 'inference.pdmodel')))
    const pid = predictor.info.pid
    expect(pid).toBeDefined()
    process.kill(pid!, 0)
  })

  test('a handle gets its LoD after its data, and is checked when it runs', async () => {
    const handle = oneLevel.getInputHandle('x')
    handle.reshape([6, 1])
    handle.copyFromCpu(six)
    await expect(oneLevel.run()).rejects.toMatchObject({
      name: 'TypeError',
      message: expect.stringContaining('requires a LoD with 1 level'),
    })
    handle.setLod([[0, 2, 6]])
    expect(valuesOf(await oneLevel.run())).toEqual([3, 18])
  })

  test('an allocated tensor, a pool and a retrieved predictor are checked too', async () => {
    await using pool = await PredictorPool.create({ model: join(nets.folder, 'one-level'), workers: 1 })
    const x = pool.allocate('x', [6, 1])
    ;(x.data as Float32Array).set(six)
    const message = expect.stringContaining('requires a LoD with 1 level')
    await expect(pool.run({ x })).rejects.toMatchObject({ name: 'TypeError', message })
    await expect(pool.retrieve(0).run({ x })).rejects.toMatchObject({ name: 'TypeError', message })
    x.lod = [[0, 1, 6]]
    expect(valuesOf(await pool.run({ x }))).toEqual([1, 20])
    expect(valuesOf(await pool.retrieve(0).run({ x }))).toEqual([1, 20])
    expect(pool.stats().restarts).toBe(0)
  })
})

test('the error of a death names what was fed; after a death without oneDNN too, the advice is another', async () => {
  const model = join(nets.folder, 'one-level')
  const python = await faultyPython(folder, 'by_feed')
  const x = packSequences([[-1, 11], [-1]])
  await using predictor = await createPredictor({ model, python })
  const error: unknown = await predictor.run({ x }).catch((thrown: unknown) => thrown)
  expect(error).toMatchObject({
    code: 'WORKER_DIED',
    details: {
      signal: 'SIGSEGV',
      fed: [{ name: 'x', dtype: 'float32', shape: [3, 1], declared: [-1, 1], lod: [[0, 2, 3]] }],
    },
  })
  const after =
    'It was fed: `x` float32 [3,1] with the LoD [[0,2,3]], declared [-1,1].\n' +
    'It crashes without oneDNN too: compare the feeds with the `inputs` of the model, or export the model again.'
  expect((error as Error).message.endsWith(after)).toBe(true)
  // Later runs report the same death.
  await expect(predictor.run({ x })).rejects.toMatchObject({
    message: expect.stringContaining('It crashes without oneDNN too'),
  })
})

test('a run that waits for a worker that dies is not blamed for it', async () => {
  const model = join(nets.folder, 'one-level')
  const python = await faultyPython(folder, 'by_feed')
  await using predictor = await createPredictor({ model, python, oneDnn: false })
  const [first, second] = await Promise.allSettled([
    predictor.run({ x: packSequences([[-1, 11, -1]]) }),
    predictor.run({ x: packSequences([[1, 2]]) }),
  ])
  expect(first).toMatchObject({ reason: { code: 'WORKER_DIED', details: { fed: [{ lod: [[0, 3]] }] } } })
  expect(second).toMatchObject({ reason: { code: 'WORKER_DIED' } })
  expect(second).not.toHaveProperty('reason.details.fed')
})

describeReal('a trained text classifier', () => {
  test('several texts in one run have the scores of each alone', async () => {
    const model = join(realModels, 'text-classifier-lod')
    await using predictor = await createPredictor({ model })
    const [golden] = goldenCases(model)
    const words = golden!.inputs['words']!
    const text = Array.from(words.data as BigInt64Array)
    const [expected] = Object.values(golden!.outputs)
    const [both] = Object.values(await predictor.run({ words: packSequences([text, [1n, 2n], text]) }))
    expect(both!.shape).toEqual([3, 2])
    const [short] = Object.values(await predictor.run({ words: packSequences([[1n, 2n]]) }))
    const alone = [...expected!.data, ...short!.data, ...expected!.data].map(Number)
    expect(greatestDifference(both!, tensor('float32', [3, 2], alone))).toBeLessThan(1e-4)
  })
})
