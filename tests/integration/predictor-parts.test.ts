import { mkdtempSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { Config, createPredictor, type Predictor } from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { wheelVersion } from '../helpers/wheel.js'

let nets: Nets
let predictor: Predictor

beforeAll(async () => {
  nets = await makeNets()
  predictor = await createPredictor({ model: nets.twoInTwoOut })
})

afterAll(async () => {
  await predictor.close()
  await nets[Symbol.asyncDispose]()
})

const feeds = (x: number): { x: Tensor; n: Tensor } => ({
  x: tensor('float32', [1, 3], new Float32Array([x, x, x])),
  n: tensor('int64', [1], new BigInt64Array([1n])),
})

test('info contains the effective settings', async () => {
  expect(predictor.info).toMatchObject({
    model: `${nets.twoInTwoOut}/inference.pdmodel`,
    params: undefined,
    format: 'pdmodel',
    device: 'cpu',
    oneDnn: true,
    oneDnnFailure: undefined,
    cpuThreads: 1,
    paddle: await wheelVersion(),
  })
})

test('only the fetched outputs are returned', async () => {
  const [, doubled] = predictor.getOutputNames()
  const outputs = await predictor.run(feeds(1), { fetch: [doubled!] })
  expect(outputs).toEqual({ [doubled!]: tensor('int64', [1], new BigInt64Array([2n])) })
  await expect(predictor.run(feeds(1), { fetch: ['none'] })).rejects.toThrow(
    `No output \`none\`: the model's outputs are `,
  )
  await expect(predictor.run(feeds(1), { fetch: 'none' as never })).rejects.toThrow(
    new TypeError('Expected an array of names of outputs for `fetch`, got `none` (string).'),
  )
})

test('a clone is another process with the same model, and outlives the original', async () => {
  await using first = await createPredictor({ model: nets.twoInTwoOut })
  await using second = await first.clone()
  expect(second.info.pid).not.toBe(first.info.pid)
  await first.close()
  const outputs = await second.run(feeds(3))
  expect([...outputs[second.getOutputNames()[0]!]!.data]).toEqual([4, 4, 4])
})

test('memory is freed between runs, and runs continue', async () => {
  const [sum] = predictor.getOutputNames()
  await predictor.run(feeds(1))
  await predictor.clearIntermediateTensor()
  expect(await predictor.tryShrinkMemory()).toBeGreaterThanOrEqual(0)
  const outputs = await predictor.run(feeds(2))
  expect([...outputs[sum!]!.data]).toEqual([3, 3, 3])
})

test('a tensor in shared memory is fed without a copy', async () => {
  const [sum] = predictor.getOutputNames()
  using x = predictor.allocate('x', [2, 3])
  const n = tensor('int64', [2], new BigInt64Array([1n, 2n]))
  for (const value of [1, 5]) {
    ;(x.data as Float32Array).fill(value)
    const outputs = await predictor.run({ x, n })
    expect([...outputs[sum!]!.data]).toEqual([1, 1, 1, 2, 2, 2].map((each) => each + value))
  }
  expect(() => predictor.allocate('y', [1])).toThrow("No input `y`: the model's inputs are `x`, `n`.")
  expect(() => predictor.allocate('x', [3])).toThrow(
    new TypeError('Input `x` expects float32 [-1,3] (2 dimensions), got float32 [3] (1).'),
  )
})

describe('hooks', () => {
  test('see the outputs of operators with their names, in the order of the run', async () => {
    await using hooked = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const seen: { operator: string; values: number[] }[] = []
    await hooked.registerOutputHook((operator, _name, { data }) => {
      seen.push({ operator, values: [...data].map(Number) })
    })
    const outputs = await hooked.run(feeds(1))
    expect([...outputs[hooked.getOutputNames()[0]!]!.data]).toEqual([2, 2, 2])
    expect(seen).toContainEqual({ operator: 'elementwise_add', values: [2, 2, 2] })
    const once = seen.length
    await hooked.run(feeds(2))
    expect(seen).toHaveLength(2 * once)
    await expect(hooked.registerOutputHook(1 as never)).rejects.toThrow(TypeError)
  })

  test('see everything if it needs more memory than the region has, whatever is fetched', async () => {
    await using hooked = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const [, doubled] = hooked.getOutputNames()
    const seen: unknown[] = []
    await hooked.registerOutputHook((_operator, _name, { shape, data }) => {
      seen.push({ shape, data: [...data] })
    })
    const run = async (rows: number): Promise<void> => {
      const x = Array.from({ length: 3 * rows }, (_, index) => index)
      const n = Array.from({ length: rows }, (_, index) => BigInt(index))
      const outputs = await hooked.run(
        { x: tensor('float32', [rows, 3], x), n: tensor('int64', [rows], n) },
        { fetch: [doubled!] },
      )
      expect(outputs).toEqual({
        [doubled!]: tensor(
          'int64',
          [rows],
          n.map((each) => 2n * each),
        ),
      })
      const sums = x.map((each, index) => each + Math.floor(index / 3))
      expect(seen).toContainEqual({ shape: [rows, 3], data: sums })
    }
    await Promise.all([run(1), run(1000), run(20_000), run(2)])
  })

  test('see the inputs of operators, if the wheel supports it', async () => {
    await using hooked = await createPredictor({ model: nets.twoInTwoOut, oneDnn: false })
    const seen: number[][] = []
    const registered = hooked.registerInputHook((_operator, _name, { data }) => {
      seen.push([...data].map(Number))
    })
    if ((await wheelVersion()).startsWith('2.')) {
      const refusal = {
        code: 'CONFIG_UNSUPPORTED',
        message:
          'paddle 2.6.2 has no register_input_hook(); paddle 3.2.2 and 3.3.1 have it.\n' +
          'Install one of those: paddle-ts setup --paddle-version 3.3.1',
      }
      await expect(registered).rejects.toMatchObject(refusal)
      await expect(hooked.registerInputHook(() => undefined)).rejects.toMatchObject(refusal)
      return
    }
    await registered
    await hooked.run(feeds(7))
    expect(seen).toContainEqual([7, 7, 7])
  })
})

describe('prepare', () => {
  const folder = mkdtempSync(join(tmpdir(), 'prepare-'))
  const file = join(folder, 'prepare.py')

  beforeAll(async () => {
    await writeFile(
      file,
      'def threads(config):\n    config.set_cpu_math_library_num_threads(2)\n\n\ndef fails(config):\n    config.none()\n',
    )
  })

  afterAll(() => rm(folder, { recursive: true }))

  test('the Python function is called last with the native Config', async () => {
    const config = new Config(nets.twoInTwoOut).setCpuMathLibraryNumThreads(1)
    await using prepared = await createPredictor(config, { prepare: `${file}:threads` })
    expect(prepared.info.cpuThreads).toBe(2)
  })

  test.each([
    [':none', `${file} has no function none.\nName one: FILE.py:FUNCTION`],
    [
      ':fails',
      `fails of ${file} failed at line 6: AttributeError: 'paddle.base.libpaddle.AnalysisConfig' object has no attribute 'none'\n` +
        "It is called with paddle's native Config before the predictor is created.",
    ],
  ])('a failure is reported: %s', async (name, message) => {
    await expect(createPredictor({ model: nets.twoInTwoOut, prepare: file + name })).rejects.toMatchObject({
      code: 'PREPARE_FAILED',
      message,
    })
  })

  test('a missing file, and a string of another form', async () => {
    await expect(
      createPredictor({ model: nets.twoInTwoOut, prepare: '/none/prepare.py:f' }),
    ).rejects.toMatchObject({
      code: 'PREPARE_FAILED',
      message: "There is no Python file at /none/prepare.py.\nName one: `prepare: 'FILE.py:FUNCTION'`.",
    })
    await expect(createPredictor({ model: nets.twoInTwoOut, prepare: 'prepare.py' })).rejects.toThrow(
      new RangeError(
        'Expected a Python function as `FILE.py:FUNCTION` for `prepare`, got `prepare.py` (string).',
      ),
    )
  })
})
