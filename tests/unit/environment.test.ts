import { expect, test } from '@jest/globals'
import { choose } from '../../src/environment/base-python.js'
import { parseManifest } from '../../src/environment/environment-manifest.js'
import {
  defaultSpec,
  environmentRequest,
  type EnvironmentOptions,
  type EnvironmentSpec,
} from '../../src/environment/environment-spec.js'
import { homeOf } from '../../src/environment/home.js'
import {
  checkArchitecture,
  parseRequirements,
  parseWheelName,
  planFor,
} from '../../src/environment/install-plan.js'
import type { PythonFacts } from '../../src/environment/probe-interpreter.js'
import { interpreterEnvironment } from '../../src/python/index.js'

/** The specification of a request that names its device. */
function specOf(options: EnvironmentOptions): EnvironmentSpec {
  return (environmentRequest(options) ?? defaultSpec) as EnvironmentSpec
}

test('the options form a request, or leave it open', () => {
  expect(environmentRequest({ force: true, verify: true })).toBeUndefined()
  expect(environmentRequest({ device: 'cpu' })).toEqual(defaultSpec)
  expect(environmentRequest({ paddleVersion: '2.6.2', basePython: 'python3.11' })).toEqual({
    ...defaultSpec,
    paddleVersion: '2.6.2',
    basePython: 'python3.11',
  })
  expect(environmentRequest({ wheel: 'a.whl', basePython: './python' })).toMatchObject({
    wheel: `${process.cwd()}/a.whl`,
    basePython: `${process.cwd()}/python`,
  })
})

test.each([
  [{ paddleVersion: 3 }, 'Expected a string for `paddleVersion`, got `3` (number).'],
  [
    { paddleVersion: 'latest' },
    'Expected a version such as 3.3.1 for `paddleVersion`, got `latest` (string).',
  ],
  [{ paddleVersion: '2.5.2' }, 'Expected version 2.6 or later for `paddleVersion`, got `2.5.2` (string).'],
  [{ wheel: '' }, 'Expected a string that is not empty for `wheel`, got `` (string).'],
  [{ indexUrl: 'cu126' }, 'Expected a URL for `indexUrl`, got `cu126` (string).'],
  [{ indexUrl: 'localhost:80/simple' }, 'Expected a URL for `indexUrl`, got `localhost:80/simple` (string).'],
  [{ device: 'tpu' }, 'Expected `cpu`, `gpu` or `auto` for `device`, got `tpu` (string).'],
  [{ device: 'auto', wheel: 'a.whl' }, "`device: 'auto'` selects the wheel, so `wheel` cannot be set too."],
  [
    { device: 'auto', indexUrl: 'https://example.org/' },
    "`device: 'auto'` selects the wheel, so `indexUrl` cannot be set too.",
  ],
])('an invalid option is reported: %j', (options, message) => {
  expect(() => environmentRequest(options as EnvironmentOptions)).toThrow(message)
})

test('the arguments of pip: numpy below 2 with 2.6, the index overrides pip’s own', async () => {
  const pip = async (options: EnvironmentOptions) => (await planFor(specOf(options))).pipArguments
  expect(await pip({})).toEqual([
    '--require-hashes',
    '-r',
    expect.stringMatching(/python\/requirements-hashed\.txt$/),
  ])
  expect(await pip({ indexUrl: 'https://example.org/simple/' })).toEqual([
    '--index-url',
    'https://example.org/simple/',
    '-r',
    expect.stringMatching(/\/requirements\.txt$/),
  ])
  expect(await pip({ paddleVersion: '2.6.2' })).toEqual(['paddlepaddle==2.6.2', 'numpy<2', 'setuptools'])
  expect(await pip({ device: 'gpu', paddleVersion: '2.6.2' })).toEqual([
    '--require-hashes',
    '-r',
    expect.stringMatching(/python\/requirements-gpu-hashed\.txt$/),
  ])
  expect(await pip({ device: 'gpu', paddleVersion: '2.6.1' })).toEqual([
    'paddlepaddle-gpu==2.6.1',
    'numpy<2',
    'setuptools',
  ])
  expect(
    await pip({ device: 'gpu', paddleVersion: '2.6.2', indexUrl: 'https://example.org/cu118/' }),
  ).toEqual(['--index-url', 'https://example.org/cu118/', 'paddlepaddle-gpu==2.6.2', 'numpy<2', 'setuptools'])
  expect(
    await pip({ device: 'gpu', paddleVersion: '3.3.0', indexUrl: 'https://example.org/cu126/' }),
  ).toEqual(['--index-url', 'https://example.org/cu126/', 'paddlepaddle-gpu==3.3.0', 'numpy<3', 'setuptools'])
})

test('the key changes with the request', async () => {
  const keys = await Promise.all(
    [{}, { paddleVersion: '3.2.2' }, { basePython: 'python3' }].map(
      async (options) => (await planFor(specOf(options))).key,
    ),
  )
  expect(new Set(keys).size).toBe(3)
  expect((await planFor(defaultSpec)).key).toBe(keys[0])
})

test('2.6 supports Python 3.9 to 3.12, 3.x up to 3.13', async () => {
  expect((await planFor({ ...defaultSpec, paddleVersion: '2.6.2' })).pythons).toEqual({
    oldest: 9,
    newest: 12,
  })
  expect((await planFor({ ...defaultSpec, paddleVersion: '3.3.1' })).pythons).toEqual({
    oldest: 9,
    newest: 13,
  })
})

test('the name of a wheel contains its version and Python', () => {
  expect(parseWheelName('/x/paddlepaddle_gpu-2.6.2.post120-cp311-cp311-linux_x86_64.whl')).toEqual({
    version: '2.6.2.post120',
    python: 11,
  })
  expect(parseWheelName('paddlepaddle-3.3.1-1-py3-none-any.whl')).toEqual({ version: '3.3.1' })
  expect(() => parseWheelName('torch-2.0.0-cp311-cp311-linux_x86_64.whl')).toThrow(
    'torch-2.0.0-cp311-cp311-linux_x86_64.whl is not the file name of a paddle wheel',
  )
})

test('the pinned version depends on the platform', () => {
  const text =
    'paddlepaddle==3.3.1 ; platform_machine != "aarch64" or sys_platform != "linux"\n' +
    'paddlepaddle==3.2.2 ; platform_machine == "aarch64" and sys_platform == "linux"\n'
  const version = (platform: string, arch: string) =>
    parseRequirements(text, { platform, arch }).paddleVersion
  expect([version('linux', 'x64'), version('linux', 'arm64'), version('darwin', 'arm64')]).toEqual([
    '3.3.1',
    '3.2.2',
    '3.3.1',
  ])
})

test('platforms without a wheel', () => {
  expect(() => {
    checkArchitecture({ platform: 'linux', arch: 'riscv64' })
  }).toThrow('Paddle has no wheels for linux riscv64.\nUse Linux (x64 or arm64, with glibc) or macOS.')
  expect(() => {
    checkArchitecture({ platform: 'darwin', arch: 'arm64' })
  }).not.toThrow()
})

test('chooses the newest suitable Python, preferring one that can create a venv', () => {
  const python = (path: string, version: PythonFacts['version'], venv = true): PythonFacts => ({
    path,
    executable: path,
    version,
    venv,
    implementation: 'CPython',
    bits: 64,
    glibc: 'glibc 2.36',
  })
  const plan = { title: 'paddlepaddle 3.3.1', pythons: { oldest: 9, newest: 13 } }
  const old = python('/a', [3, 9, 18])
  const patched = python('/b', [3, 11, 10])
  const earlier = python('/c', [3, 11, 7])
  const tooNew = python('/d', [3, 14, 0])
  const bare = python('/e', [3, 12, 1], false)
  expect(choose([old, earlier, patched, tooNew, bare], plan)).toBe(patched)
  expect(choose([earlier, { ...earlier, path: '/later' }], plan)).toBe(earlier)
  expect(() => choose([bare], plan)).toThrow('/e (Python 3.12.1) cannot create a venv')
})

test('a manifest of any other form is ignored', () => {
  const pointer = {
    format: 1,
    id: 'paddlepaddle-3.3.1-c5cd6c07',
    wish: { device: 'cpu', paddleVersion: null, indexUrl: null, wheel: '/a.whl', basePython: null },
    choice: null,
    key: 'k',
    requirements: null,
    interpreter: 'environments/a/bin/python',
    executable: 'python3.11',
    files: ['environments/a/paddle'],
    versions: { python: '3.11.7', paddle: '3.3.1', numpy: null },
  }
  expect(parseManifest(JSON.stringify(pointer))).toEqual(pointer)
  // The first versions did not store the choice.
  expect(parseManifest(JSON.stringify({ ...pointer, choice: undefined }))).toEqual(pointer)
  const required = Object.keys(pointer).filter((name) => name !== 'choice')
  const broken: object[] = required.map((name) => ({ ...pointer, [name]: undefined }))
  broken.push(
    { ...pointer, format: 2 },
    { ...pointer, files: [1] },
    { ...pointer, choice: true },
    { ...pointer, wish: { ...pointer.wish, device: 'tpu' } },
    { ...pointer, wish: { ...pointer.wish, indexUrl: 1 } },
    { ...pointer, versions: { ...pointer.versions, numpy: 2 } },
  )
  for (const content of broken) expect(parseManifest(JSON.stringify(content))).toBeUndefined()
  for (const text of ['', 'null', '1', '"text"', '[]']) expect(parseManifest(text)).toBeUndefined()
})

test('the home is the requested folder, else the platform’s', () => {
  expect(homeOf({ PADDLE_TS_HOME: '/somewhere' })).toEqual({
    folder: '/somewhere',
    environments: '/somewhere/environments',
    pointer: '/somewhere/environment.json',
    lock: '/somewhere/lock',
  })
  expect(homeOf({}).folder).toMatch(/\/paddle-ts$/)
})

test('a Python child inherits the environment, without variables that break its isolation', () => {
  const given = {
    LD_LIBRARY_PATH: '/cuda',
    PYTHONPATH: '/mine',
    PYTHONHOME: '/mine',
    __PYVENV_LAUNCHER__: '/mine',
  }
  Object.assign(process.env, given)
  const passed = interpreterEnvironment()
  for (const name of Object.keys(given)) Reflect.deleteProperty(process.env, name)
  expect(passed['LD_LIBRARY_PATH']).toBe('/cuda')
  expect(passed['GLOG_minloglevel']).toBe('2')
  expect(Object.keys(passed).filter((name) => /^(PYTHON|__PYVENV)/.test(name))).toEqual([])
})
