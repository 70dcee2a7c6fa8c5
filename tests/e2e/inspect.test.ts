import '../helpers/nothing-left.js'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { makeOneDnnNets, makeTensorNets, type NetFolder } from '../helpers/nets.js'
import { wheelVersion } from '../helpers/wheel.js'

const wheel = await wheelVersion()
/** With oneDNN, Paddle 3.3 fails on networks that work with earlier wheels. */
const breaks = wheel.startsWith('3.3.')

let nets: NetFolder
beforeAll(async () => {
  nets = await makeOneDnnNets()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})

/** The lines beside `Loading`. */
async function loadingOf(model: string, ...flags: readonly string[]): Promise<string[]> {
  const { stdout, stderr, exitCode } = await paddleTs(['inspect', model, ...flags])
  expect([stderr, exitCode]).toEqual(['', 0])
  return stdout
    .slice(stdout.indexOf('\nLoading') + '\nLoading'.length)
    .split('\n')
    .map((line) => line.trim())
}

interface Loading {
  readonly run: { readonly outputs?: object }
}

async function jsonOf(model: string, ...flags: readonly string[]): Promise<Loading> {
  const { stdout, exitCode } = await paddleTs(['inspect', model, '--json', ...flags])
  expect(exitCode).toBe(0)
  return (JSON.parse(stdout) as { readonly loading: Loading }).loading
}

const inputs = { x: { dtype: 'float32', shape: [1, 1, 224, 224] } }
/** Its name depends on the wheel. */
const output = [{ dtype: 'float32', shape: [1, 1, 448, 448] }]
const runs = /^runs on made-up inputs: x float32 \[1,1,224,224\] → \S+ float32 \[1,1,448,448\]$/

describe('a network that fails with oneDNN on Paddle 3.3 when it runs, not when it is loaded', () => {
  const upsample = (): string => join(nets.folder, 'upsample')

  test('the state is that after the run', async () => {
    const [state, run, ...others] = await loadingOf(upsample())
    expect(run).toMatch(runs)
    if (breaks) {
      expect(state).toBe(`paddle ${wheel} loads it: cpu, oneDNN off (see below), fp32, 1 thread`)
      expect(others.at(-1)).toBe('[ONEDNN_DISABLED]')
    } else {
      expect([state, ...others]).toEqual([`paddle ${wheel} loads it: cpu, oneDNN on, fp32, 1 thread`])
    }
    const loading = await jsonOf(upsample())
    expect(loading).toMatchObject({ ok: true, oneDnn: !breaks, run: { ok: true, inputs } })
    expect(Object.values(loading.run.outputs ?? {})).toEqual(output)
  })

  test('where nothing may replace oneDNN, the run fails', async () => {
    const [state, run] = await loadingOf(upsample(), '--one-dnn')
    expect(state).toBe(`paddle ${wheel} loads it: cpu, oneDNN on, fp32, 1 thread`)
    expect(run).toMatch(
      breaks
        ? /^fails on made-up inputs, x float32 \[1,1,224,224\], which may not suit it: Paddle could not run /
        : runs,
    )
    const loading = await jsonOf(upsample(), '--one-dnn')
    const failure = { code: 'RUN_FAILED', message: expect.stringContaining('Paddle could not run') }
    expect(loading).toMatchObject({
      ...{ ok: true, oneDnn: true },
      run: breaks ? { ok: false, inputs, ...failure } : { ok: true, inputs },
    })
    expect(Object.values(loading.run.outputs ?? {})).toEqual(breaks ? [] : output)
  })
})

test('a network whose inputs cannot be made up is not run', async () => {
  await using tensors = await makeTensorNets()
  const model = join(tensors.folder, 'takes-int16')
  const [state, run, ...others] = await loadingOf(model)
  expect(state).toBe(`paddle ${wheel} loads it: cpu, oneDNN on, fp32, 1 thread`)
  expect(run).toMatch(/^not run, no inputs could be made up: .*int16/)
  expect(others.at(-1)).toBe('[DTYPE_UNSUPPORTED]')
  expect(await jsonOf(model)).toMatchObject({ ok: true, run: { ok: false, code: 'DTYPE_UNSUPPORTED' } })
})
