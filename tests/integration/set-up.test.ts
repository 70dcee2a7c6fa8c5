import '../helpers/nothing-left.js'
import { existsSync } from 'node:fs'
import { mkdir, readFile, rm, stat, utimes, writeFile } from 'node:fs/promises'
import { delimiter, join } from 'node:path'
import { expect, test } from '@jest/globals'
import { ensureEnvironment, findInterpreter, type EnvironmentOptions } from '../../src/environment/index.js'
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

/** What is stored with the environment. */
async function stored(place: SetUpPlace): Promise<{ wish: unknown; choice: unknown }> {
  return JSON.parse(await readFile(join(place.home, 'environment.json'), 'utf8')) as {
    wish: unknown
    choice: unknown
  }
}

const index = (cuda: number): string => `https://www.paddlepaddle.org.cn/packages/stable/cu${cuda}/`

/** A program that simulates the nvidia-smi of a driver. */
const nvidiaSmi = (driver: string, cuda: string): string =>
  `case "$*" in *query*) echo "8.9, NVIDIA L4";; *) echo "Driver Version: ${driver} CUDA Version: ${cuda}";; esac`

/** Does the work with a program called nvidia-smi on the PATH. */
async function withNvidiaSmi<T>(place: SetUpPlace, script: string, work: () => Promise<T>): Promise<T> {
  const bin = join(place.folder, 'bin')
  await mkdir(bin, { recursive: true })
  await writeFile(join(bin, 'nvidia-smi'), `#!/bin/sh\n${script}\n`, { mode: 0o755 })
  const path = process.env['PATH'] ?? ''
  process.env['PATH'] = `${bin}${delimiter}${path}`
  try {
    return await work()
  } finally {
    process.env['PATH'] = path
    await rm(bin, { recursive: true })
  }
}

/** Ensures an environment and returns its interpreter and the steps. */
async function stepsOf(options: EnvironmentOptions): Promise<{ path: string; steps: readonly string[] }> {
  const steps: string[] = []
  const { path } = await ensureEnvironment({ ...options, onProgress: ({ step }) => steps.push(step) })
  return { path, steps }
}

const automatic = { device: 'auto', basePython } as const
const forCuda126 = `Using paddlepaddle-gpu 3.3.1 for CUDA 12.6 from ${index(126)}: the NVIDIA driver 550.54.14 supports CUDA 12.4 and shows NVIDIA L4 (compute capability 8.9)`

test('the device `auto` installs the GPU wheel for the driver (a script simulates nvidia-smi)', async () => {
  await using place = await makeSetUpPlace()
  await place.wheel('', { name: 'paddlepaddle_gpu' })
  await withNvidiaSmi(place, nvidiaSmi('550.54.14', '12.4'), async () => {
    const made = await stepsOf(automatic)
    expect(made.steps.slice(0, 3)).toEqual([
      'Reading the NVIDIA driver',
      forCuda126,
      'Looking for a Python for paddlepaddle-gpu 3.3.1',
    ])
    expect(await stored(place)).toMatchObject({
      wish: { device: 'gpu', paddleVersion: null, indexUrl: index(126), wheel: null, basePython },
      choice: forCuda126,
    })
    expect(await stepsOf(automatic)).toEqual({ path: made.path, steps: made.steps.slice(0, 2) })
  })
})

test('the device `auto` selects again when the environment is outdated (a script simulates nvidia-smi)', async () => {
  await using place = await makeSetUpPlace()
  await place.wheel('', { name: 'paddlepaddle_gpu' })
  await withNvidiaSmi(place, nvidiaSmi('550.54.14', '12.4'), () => ensureEnvironment(automatic))
  const pointer = join(place.home, 'environment.json')
  await writeFile(
    pointer,
    JSON.stringify({ ...(await stored(place)), requirements: 'earlier', key: 'theirs' }),
  )
  await withNvidiaSmi(place, nvidiaSmi('580.65.06', '13.0'), async () => {
    const { steps } = await stepsOf({})
    expect(steps[1]).toContain(`Using paddlepaddle-gpu 3.3.1 for CUDA 13.0 from ${index(130)}: `)
    expect(await stored(place)).toMatchObject({
      wish: { device: 'gpu', paddleVersion: null, indexUrl: index(130), wheel: null, basePython },
      choice: steps[1],
    })
  })
})

test('a request that names the device is not an automatic one any more (a script simulates nvidia-smi)', async () => {
  await using place = await makeSetUpPlace()
  await place.wheel('', { name: 'paddlepaddle_gpu' })
  await withNvidiaSmi(place, nvidiaSmi('550.54.14', '12.4'), async () => {
    const named = { device: 'gpu', indexUrl: index(126), basePython } as const
    const { path } = await stepsOf(automatic)
    expect(await stepsOf(named)).toEqual({ path, steps: [] })
    expect(await stored(place)).toMatchObject({ choice: null })
    expect((await stepsOf({ device: 'auto' })).path).toBe(path)
    expect(await stored(place)).toMatchObject({ choice: forCuda126 })
    // A lock that cannot be opened stands in for a home that cannot be written.
    await rm(join(place.home, 'lock'))
    await mkdir(join(place.home, 'lock'))
    expect(await stepsOf(named)).toEqual({ path, steps: [] })
    expect(await stored(place)).toMatchObject({ choice: forCuda126 })
  })
})

const hasDriver = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/nvidia-smi'].some(existsSync)
const testWithoutDriver = testWhere(!hasDriver, 'this machine has an NVIDIA driver')

testWithoutDriver(
  'the device `auto` keeps a GPU wheel while the driver does not answer (a script simulates nvidia-smi)',
  async () => {
    await using place = await makeSetUpPlace()
    await place.wheel('', { name: 'paddlepaddle_gpu' })
    await place.wheel()
    const { path } = await withNvidiaSmi(place, nvidiaSmi('550.54.14', '12.4'), () => stepsOf(automatic))
    await withNvidiaSmi(place, 'kill -SEGV $$', async () => {
      const kept = `Keeping paddlepaddle-gpu 3.3.1 from ${index(126)}: the NVIDIA driver does not answer (nvidia-smi died with SIGSEGV, and the library libcuda.so.1 is not found)`
      expect(await stepsOf(automatic)).toEqual({ path, steps: ['Reading the NVIDIA driver', kept] })
      expect(await stored(place)).toMatchObject({
        wish: { device: 'gpu', indexUrl: index(126) },
        choice: kept,
      })
      const again = await stepsOf({ force: true })
      expect(again.path).not.toBe(path)
      expect(again.steps.slice(1, 3)).toEqual([kept, 'Looking for a Python for paddlepaddle-gpu 3.3.1'])
      expect(await stored(place)).toMatchObject({
        wish: { device: 'gpu', indexUrl: index(126) },
        choice: kept,
      })
    })
  },
)

testWithoutDriver('the device `auto` installs the CPU wheel without a driver', async () => {
  await using place = await makeSetUpPlace()
  await place.wheel('', { version: '3.2.2' })
  const { steps } = await stepsOf({ ...automatic, paddleVersion: '3.2.2' })
  expect(steps[1]).toBe(
    'Using the CPU wheel, paddlepaddle 3.2.2, from PyPI: this machine has no NVIDIA driver ' +
      '(nvidia-smi is not on the PATH, and the library libcuda.so.1 is not found)',
  )
  expect(await stored(place)).toMatchObject({
    wish: { device: 'cpu', paddleVersion: '3.2.2', indexUrl: null },
    choice: steps[1],
  })
})

testWithoutDriver('the device `auto` does not install the same CPU wheel again', async () => {
  await using place = await makeSetUpPlace()
  const wheel = await place.wheel()
  const { path } = await stepsOf({ wheel, basePython })
  await rm(wheel)
  const again = await stepsOf({ device: 'auto' })
  expect(again).toEqual({
    path,
    steps: [
      'Reading the NVIDIA driver',
      `Using the CPU wheel, paddlepaddle 3.3.1, from ${wheel}: this machine has no NVIDIA driver ` +
        '(nvidia-smi is not on the PATH, and the library libcuda.so.1 is not found)',
    ],
  })
  expect(await stored(place)).toMatchObject({ wish: { device: 'cpu', wheel }, choice: again.steps[1] })
})

/** Writes the index page of each package for pip, which then finds the wheels in the folder of the place. */
async function writeIndex(place: SetUpPlace, wheels: Readonly<Record<string, string>>): Promise<string> {
  const folder = join(place.folder, 'simple')
  for (const [name, wheel] of Object.entries(wheels)) {
    await mkdir(join(folder, name), { recursive: true })
    await writeFile(join(folder, name, 'index.html'), `<a href="../../${wheel}">${wheel}</a>`)
  }
  return `file://${folder}/`
}

test.each<[string, (place: SetUpPlace) => Promise<Readonly<Record<string, string>>>]>([
  ['PIP_FIND_LINKS', () => Promise.resolve({})],
  [
    'a configuration file',
    async (place) => {
      const file = join(place.folder, 'pip.conf')
      await writeFile(file, `[install]\nno-index = true\nfind-links = ${place.folder}\n`)
      return { PIP_CONFIG_FILE: file, PIP_NO_INDEX: '', PIP_FIND_LINKS: '' }
    },
  ],
  [
    'PIP_INDEX_URL',
    async (place) => {
      const url = await writeIndex(place, {
        'paddlepaddle-gpu': 'paddlepaddle_gpu-3.3.1-py3-none-any.whl',
        numpy: 'numpy-2.0.0-py3-none-any.whl',
        setuptools: 'setuptools-80.0.0-py3-none-any.whl',
      })
      return { PIP_INDEX_URL: url, PIP_NO_INDEX: '', PIP_FIND_LINKS: '' }
    },
  ],
])('a GPU wheel that PyPI does not have is found by pip’s own settings: %s', async (_, settingsOf) => {
  await using place = await makeSetUpPlace()
  await place.wheel('', { name: 'paddlepaddle_gpu' })
  const settings = await settingsOf(place)
  const before = Object.keys(settings).map((name) => [name, process.env[name]] as const)
  Object.assign(process.env, settings)
  try {
    await ensureEnvironment({ device: 'gpu', basePython })
    expect(await place.current()).toMatch(/^paddlepaddle-gpu-3\.3\.1-/)
  } finally {
    for (const [name, value] of before) {
      if (value === undefined) Reflect.deleteProperty(process.env, name)
      else process.env[name] = value
    }
  }
})
