import { chmod, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { ensureEnvironment } from '../../src/environment/index.js'
import { exportModel } from '../../src/export/index.js'
import { ImageClassifier } from '../../src/index.js'
import { createPredictor } from '../../src/inference/index.js'
import { tensor } from '../../src/tensor/index.js'
import { makeClassifier, type NetFolder } from '../helpers/nets.js'
import { testPython } from '../helpers/python.js'
import { makeSetUpPlace } from '../helpers/set-up.js'

const script = fileURLToPath(new URL('../helpers/throwing-listener.mjs', import.meta.url))
const mistake = new Error('in the listener')

/** Throws at the first step with this prefix. */
const throwingAt =
  (beginning: string) =>
  ({ step }: { readonly step: string }): void => {
    if (step.startsWith(beginning)) throw mistake
  }

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'listeners-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** A Python that sends a line of its own when it runs this script. */
async function lying(python: string, script: string, line: string): Promise<string> {
  const path = join(folder, `lying-${script}`)
  const text = `case "$*" in *${script}*) echo '${line}' >&3 ;; esac\nexec '${python}' "$@"`
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

// Each test checks that no process is left: see helpers/nothing-left.ts.
describe('creating the managed Python', () => {
  test.each(['Looking for a Python', 'Creating a venv', 'Looking up packages', 'Importing paddle'])(
    'a listener that throws at “%s” ends it with its error, and nothing half made stays',
    async (beginning) => {
      await using place = await makeSetUpPlace()
      // An import that does not end on its own.
      const wheel = await place.wheel(beginning === 'Importing paddle' ? 'import signal; signal.pause()' : '')
      const onProgress = throwingAt(beginning)
      await expect(ensureEnvironment({ wheel, basePython: 'python3', onProgress })).rejects.toBe(mistake)
      expect([await place.environments(), await place.current()]).toEqual([[], undefined])
    },
  )

  test.each(['no JSON', '{"event":"applause"}'])('a Python that sends %s is reported', async (line) => {
    await using place = await makeSetUpPlace()
    const basePython = await lying('python3', 'make_environment', line)
    await expect(ensureEnvironment({ wheel: await place.wheel(), basePython })).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'ENVIRONMENT_INSTALL_FAILED',
      message:
        `Installing the managed Python in ${place.home} failed: ${basePython} broke the protocol: ` +
        `it sent an invalid message: ${JSON.stringify(line)}.\nTry again: paddle-ts setup`,
    })
    expect([await place.environments(), await place.current()]).toEqual([[], undefined])
  })
})

describe('an export', () => {
  test.each(['Importing paddle', 'Building resnet18', 'Exporting resnet18'])(
    'a listener that throws at “%s” ends it with its error, and nothing is written',
    async (beginning) => {
      const target = join(folder, 'exported')
      const options = { model: 'resnet18', saveInferenceDir: target, onProgress: throwingAt(beginning) }
      await expect(exportModel(options)).rejects.toBe(mistake)
      await expect(readdir(target)).rejects.toMatchObject({ code: 'ENOENT' })
    },
  )

  test.each(['no JSON', '{"applause":1}'])('a Python that sends %s is reported', async (line) => {
    const target = join(folder, 'exported')
    const python = await lying(await testPython(), 'export_model', line)
    await expect(exportModel({ model: 'LeNet', saveInferenceDir: target, python })).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'EXPORT_FAILED',
      message:
        `The export of LeNet failed: ${python} broke the protocol: it sent an invalid message: ${JSON.stringify(line)}.\n` +
        'Check the Python installation: paddle-ts doctor',
    })
    await expect(readdir(target)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

describe('a task', () => {
  let model: NetFolder
  let classifier: ImageClassifier
  beforeAll(async () => {
    model = await makeClassifier(4)
    classifier = await ImageClassifier.load(model.folder, { workers: 1, oneDnn: false })
  })
  afterAll(async () => {
    await classifier.close()
    await model[Symbol.asyncDispose]()
  })

  test.each(['onProgress', 'onBatch'])(
    '%s that throws ends the iteration, and not the task',
    async (name) => {
      const images = Array.from({ length: 40 }, () => 'images/demo.jpg')
      const answers = async (options: object): Promise<number> => {
        let count = 0
        for await (const { error } of classifier.classify(images, options)) {
          expect(error).toBeUndefined()
          count += 1
        }
        return count
      }
      const listener = (): never => {
        throw mistake
      }
      await expect(answers({ [name]: listener })).rejects.toBe(mistake)
      expect(await answers({})).toBe(40)
    },
  )
})

test('a hook that throws rejects its run, and not the next one', async () => {
  await using predictor = await createPredictor({ model: 'models/doctor', oneDnn: false })
  let calls = 0
  await predictor.registerOutputHook(() => {
    calls += 1
    if (calls === 1) throw mistake
  })
  const run = () => predictor.run({ x: tensor('float32', [1, 3], new Float32Array(3)) })
  await expect(run()).rejects.toBe(mistake)
  const [output] = Object.values(await run())
  expect(output?.shape).toEqual([1, 3])
  expect(calls).toBeGreaterThan(1)
})

describe('listeners of warnings and events, which are called outside of the work', () => {
  const start = (...args: string[]) => execa('node', [script, ...args], { reject: false })

  test.each(['onWarning', 'onEvent'])(
    '%s that throws ends Node like any uncaught exception',
    async (name) => {
      const { exitCode, stdout, stderr } = await start(name)
      expect([exitCode, stdout]).toEqual([1, ''])
      expect(stderr).toContain('Error: in the listener')
    },
  )

  test.each(['onWarning', 'onEvent'])('%s that throws does not interrupt the work', async (name) => {
    const { exitCode, stdout } = await start(name, 'caught')
    expect([exitCode, stdout]).toEqual([0, 'uncaught: in the listener\nran [1,3]'])
  })
})
