import { AsyncLocalStorage } from 'node:async_hooks'
import { readFileSync } from 'node:fs'
import { cp, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from '@jest/globals'
import { createPredictor, type Predictor, type PredictorWarning } from '../../src/inference/index.js'
import { tensor } from '../../src/tensor/index.js'
import { faultyPython } from '../helpers/faulty.js'
import { makeNets, type Nets } from '../helpers/nets.js'
import { until } from '../helpers/until.js'

let nets: Nets
let folder: string

beforeAll(async () => {
  nets = await makeNets()
})
afterAll(async () => {
  await nets[Symbol.asyncDispose]()
})
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'healing-'))
  process.env['FAULTS'] = await mkdtemp(join(folder, 'faults-'))
})
afterEach(async () => {
  delete process.env['FAULTS']
  await rm(folder, { recursive: true })
})

const feeds = { x: tensor('float32', [1, 3], [5, 5, 5]), n: tensor('int64', [1], [1n]) }
const sumsOf = (outputs: Awaited<ReturnType<Predictor['run']>>): number[] => [
  ...(Object.values(outputs)[0]!.data as Float32Array),
]

/** The child processes of this process that have not been reaped. */
function children(): number[] {
  return readFileSync(`/proc/self/task/${process.pid}/children`, 'utf8').trim().split(' ').map(Number)
}

test('the timeout of a run counts while the run before it is retried without oneDNN', async () => {
  const python = await faultyPython(folder, 'stuck_behind_one_dnn')
  await using predictor = await createPredictor({ model: nets.twoInTwoOut, python })
  const first = predictor.run(feeds)
  const second = predictor.run(feeds, { timeoutMs: 50 })
  const late = 'The run took longer than 50 ms.'
  // The timeout ends the predictor, and so the retry of the first run, which takes much longer.
  await Promise.all([
    expect(second).rejects.toMatchObject({ code: 'TIMEOUT', message: expect.stringContaining(late) }),
    expect(first).rejects.toMatchObject({
      code: 'PREDICTOR_CLOSED',
      message: `The predictor of ${nets.twoInTwoOut}/inference.pdmodel was closed because another run ended it: ${late}\nCreate another one.`,
    }),
  ])
})

test('both runs complete when the worker dies with oneDNN in the first one', async () => {
  const python = await faultyPython(folder, 'with_one_dnn')
  await using predictor = await createPredictor({ model: nets.twoInTwoOut, python })
  const answers = await Promise.all([predictor.run(feeds), predictor.run(feeds)])
  expect(answers.map(sumsOf)).toEqual([
    [6, 6, 6],
    [6, 6, 6],
  ])
  expect(predictor.info).toMatchObject({ oneDnn: false })
})

test('a worker that is killed while its failed run is retried without oneDNN does not disable oneDNN', async () => {
  const python = await faultyPython(folder, 'failing_while_the_first_is_killed')
  const warnings: PredictorWarning[] = []
  await using predictor = await createPredictor({
    model: nets.twoInTwoOut,
    python,
    onWarning: (warning) => warnings.push(warning),
  })
  const { pid } = predictor.info
  await expect(predictor.run(feeds)).rejects.toMatchObject({
    code: 'RUN_FAILED',
    message: expect.stringContaining('could not create a primitive descriptor'),
  })
  expect(() => process.kill(pid!, 0)).toThrow('ESRCH')
  expect(predictor.info).toMatchObject({ oneDnn: true })
  expect(predictor.info.oneDnnFailure).toBeUndefined()
  expect(warnings).toEqual([])
  await expect(predictor.run(feeds)).rejects.toMatchObject({
    code: 'WORKER_DIED',
    details: { signal: 'SIGKILL' },
  })
})

test('a run that is aborted before its retry without oneDNN does not affect the others', async () => {
  const python = await faultyPython(folder, 'with_one_dnn')
  await using predictor = await createPredictor({ model: nets.twoInTwoOut, python })
  const { pid } = predictor.info
  expect(children()).toEqual([pid])
  const stop = new AbortController()
  const aborted = predictor.run(feeds, { signal: stop.signal })
  const other = predictor.run(feeds)
  // The run kills its worker, and another one starts.
  await until(() => children().some((child) => child !== pid))
  stop.abort()
  await expect(aborted).rejects.toMatchObject({ code: 'ABORTED' })
  expect(sumsOf(await other)).toEqual([6, 6, 6])
  expect(predictor.info).toMatchObject({ oneDnn: false })
})

test('a predictor that `onWarning` closes while its worker is replaced leaves no worker behind', async () => {
  const python = await faultyPython(folder, 'with_one_dnn')
  const told: PredictorWarning['code'][] = []
  const closing: Promise<void>[] = []
  const predictor: Predictor = await createPredictor({
    model: nets.twoInTwoOut,
    python,
    // Without oneDNN, paddle drops added passes: the second worker warns about it as soon as it starts.
    passes: { append: ['is_test_pass'] },
    strict: false,
    onWarning: ({ code }) => {
      told.push(code)
      closing.push(predictor.close())
    },
  })
  await expect(predictor.run(feeds)).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })
  await Promise.all(closing)
  expect(told).toEqual(['CONFIG_UNSUPPORTED'])
})

test('a predictor whose creation `onWarning` aborts leaves no worker behind', async () => {
  const stop = new AbortController()
  const creating = createPredictor({
    model: nets.twoInTwoOut,
    oneDnn: false,
    passes: { append: ['is_test_pass'] },
    strict: false,
    signal: stop.signal,
    onWarning: () => {
      stop.abort()
    },
  })
  await expect(creating).rejects.toMatchObject({ code: 'ABORTED' })
})

test('`oneDnnFailure` contains no part of the model path, whatever the path looks like', async () => {
  const python = await faultyPython(folder, 'with_one_dnn')
  const model = join(folder, 'model (copy), oneDNN). It wrote nothing')
  await cp(nets.twoInTwoOut, model, { recursive: true })
  const messages: string[] = []
  const request = new AsyncLocalStorage<string>()
  const from = new Set<unknown>()
  await using predictor = await request.run('create', () =>
    createPredictor({
      model,
      python,
      onWarning: ({ message }) => {
        messages.push(message)
        from.add(request.getStore())
      },
    }),
  )
  expect(sumsOf(await request.run('run', () => predictor.run(feeds)))).toEqual([6, 6, 6])
  // In the async context of the creation, not of the run that causes it.
  expect([...from]).toEqual(['create'])
  const reason = 'The worker died with SIGSEGV during `run`.'
  expect(predictor.info.oneDnnFailure).toBe(reason)
  expect(messages).toEqual([
    `${model}/inference.pdmodel does not work with oneDNN and was reloaded without it: ${reason}\n` +
      'Runs are slower without oneDNN. To skip the failing attempt, turn it off: `oneDnn: false`.',
  ])
})
