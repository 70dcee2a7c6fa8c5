import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import {
  Config,
  createPool,
  createPredictor,
  Pipeline,
  PredictorPool,
  tensor,
  type PredictorWarning,
  type Tensor,
} from '../../src/index.js'
import { makeMoreNets, type NetFolder } from '../helpers/nets.js'

let nets: NetFolder
let model: string
beforeAll(async () => {
  nets = await makeMoreNets('pdmodel')
  model = join(nets.folder, 'strip')
})
afterAll(async () => nets[Symbol.asyncDispose]())

const ones = (...shape: number[]): Tensor<'float32'> =>
  tensor('float32', shape, new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1))

const sumsOf = (outputs: Record<string, Tensor>): number[] =>
  Array.from(Object.values(outputs)[0]!.data, Number)

const declared = 'float32 [-1,3,48,-1]'
const warningOf = (got: string): PredictorWarning => ({
  code: 'DIMENSIONS_DIFFER',
  message:
    `Input \`x\` of ${join(model, 'inference.pdmodel')} is declared as ${declared}, but was fed float32 ${got}. ` +
    'Paddle does not check this, so the results may be wrong.\n' +
    'Feed the declared size. To make this an error: `strictShapes: true`.',
})
const refusal = (got: string) => ({
  name: 'RangeError',
  message: `Input \`x\` expects ${declared}, got float32 ${got}, which \`strictShapes\` forbids.`,
})

function listening(): { warnings: PredictorWarning[]; onWarning: (warning: PredictorWarning) => void } {
  const warnings: PredictorWarning[] = []
  const onWarning = (warning: PredictorWarning): void => void warnings.push(warning)
  return { warnings, onWarning }
}

describe('a feed of another size than the program declares', () => {
  test('runs with one warning, in a predictor, its handles, its memory and its clone', async () => {
    const { warnings, onWarning } = listening()
    await using predictor = await createPredictor({ model, onWarning })
    expect(sumsOf(await predictor.run({ x: ones(1, 3, 48, 5) }))).toEqual([720])
    expect(warnings).toEqual([])
    expect(sumsOf(await predictor.run({ x: ones(2, 3, 32, 5) }))).toEqual([480, 480])
    expect(warnings).toEqual([warningOf('[2,3,32,5]')])
    expect(sumsOf(await predictor.run({ x: ones(1, 3, 8, 5) }))).toEqual([120])
    await using clone = await predictor.clone()
    expect(sumsOf(await clone.run({ x: ones(1, 3, 16, 5) }))).toEqual([240])
    const x = predictor.allocate('x', [1, 3, 4, 5])
    ;(x.data as Float32Array).fill(1)
    expect(sumsOf(await predictor.run({ x }))).toEqual([60])
    predictor.getInputHandle('x').copyFromCpu(ones(1, 3, 2, 5))
    expect(sumsOf(await predictor.run())).toEqual([30])
    expect(warnings).toHaveLength(1)
  })

  test('runs with one warning for all workers of a pool, and for the predictors retrieved from it', async () => {
    const { warnings, onWarning } = listening()
    await using pool = await PredictorPool.create({ model, workers: 2, onWarning })
    const run = () => pool.run({ x: ones(1, 3, 32, 5) })
    expect((await Promise.all([run(), run(), run(), run()])).map(sumsOf)).toEqual([
      [480],
      [480],
      [480],
      [480],
    ])
    expect(sumsOf(await pool.retrieve(1).run({ x: ones(1, 3, 8, 5) }))).toEqual([120])
    expect(warnings).toEqual([warningOf('[1,3,32,5]')])
  })

  test('warns once for each model of a pool of several', async () => {
    const { warnings, onWarning } = listening()
    await using pool = await createPool({
      models: { one: { model }, two: { model, strictShapes: true } },
      workers: 1,
      onWarning,
    })
    const feeds = { x: ones(1, 3, 32, 5) }
    expect(sumsOf(await pool.models.one.run(feeds))).toEqual([480])
    await expect(pool.models.two.run(feeds)).rejects.toMatchObject(refusal('[1,3,32,5]'))
    expect(warnings).toEqual([{ ...warningOf('[1,3,32,5]'), model: 'one' }])
  })

  test('is an error with `strictShapes`, however it is fed', async () => {
    await using pool = await PredictorPool.create(new Config(model), { workers: 1, strictShapes: true })
    const predictor = pool.retrieve(0)
    const wrong = { x: ones(1, 3, 32, 5) }
    await expect(pool.run(wrong)).rejects.toMatchObject(refusal('[1,3,32,5]'))
    await expect(predictor.run(wrong)).rejects.toMatchObject(refusal('[1,3,32,5]'))
    await expect(
      pool.run({ x: { dtype: 'float32', shape: [1, 3, 47, 1], write: () => undefined } }),
    ).rejects.toMatchObject(refusal('[1,3,47,1]'))
    for (const allocate of [
      () => pool.allocate('x', [1, 4, 48, 5]),
      () => predictor.allocate('x', [1, 4, 48, 5]),
    ])
      expect(allocate).toThrow(expect.objectContaining(refusal('[1,4,48,5]')))
    const handle = predictor.getInputHandle('x')
    expect(() => {
      handle.copyFromCpu(ones(1, 3, 49, 5))
    }).toThrow(expect.objectContaining(refusal('[1,3,49,5]')))
    expect(sumsOf(await pool.run({ x: ones(1, 3, 48, 5) }))).toEqual([720])
  })

  test('is the error of its own input in a pipeline, also in a batch', async () => {
    await using pipeline = await Pipeline.load(model, {
      preprocess: (height: number) => ({ feeds: { x: ones(1, 3, height, 5) } }),
      postprocess: (outputs) => sumsOf(outputs)[0],
      ...{ workers: 1, strictShapes: true },
    })
    const results: unknown[] = []
    for await (const { value, error } of pipeline.run([48, 32, 48, 32], { batchSize: 4 }))
      results.push(value ?? error)
    expect(results).toEqual([720, expect.any(RangeError), 720, expect.any(RangeError)])
    expect(results[1]).toMatchObject(refusal('[1,3,32,5]'))
  })
})

describe('images with the channels in the wrong place', () => {
  test('last, for a network that takes them first', async () => {
    await using predictor = await createPredictor({ model })
    await expect(predictor.run({ x: ones(1, 48, 100, 3) })).rejects.toMatchObject({
      name: 'TypeError',
      message:
        `Input \`x\` expects ${declared}, got float32 [1,48,100,3]: ` +
        'this is NHWC, but the network takes NCHW. Move the channels before the height.',
    })
  })

  test('first, for a network that takes them last', async () => {
    await using predictor = await createPredictor({ model: join(nets.folder, 'channels-last') })
    await expect(predictor.run({ x: ones(1, 3, 48, 100) })).rejects.toMatchObject({
      name: 'TypeError',
      message:
        'Input `x` expects float32 [-1,-1,-1,3], got float32 [1,3,48,100]: ' +
        'this is NCHW, but the network takes NHWC. Move the channels after the width.',
    })
    expect(sumsOf(await predictor.run({ x: ones(1, 3, 4, 3) }))).toEqual([36])
  })
})
