import '../helpers/nothing-left.js'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ensureEnvironment, findInterpreter } from '../../src/environment/index.js'
import { makeSetUpPlace, type SetUpPlace } from '../helpers/set-up.js'
import { testWhere } from '../helpers/test-where.js'

const basePython = 'python3'

test('installs an environment with a stand-in for paddle, and finds it from then on', async () => {
  await using place = await makeSetUpPlace()
  const steps: string[] = []
  const wheel = await place.wheel()
  const made = await ensureEnvironment({ wheel, basePython, onProgress: ({ step }) => steps.push(step) })
  const id = await place.current()
  expect(id).toMatch(/^paddlepaddle-3\.3\.1-py3-none-any-[0-9a-f]{8}$/)
  expect(made).toEqual({
    path: join(place.home, 'environments', id ?? '', 'bin', 'python'),
    source: 'managed',
  })
  expect(steps.map((step) => step.replace(/3\.\d+\.\d+$/, '3'))).toEqual([
    'Looking for a Python for paddlepaddle-3.3.1-py3-none-any.whl',
    'Creating a venv with Python 3',
    'Looking up packages',
    'Installing 3 packages',
    'Importing paddle',
  ])
  expect(await findInterpreter()).toEqual(made)
  steps.length = 0
  expect(await ensureEnvironment({ onProgress: ({ step }) => steps.push(step) })).toEqual(made)
  expect(steps).toEqual([])
})

test('a request remains in effect until the next one', async () => {
  await using place = await makeSetUpPlace()
  const first = await ensureEnvironment({ wheel: await place.wheel(), basePython })
  expect(await ensureEnvironment()).toEqual(first)
  const second = await ensureEnvironment({ wheel: await place.wheel('', { version: '3.2.2' }), basePython })
  expect(second).not.toEqual(first)
  expect(await place.environments()).toEqual([await place.current()])
})

test('a changed wheel file is reinstalled', async () => {
  await using place = await makeSetUpPlace()
  const wheel = await place.wheel()
  const first = await ensureEnvironment({ wheel, basePython })
  await utimes(wheel, new Date(), new Date(2030, 1, 1))
  expect(await ensureEnvironment({ wheel, basePython })).not.toEqual(first)
})

test('a damaged environment is reported, and repaired with the previous request', async () => {
  await using place = await makeSetUpPlace()
  const first = await ensureEnvironment({ wheel: await place.wheel(), basePython })
  const folder = join(place.home, 'environments', (await place.current()) ?? '')
  const { files } = JSON.parse(await readFile(join(place.home, 'environment.json'), 'utf8')) as {
    files: string[]
  }
  const missing = join(place.home, files[0] ?? '')
  await rm(missing)
  await expect(findInterpreter()).rejects.toMatchObject({
    code: 'ENVIRONMENT_NOT_READY',
    message: `The managed Python is damaged: ${missing} is missing.\nInstall it: paddle-ts setup (or \`await ensureEnvironment()\`)`,
  })
  const second = await ensureEnvironment()
  expect(second).not.toEqual(first)
  await expect(stat(folder)).rejects.toMatchObject({ code: 'ENOENT' })
  expect(await findInterpreter()).toEqual(second)
  await rm(second.path)
  await expect(findInterpreter()).rejects.toMatchObject({
    message: `The managed Python is damaged: ${second.path} does not run.\nInstall it: paddle-ts setup (or \`await ensureEnvironment()\`)`,
  })
})

test('an environment whose import fails is repaired when it is verified', async () => {
  await using place = await makeSetUpPlace()
  await ensureEnvironment({ wheel: await place.wheel(), basePython })
  const { files } = JSON.parse(await readFile(join(place.home, 'environment.json'), 'utf8')) as {
    files: string[]
  }
  const module = join(place.home, files[0] ?? '')
  await writeFile(module, 'raise ImportError("broken")')
  const first = await ensureEnvironment()
  expect(await ensureEnvironment({ verify: true })).not.toEqual(first)
})

test('an environment of another requirements.txt is outdated, reported, and reinstalled', async () => {
  await using place = await makeSetUpPlace()
  await ensureEnvironment({ wheel: await place.wheel(), basePython })
  const pointer = join(place.home, 'environment.json')
  const made = JSON.parse(await readFile(pointer, 'utf8')) as object
  await writeFile(
    pointer,
    JSON.stringify({ ...made, requirements: 'those of an earlier version', key: 'theirs' }),
  )
  await expect(findInterpreter()).rejects.toMatchObject({
    code: 'ENVIRONMENT_NOT_READY',
    message:
      'The managed Python (paddle 3.3.1) belongs to another version of paddle-ts.\nInstall it: paddle-ts setup (or `await ensureEnvironment()`)',
  })
  const id = await place.current()
  await ensureEnvironment()
  expect(await place.current()).not.toBe(id)
  expect(await place.environments()).toEqual([await place.current()])
})

test('the leftovers of a killed installation are removed by the next one', async () => {
  await using place = await makeSetUpPlace()
  await mkdir(join(place.home, 'environments', 'paddlepaddle-3.3.1-0123abcd', 'lib'), { recursive: true })
  await ensureEnvironment({ wheel: await place.wheel(), basePython })
  expect(await place.environments()).toEqual([await place.current()])
})

test('an unreadable manifest is ignored', async () => {
  await using place = await makeSetUpPlace()
  await mkdir(place.home, { recursive: true })
  await writeFile(join(place.home, 'environment.json'), '{"format": 1,')
  await expect(findInterpreter()).rejects.toMatchObject({
    code: 'ENVIRONMENT_NOT_READY',
    message: `The managed Python is not installed (${place.home}).\nInstall it: paddle-ts setup (or \`await ensureEnvironment()\`)`,
  })
  await ensureEnvironment({ wheel: await place.wheel(), basePython })
  await findInterpreter()
})

test('a failed installation leaves the existing environment', async () => {
  await using place = await makeSetUpPlace()
  const first = await ensureEnvironment({ wheel: await place.wheel(), basePython })
  const broken = await place.wheel('raise ImportError("broken")', { version: '3.9.9' })
  await expect(ensureEnvironment({ wheel: broken, basePython })).rejects.toMatchObject({
    code: 'PADDLE_IMPORT_FAILED',
  })
  expect(await findInterpreter()).toEqual(first)
  expect(await place.environments()).toEqual([await place.current()])
})

test('the signal aborts the installation, and removes everything unfinished', async () => {
  await using place = await makeSetUpPlace()
  const abort = new AbortController()
  const reason = new Error('enough')
  const wheel = await place.wheel('import signal; signal.pause()')
  const making = ensureEnvironment({
    wheel,
    basePython,
    signal: abort.signal,
    onProgress: ({ step }) => {
      if (step === 'Importing paddle') abort.abort(reason)
    },
  })
  await expect(making).rejects.toMatchObject({
    code: 'ABORTED',
    message: 'Installing the managed Python was aborted by its signal.',
    cause: reason,
  })
  expect(await place.environments()).toEqual([])
})

/** What was asked of the environment, as it is stored. */
async function wishOf(place: SetUpPlace): Promise<unknown> {
  const { wish } = JSON.parse(await readFile(join(place.home, 'environment.json'), 'utf8')) as {
    wish: unknown
  }
  return wish
}

const index = 'https://www.paddlepaddle.org.cn/packages/stable/cu126/'

test('the device `auto` installs the GPU wheel for the driver (a script simulates nvidia-smi)', async () => {
  await using place = await makeSetUpPlace()
  const bin = join(place.folder, 'bin')
  await mkdir(bin)
  const answer =
    'case "$*" in *query*) echo "8.9, NVIDIA L4";; *) echo "Driver Version: 550.54.14 CUDA Version: 12.4";; esac'
  await writeFile(join(bin, 'nvidia-smi'), `#!/bin/sh\n${answer}\n`, { mode: 0o755 })
  await place.wheel('', { name: 'paddlepaddle_gpu' })
  const path = process.env['PATH'] ?? ''
  process.env['PATH'] = `${bin}${delimiter}${path}`
  try {
    const steps: string[] = []
    const options = {
      device: 'auto',
      basePython,
      onProgress: ({ step }: { step: string }) => steps.push(step),
    } as const
    const made = await ensureEnvironment(options)
    expect(steps.slice(0, 3)).toEqual([
      'Reading the NVIDIA driver',
      `Using paddlepaddle-gpu 3.3.1 for CUDA 12.6 from ${index}: the NVIDIA driver 550.54.14 supports CUDA 12.4 and shows NVIDIA L4 (compute capability 8.9)`,
      'Looking for a Python for paddlepaddle-gpu 3.3.1',
    ])
    expect(await wishOf(place)).toEqual({
      device: 'gpu',
      paddleVersion: null,
      indexUrl: index,
      wheel: null,
      basePython,
    })
    steps.length = 0
    expect(await ensureEnvironment(options)).toEqual(made)
    expect(steps).toHaveLength(2)
  } finally {
    process.env['PATH'] = path
  }
})

const hasDriver = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/nvidia-smi'].some(existsSync)

testWhere(!hasDriver, 'this machine has an NVIDIA driver')(
  'the device `auto` installs the CPU wheel without a driver',
  async () => {
    await using place = await makeSetUpPlace()
    await place.wheel('', { version: '3.2.2' })
    const steps: string[] = []
    await ensureEnvironment({
      device: 'auto',
      paddleVersion: '3.2.2',
      basePython,
      onProgress: ({ step }) => steps.push(step),
    })
    expect(steps[1]).toBe(
      'Using the CPU wheel, paddlepaddle 3.2.2: no NVIDIA driver answers ' +
        '(nvidia-smi is not on the PATH, and the library libcuda.so.1 is not found)',
    )
    expect(await wishOf(place)).toMatchObject({ device: 'cpu', paddleVersion: '3.2.2', indexUrl: null })
  },
)
