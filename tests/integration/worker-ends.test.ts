import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { createPredictor, tensor, type Predictor } from '../../src/index.js'
import { makeNets } from '../helpers/nets.js'
import { testPython } from '../helpers/python.js'
import { makeFolder, shared } from '../helpers/shared.js'
import { killedIn } from '../helpers/worker-death.js'

const nets = shared(makeNets)
const folder = shared(makeFolder)

describe('workers that end', () => {
  const input = { x: tensor('float32', [512, 1024], new Float32Array(512 * 1024)) }

  /** A run whose worker is killed with `signal` while it computes. */
  const killed = (predictor: Predictor, signal: NodeJS.Signals): ReturnType<Predictor['run']> => {
    const write = (): void => {
      setTimeout(() => process.kill(predictor.info.pid!, signal), 100)
    }
    return predictor.run({ x: { dtype: 'float32', shape: [512, 1024], write } })
  }

  test('SIGKILL during a run', async () => {
    await using predictor = await createPredictor({ model: nets().heavy })
    const died = {
      name: 'PaddleError',
      code: 'WORKER_DIED',
      message: killedIn(nets().heavy, { oneDnn: true }),
    }
    await expect(killed(predictor, 'SIGKILL')).rejects.toMatchObject(died)
    await expect(predictor.run(input)).rejects.toMatchObject(died)
  })

  test('an aborted run ends the worker', async () => {
    await using predictor = await createPredictor({ model: nets().heavy })
    const controller = new AbortController()
    const write = (): void => {
      // By the next turn of the event loop, the request has been sent.
      setImmediate(() => {
        controller.abort()
      })
    }
    const running = predictor.run(
      { x: { dtype: 'float32', shape: [512, 1024], write } },
      { signal: controller.signal },
    )
    await expect(running).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'The run was aborted by its signal.',
    })
    await expect(predictor.run(input)).rejects.toMatchObject({ code: 'PREDICTOR_CLOSED' })
  })

  test('a run that is aborted before it begins does not affect the others', async () => {
    await using predictor = await createPredictor({ model: nets().grow })
    const x = tensor('float32', [1, 1], new Float32Array([3]))
    const controller = new AbortController()
    const runs = [1, 2, 3, 4].map(() => predictor.run({ x }))
    const queued = predictor.run({ x }, { signal: controller.signal })
    controller.abort()
    await expect(queued).rejects.toMatchObject({ code: 'ABORTED' })
    await expect(Promise.all(runs)).resolves.toHaveLength(4)
    await expect(predictor.run({ x })).resolves.toBeDefined()
  })

  test('a run that times out ends the worker', async () => {
    await using predictor = await createPredictor({ model: nets().heavy })
    await expect(predictor.run(input, { timeoutMs: 50 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'The run took longer than 50 ms.\nRaise `timeoutMs`, or reduce the work.',
    })
  })

  test('the timeout of a run does not count while it waits, and an aborted run does not affect the others', async () => {
    await using predictor = await createPredictor({ model: nets().heavy })
    const started = performance.now()
    await predictor.run(input)
    const alone = performance.now() - started
    const controller = new AbortController()
    const first = predictor.run(input)
    const second = predictor.run(input, { signal: controller.signal })
    const third = predictor.run(input, { timeoutMs: 2.5 * alone })
    controller.abort()
    await expect(second).rejects.toMatchObject({ code: 'ABORTED' })
    await expect(Promise.all([first, third])).resolves.toHaveLength(2)
  })

  test('when a run ends the predictor, the other runs are rejected with the reason', async () => {
    await using predictor = await createPredictor({ model: nets().heavy })
    const slow = predictor.run(input, { timeoutMs: 50 })
    const other = predictor.run(input)
    await expect(slow).rejects.toMatchObject({ code: 'TIMEOUT' })
    await expect(other).rejects.toMatchObject({
      code: 'PREDICTOR_CLOSED',
      message: `The predictor of ${nets().heavy}/inference.pdmodel was closed because another run ended it: The run took longer than 50 ms.\nCreate another one.`,
    })
  })

  test('creation that is aborted or times out leaves no process', async () => {
    const controller = new AbortController()
    const creating = createPredictor({ model: nets().heavy, signal: controller.signal })
    controller.abort()
    await expect(creating).rejects.toMatchObject({
      code: 'ABORTED',
      message: 'Creating the predictor was aborted by its signal.',
    })
    await expect(createPredictor({ model: nets().heavy, timeoutMs: 100 })).rejects.toMatchObject({
      code: 'TIMEOUT',
      message: 'Creating the predictor took longer than 100 ms.\nRaise `timeoutMs`, or reduce the work.',
    })
    await expect(createPredictor({ model: nets().heavy, signal: controller.signal })).rejects.toMatchObject({
      code: 'ABORTED',
    })
  })
})

test('pending requests are rejected when the predictor is closed', async () => {
  const predictor = await createPredictor({ model: nets().heavy })
  const input = { x: tensor('float32', [512, 1024], new Float32Array(512 * 1024)) }
  const hook = (): void => undefined
  const asked = [
    predictor.run(input),
    predictor.tryShrinkMemory(),
    predictor.clearIntermediateTensor(),
    predictor.registerInputHook(hook),
  ].map((each) => each.catch((error: unknown) => error))
  await predictor.close()
  const closed = {
    code: 'PREDICTOR_CLOSED',
    message: `The predictor of ${nets().heavy}/inference.pdmodel was closed.\nCreate another one.`,
  }
  expect(await Promise.all(asked)).toMatchObject([closed, closed, closed, closed])
})

describe('unusable interpreters', () => {
  test('that does not exist', async () => {
    await expect(
      createPredictor({ model: nets().grow, python: `${folder().path}/python9` }),
    ).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'PYTHON_NOT_FOUND',
      message:
        `There is no Python interpreter at ${folder().path}/python9.\n` +
        'Specify a Python with paddle, or none to use the managed one (paddle-ts setup installs it).',
    })
  })

  test('without paddle', async () => {
    const bare = join(folder().path, 'bare')
    await execa(await testPython(), ['-m', 'venv', '--without-pip', bare])
    await expect(createPredictor({ model: nets().grow, python: `${bare}/bin/python` })).rejects.toMatchObject(
      {
        name: 'PaddleError',
        code: 'PADDLE_NOT_INSTALLED',
        message: `${bare}/bin/python cannot import paddle: No module named 'paddle'.\nInstall it: paddle-ts setup`,
      },
    )
  })

  test('no Python at all', async () => {
    await expect(createPredictor({ model: nets().grow, python: '/bin/false' })).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'PADDLE_IMPORT_FAILED',
      message:
        '/bin/false cannot import paddle: it ended with exit code 1.\n' +
        'Install paddle in it, or omit `python` to use the managed Python.',
    })
  })
})
