import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createPredictor, PredictorPool } from '../../src/inference/index.js'
import { tensor } from '../../src/tensor/index.js'
import { faultyPython } from '../helpers/faulty.js'
import { makeNets, type Nets } from '../helpers/nets.js'

let nets: Nets
let folder: string
let faults: string
let python: string

beforeAll(async () => {
  nets = await makeNets()
  folder = await mkdtemp(join(tmpdir(), 'output-memory-'))
  python = await faultyPython(folder, 'asking_for_room')
})
afterAll(async () => {
  delete process.env['FAULTS']
  await nets[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})
beforeEach(async () => {
  faults = await mkdtemp(join(folder, 'faults-'))
  process.env['FAULTS'] = faults
})

const feeds = { x: tensor('float32', [2, 1], [5, 6]) }
const outputs = [tensor('float32', [2, 16], [...Array<number>(16).fill(5), ...Array<number>(16).fill(6)])]

test('a worker that dies before it receives the requested memory fails its runs', async () => {
  await using predictor = await createPredictor({ model: nets.grow, python, oneDnn: false })
  const message = expect.stringContaining(
    `The worker died with SIGSEGV during \`run\` (${nets.grow}/inference.pdmodel, oneDNN off).`,
  )
  const died = { code: 'WORKER_DIED', message }
  await Promise.all([
    expect(predictor.run(feeds)).rejects.toMatchObject(died),
    expect(predictor.run(feeds)).rejects.toMatchObject(died),
  ])
  await expect(predictor.run(feeds)).rejects.toMatchObject(died)
})

test('a pool retries such a run, on a worker that maps the memory of the dead one', async () => {
  await using pool = await PredictorPool.create({ model: nets.grow, python, workers: 1, oneDnn: false })
  const runs = await Promise.all([pool.run(feeds), pool.run(feeds)])
  expect(runs.map((run) => Object.values(run))).toEqual([outputs, outputs])
  // The next worker asks once per lane.
  expect((await readdir(faults)).length).toBeGreaterThan(1)
})

test('a predictor retries such a run without oneDNN', async () => {
  await using predictor = await createPredictor({ model: nets.grow, python })
  expect(Object.values(await predictor.run(feeds))).toEqual(outputs)
  expect(predictor.info).toMatchObject({ oneDnn: false })
})
