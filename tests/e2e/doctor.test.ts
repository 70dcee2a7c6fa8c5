import '../helpers/nothing-left.js'
import { existsSync } from 'node:fs'
import { cp, mkdir, rm, symlink, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa, execaSync } from 'execa'
import { paddleTs } from '../helpers/command-line.js'
import { LimitedMemory, whyUnlimited } from '../helpers/limited-memory.js'
import { root } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'
import { makeSetUpPlace } from '../helpers/set-up.js'
import { testWhere } from '../helpers/test-where.js'

interface Answer {
  readonly ok: boolean
  readonly checks: readonly { name: string; status: string; detail: string; remedy?: string }[]
}

const system = ['Node', 'Platform', 'CPU', 'Shared memory', 'JPEGs', 'Home']
const all = [...system, 'Python', 'Paddle', 'numpy', 'Compiled with', 'Libraries', 'Inference']

test('doctor checks everything, including an inference with real paddle', async () => {
  const python = await testPython()
  const { stdout, stderr, exitCode } = await paddleTs(['doctor', '--json', '--python', python])
  const { ok, checks } = JSON.parse(stdout) as Answer
  expect(checks.map(({ name }) => name)).toEqual(all)
  expect(checks.filter(({ status }) => status === 'failure')).toEqual([])
  expect([ok, stderr, exitCode]).toEqual([true, '', 0])
  const detail = (wanted: string) => checks.find(({ name }) => name === wanted)?.detail
  expect(detail('Node')).toBe(process.version)
  expect(detail('Python')).toMatch(/^3\.\d+\.\d+, \/.* \(--python\)$/)
  expect(detail('Paddle')).toMatch(/^\d+\.\d+\.\d+, commit [0-9a-f]{7}$/)
  expect(detail('Compiled with')).toMatch(/^CUDA \S+, cuDNN \S+, TensorRT \S+, oneDNN yes, ROCm no, XPU no$/)
  expect(detail('Inference')).toMatch(
    /^a tiny network returned the correct result; worker ready in \d+ ms, run in \d+\.\d ms$/,
  )
})

test('its text has a line per check, and reports missing folders in LD_LIBRARY_PATH', async () => {
  const python = await testPython()
  await using place = await makeSetUpPlace()
  const lib = join(place.folder, 'lib')
  await mkdir(lib)
  const variables = { LD_LIBRARY_PATH: `${lib}:/no/such/folder`, PADDLE_TS_PYTHON: python }
  const { stdout, exitCode } = await paddleTs(['doctor'], { env: variables })
  const lines = stdout.split('\n')
  expect(lines).toContain(`ok       Node           ${process.version}`)
  expect(lines).toContain(
    'warning  Libraries      LD_LIBRARY_PATH contains /no/such/folder, which does not exist',
  )
  expect(lines).toContain(
    '                        Remove it from LD_LIBRARY_PATH, or install the libraries that belong there.',
  )
  expect(exitCode).toBe(0)
})

const unlimited = whyUnlimited()
const testLimited = testWhere(unlimited === undefined, unlimited ?? '', { byRoot: true })
testLimited('it reports the memory limit of an outer control group', async () => {
  using group = new LimitedMemory(600 * 2 ** 20)
  const words = [
    process.execPath,
    join(root, 'bin/paddle-ts.js'),
    'doctor',
    '--json',
    '--python',
    '/no/python',
  ]
  const joining = `echo $$ > '${group.innerProcesses}'; exec "$@"`
  const { stdout } = await execa('sh', ['-c', joining, 'sh', ...words], { reject: false })
  const memory = (JSON.parse(stdout) as Answer).checks.find(({ name }) => name === 'Shared memory')
  expect(memory).toEqual({
    name: 'Shared memory',
    status: 'warning',
    detail: expect.stringMatching(
      /^anonymous \(memfd\), bounded by memory alone: 0\.[3-6] GB available of 0\.6 GB, the limit of the container or service$/,
    ),
    remedy: 'A worker takes about 0.4 GB plus its tensors: free memory, or raise the limit.',
  })
})

test('it reports a missing managed Python, and installs nothing', async () => {
  await using place = await makeSetUpPlace()
  const { stdout, exitCode } = await paddleTs(['doctor'])
  expect(stdout).toContain(
    `failure  Python         The managed Python is not installed (${place.home}).\n` +
      '                        Install it: paddle-ts setup',
  )
  expect(exitCode).toBe(1)
  expect(existsSync(place.home)).toBe(false)
})

test('a Python without paddle is a failure with a remedy', async () => {
  await using place = await makeSetUpPlace()
  await execa('python3', ['-m', 'venv', '--without-pip', join(place.folder, 'bare')])
  const bare = join(place.folder, 'bare', 'bin', 'python')
  const { stdout, exitCode } = await paddleTs(['doctor', '--json', '--python', bare])
  const { ok, checks } = JSON.parse(stdout) as Answer
  expect(checks.slice(system.length)).toEqual([
    { name: 'Python', status: 'ok', detail: `${bare} (--python)` },
    {
      name: 'Paddle',
      status: 'failure',
      detail: `${bare} cannot import paddle: No module named 'paddle'.`,
      remedy: 'Install it: paddle-ts setup',
    },
  ])
  expect([ok, exitCode]).toEqual([false, 1])
})

test('a home that is a file, or inside one, is a failure', async () => {
  await using place = await makeSetUpPlace()
  const home = async (folder: string) => {
    const { stdout } = await paddleTs(['doctor', '--json'], { env: { PADDLE_TS_HOME: folder } })
    return (JSON.parse(stdout) as Answer).checks.find(({ name }) => name === 'Home')
  }
  await writeFile(place.home, 'a file where the folder should be')
  const remedy = 'Install it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup'
  expect(await home(place.home)).toEqual({
    name: 'Home',
    status: 'failure',
    detail: `${place.home} is a file, not a folder`,
    remedy,
  })
  const below = join(place.home, 'below')
  expect(await home(below)).toEqual({
    name: 'Home',
    status: 'failure',
    detail: `${below} cannot be created: ${place.home} is a file`,
    remedy,
  })
})

const mayMount = execaSync('unshare', ['-rm', 'true'], { reject: false }).exitCode === 0
const testMounted = testWhere(mayMount, 'unshare -rm is not permitted', { byRoot: true })

testMounted('a home that cannot be written is right where it holds a managed Python', async () => {
  await using place = await makeSetUpPlace()
  const pointer = join(place.home, 'environment.json')
  await mkdir(place.home)
  const homeReadOnly = async () => {
    const script = `mount --bind "$0" "$0" && mount -o remount,ro,bind "$0" && exec "$@"`
    const command = [
      process.execPath,
      join(root, 'bin/paddle-ts.js'),
      'doctor',
      '--json',
      '--python',
      '/bin/true',
    ]
    const { stdout } = await execa('unshare', ['-rm', 'sh', '-c', script, place.home, ...command], {
      reject: false,
    })
    return (JSON.parse(stdout) as Answer).checks.find(({ name }) => name === 'Home')
  }
  expect(await homeReadOnly()).toEqual({
    name: 'Home',
    status: 'failure',
    detail: `${place.home} cannot be written (EROFS)`,
    remedy: 'Install it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup',
  })
  const wish = { device: 'cpu', paddleVersion: null, indexUrl: null, wheel: null, basePython: null }
  const made = {
    format: 1,
    id: 'one',
    key: 'k',
    interpreter: 'bin/python',
    executable: 'python3.11',
    files: [],
  }
  const versions = { python: '3.11.7', paddle: '3.3.1', numpy: null }
  await writeFile(pointer, JSON.stringify({ ...made, wish, requirements: null, versions }))
  expect(await homeReadOnly()).toEqual({
    name: 'Home',
    status: 'ok',
    detail: `${place.home}, which cannot be written (EROFS): the managed Python there cannot be changed`,
  })
})

test('a named program that is not Python', async () => {
  const { stdout } = await paddleTs(['doctor', '--json', '--python', '/bin/true'])
  expect((JSON.parse(stdout) as Answer).checks.at(-1)).toEqual({
    name: 'Paddle',
    status: 'failure',
    detail: '/bin/true cannot import paddle: it ended with exit code 0.',
    remedy: 'Install paddle in it, or omit --python to use the managed Python.',
  })
})

test('a package without a libjpeg-turbo for the platform decodes with sharp, and doctor says so', async () => {
  await using place = await makeSetUpPlace()
  const copy = join(place.folder, 'package')
  for (const name of ['bin', 'dist']) await cp(join(root, name), join(copy, name), { recursive: true })
  for (const name of ['node_modules', 'package.json', 'python', 'models', 'images', 'requirements.txt']) {
    await symlink(join(root, name), join(copy, name))
  }
  const doctor = async (): Promise<Answer['checks'][number] | undefined> => {
    const { stdout } = await execa('node', ['bin/paddle-ts.js', 'doctor', '--json'], {
      cwd: copy,
      reject: false,
    })
    return (JSON.parse(stdout) as Answer).checks.find(({ name }) => name === 'JPEGs')
  }
  expect(await doctor()).toEqual({ name: 'JPEGs', status: 'ok', detail: 'decoded by libjpeg-turbo' })
  await rm(join(copy, 'dist/libturbojpeg'), { recursive: true })
  expect(await doctor()).toEqual({
    name: 'JPEGs',
    status: 'warning',
    detail: `decoded by sharp, which takes about three times as long: the package has no libjpeg-turbo that runs on ${process.platform} ${process.arch}`,
    remedy: 'Use Linux x64 or arm64 with glibc where the time matters; the pixels are the same.',
  })
})
