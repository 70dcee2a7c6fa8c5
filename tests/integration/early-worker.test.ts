import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { regions } from '../../scripts/soak/left.js'
import { Pipeline } from '../../src/index.js'
import { PredictorPool } from '../../src/inference/index.js'
import { prewarmWorker, withPrewarmed } from '../../src/inference/worker/prewarm.js'
import { tensor } from '../../src/tensor/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { processesWith } from '../helpers/processes.js'
import { testPython } from '../helpers/python.js'

/** Arena and two lanes, each with two regions. */
const regionsOfOne = 5

let nets: Nets
let folder: string
let python: string
beforeAll(async () => {
  nets = await makeNets()
  folder = await mkdtemp(join(tmpdir(), 'early-'))
  python = await testPython()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(folder, { recursive: true })
})

/** The workers of this process. Each test checks that none is left: see helpers/nothing-left.ts. */
const workers = (): number[] => processesWith(`start_script.py\0SIGKILL\0${process.pid}\0`)

const sums = () => ({
  x: tensor('float32', [1, 3], Float32Array.of(1, 1, 1)),
  n: tensor('int64', [1], BigInt64Array.of(1n)),
})

describe('a prewarmed worker', () => {
  test('is claimed by the task that receives it, with its memory; another task starts its own worker', async () => {
    const early = await prewarmWorker(undefined)
    const [pid] = workers()
    expect([workers(), regions()]).toEqual([[pid], regionsOfOne])
    const options = withPrewarmed(
      { workers: 1, preprocess: () => ({ feeds: sums() }), postprocess: (outputs: object) => outputs },
      early,
    )
    await using first = await Pipeline.load(nets.twoInTwoOut, options)
    expect([first.pool.info.pid, workers(), regions()]).toEqual([pid, [pid], regionsOfOne])
    await using second = await Pipeline.load(nets.twoInTwoOut, options)
    expect(second.pool.info.pid).not.toBe(pid)
    expect([workers().length, regions()]).toEqual([2, 2 * regionsOfOne])
    for (const { pool } of [first, second]) expect(Object.keys(await pool.run(sums()))).toHaveLength(2)
    // The starter no longer owns a claimed worker.
    await early.discard()
    expect([workers().length, regions()]).toEqual([2, 2 * regionsOfOne])
  })

  test('is the first worker of a pool', async () => {
    const early = await prewarmWorker(undefined)
    const [pid] = workers()
    await using pool = await PredictorPool.create(
      withPrewarmed({ model: nets.twoInTwoOut, workers: 2 }, early),
    )
    expect(pool.retrieve(0).info.pid).toBe(pid)
    // They share the arena.
    expect([workers().length, regions()]).toEqual([2, 2 * regionsOfOne - 1])
    const answers = await Promise.all(Array.from({ length: 8 }, () => pool.run(sums())))
    for (const answer of answers) expect(answer).toEqual(answers[0])
    await early.discard()
  })

  test.each([
    ['with another Python', () => ({ python: join(folder, 'python') })],
    ['that needs all of paddle', () => ({ passes: { delete: ['fc_fuse_pass'] } })],
  ])('is not used by a predictor %s, and is ended by its starter', async (_, others) => {
    // Through a link, Python would not find its packages.
    const script = `#!/bin/sh\nexec ${python} "$@"\n`
    await writeFile(join(folder, 'python'), script, { mode: 0o755 })
    const early = await prewarmWorker(python)
    const [pid] = workers()
    await using pool = await PredictorPool.create(
      withPrewarmed({ model: nets.twoInTwoOut, workers: 1, ...others() }, early),
    )
    expect(pool.info.pid).not.toBe(pid)
    expect([workers().length, regions()]).toEqual([2, regionsOfOne])
    await early.discard()
    expect([workers(), regions()]).toEqual([[pool.info.pid], regionsOfOne])
  })

  test('ends when it is discarded', async () => {
    const early = await prewarmWorker(undefined)
    await early.discard()
    expect([workers(), regions()]).toEqual([[], 0])
    await early.discard()
    await using pool = await PredictorPool.create(
      withPrewarmed({ model: nets.twoInTwoOut, workers: 1 }, early),
    )
    expect(Object.keys(await pool.run(sums()))).toHaveLength(2)
  })

  test('leaves no process when the pool fails to start', async () => {
    const early = await prewarmWorker(undefined)
    const made = PredictorPool.create(withPrewarmed({ model: join(folder, 'none'), workers: 1 }, early))
    await expect(made).rejects.toMatchObject({ code: 'MODEL_NOT_FOUND' })
    await early.discard()
    expect([workers(), regions()]).toEqual([[], 0])
  })
})

describe('a problem with its Python is reported', () => {
  test('at once, if it does not exist', async () => {
    await expect(prewarmWorker('/no/python')).rejects.toMatchObject({
      code: 'PYTHON_NOT_FOUND',
      message:
        'There is no Python interpreter at /no/python.\n' +
        'Specify a Python with paddle, or none to use the managed one (paddle-ts setup installs it).',
    })
    expect(regions()).toBe(0)
  })

  test('to the task that claims it, if it has no paddle', async () => {
    const early = await prewarmWorker('/bin/false')
    const options = { model: nets.twoInTwoOut, workers: 1, python: '/bin/false' }
    const plainly = await PredictorPool.create(options).catch((error: unknown) => error)
    const made = PredictorPool.create(withPrewarmed(options, early))
    await expect(made).rejects.toEqual(plainly)
    expect(plainly).toMatchObject({ code: 'PADDLE_IMPORT_FAILED' })
    await early.discard()
    expect([workers(), regions()]).toEqual([[], 0])
  })
})
