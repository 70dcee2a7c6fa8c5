import '../helpers/nothing-left.js'
import { once } from 'node:events'
import { createReadStream } from 'node:fs'
import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import {
  ensureEnvironment,
  findInterpreter,
  importError,
  type EnvironmentOptions,
} from '../../src/environment/index.js'
import { probeInterpreter } from '../../src/environment/probe-interpreter.js'
import { makeSetUpPlace, type SetUpPlace } from '../helpers/set-up.js'
import { inTime } from '../helpers/until.js'

const basePython = 'python3'

async function script(place: SetUpPlace, name: string, text: string): Promise<string> {
  const path = join(place.folder, name)
  await mkdir(join(path, '..'), { recursive: true })
  await writeFile(path, `#!/bin/sh\n${text}\n`)
  await chmod(path, 0o755)
  return path
}

/** A stand-in that reports the facts of such a Python. */
async function standIn(place: SetUpPlace, name: string, facts: object = {}): Promise<string> {
  const path = join(place.folder, name)
  const all = {
    executable: path,
    version: [3, 11, 7],
    implementation: 'CPython',
    bits: 64,
    glibc: 'glibc 2.36',
    venv: true,
  }
  return script(place, name, `echo '${JSON.stringify({ ...all, ...facts })}' >&3`)
}

/** The code and message of the failure, without what differs from run to run. */
async function failureOf(work: Promise<unknown>): Promise<{ code: unknown; message: string }> {
  const error: unknown = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  )
  const { code, message } = error as { code: unknown; message: string }
  return { code, message: message.replaceAll(/0x[0-9a-f]+/g, '0x…').replaceAll(/-[0-9a-f]{8}\//g, '-…/') }
}

async function withPath<T>(path: string, work: () => Promise<T>): Promise<T> {
  const before = process.env['PATH']
  process.env['PATH'] = path
  try {
    return await work()
  } finally {
    process.env['PATH'] = before
  }
}

test('no Python on the PATH', async () => {
  await using place = await makeSetUpPlace()
  expect(await withPath(join(place.folder, 'empty'), () => failureOf(ensureEnvironment()))).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message:
      'No Python runs on the PATH; looked for python3.13, python3.12, python3.11, python3.10, python3.9, python3, python.\n' +
      'Install a Python from 3.9 to 3.13 (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.12), or name one: paddle-ts setup --python PATH',
  })
})

test('a named Python that does not exist, and one that does not run', async () => {
  await using place = await makeSetUpPlace()
  expect(await failureOf(ensureEnvironment({ basePython: '/no/such/python' }))).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message:
      '/no/such/python does not exist.\nSpecify another Python, or omit it to use the newest suitable one on the PATH: paddle-ts setup',
  })
  const shim = await script(place, 'shim', 'exit 127')
  expect(await failureOf(ensureEnvironment({ basePython: shim }))).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message: `${shim} does not run as a Python interpreter.\nSpecify another Python, or omit it to use the newest suitable one on the PATH: paddle-ts setup`,
  })
})

test('a file that is not executable, and a folder, named as Python', async () => {
  await using place = await makeSetUpPlace()
  const image = join(place.folder, 'hen.jpg')
  await writeFile(image, 'an image')
  const remedy = 'Specify a Python with paddle, or none to use the managed one (paddle-ts setup installs it).'
  expect(await failureOf(findInterpreter({ python: image }))).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message: `Cannot run ${image}: it is not executable.\n${remedy}`,
  })
  process.env['PADDLE_TS_PYTHON'] = place.folder
  expect((await failureOf(findInterpreter())).message).toBe(
    `Cannot run ${place.folder} (PADDLE_TS_PYTHON): it is not a file.\n${remedy}`,
  )
  expect(await failureOf(ensureEnvironment({ basePython: image }))).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message: `${image} is not executable.\nSpecify another Python, or omit it to use the newest suitable one on the PATH: paddle-ts setup`,
  })
})

test('Pythons that are too old or too new (stand-ins that report so)', async () => {
  await using place = await makeSetUpPlace()
  const remedy =
    'Install a Python from 3.9 to 3.13 (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.12), or name one: paddle-ts setup --python PATH'
  const old = await standIn(place, 'bin/python3', { version: [3, 7, 16] })
  expect(await failureOf(ensureEnvironment({ basePython: old }))).toEqual({
    code: 'PYTHON_TOO_OLD',
    message: `${old} is not compatible with paddlepaddle 3.3.1, which requires 64-bit CPython 3.9 to 3.13: it is CPython 3.7.16.\n${remedy}`,
  })
  const unfit = await standIn(place, 'bin/python', { version: [3, 14, 0], bits: 32 })
  expect(await withPath(join(place.folder, 'bin'), () => failureOf(ensureEnvironment()))).toEqual({
    code: 'PYTHON_TOO_OLD',
    message: `No Python on the PATH is compatible with paddlepaddle 3.3.1, which requires 64-bit CPython 3.9 to 3.13:\n  ${old}: CPython 3.7.16\n  ${unfit}: CPython 3.14.0, 32 bits\n${remedy}`,
  })
  const newest = await standIn(place, 'python3.13', { version: [3, 13, 0] })
  expect((await failureOf(ensureEnvironment({ basePython: newest, paddleVersion: '2.6.2' }))).message).toBe(
    `${newest} is not compatible with paddlepaddle 2.6.2, which requires 64-bit CPython 3.9 to 3.12: it is CPython 3.13.0.\n` +
      'Install a Python from 3.9 to 3.12 (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.12), or name one: paddle-ts setup --python PATH',
  )
})

test('a Python without the venv module, and one with another C library (stand-ins that report so)', async () => {
  await using place = await makeSetUpPlace()
  const bare = await standIn(place, 'bare', { venv: false })
  expect(await failureOf(ensureEnvironment({ basePython: bare }))).toEqual({
    code: 'PYTHON_NO_VENV',
    message:
      `${bare} (Python 3.11.7) cannot create a venv: it lacks the module venv, or has neither pip nor ensurepip.\n` +
      'Install it (Debian, Ubuntu: apt install python3-venv, or python3.11-venv), or name another Python: paddle-ts setup --python PATH',
  })
  const musl = await standIn(place, 'musl', { glibc: null })
  expect(await failureOf(ensureEnvironment({ basePython: musl }))).toEqual({
    code: 'PLATFORM_UNSUPPORTED',
    message:
      `${musl} runs on a C library other than glibc (Alpine’s musl?), for which paddlepaddle 3.3.1 has no wheel.\n` +
      'Use a system with glibc, such as the image node:22-bookworm.',
  })
})

test('no network', async () => {
  await using place = await makeSetUpPlace()
  Object.assign(process.env, { PIP_NO_INDEX: '', PIP_RETRIES: '1' })
  const { code, message } = await failureOf(
    ensureEnvironment({ basePython, indexUrl: 'http://127.0.0.1:1/simple' }),
  )
  Reflect.deleteProperty(process.env, 'PIP_RETRIES')
  expect(code).toBe('ENVIRONMENT_NO_NETWORK')
  const lines = message.split('\n')
  expect(lines[0]).toBe(
    'pip could not install paddlepaddle 3.3.1: the package index could not be reached. Last lines of pip:',
  )
  expect(lines.at(-2)).toBe('ERROR: No matching distribution found for paddlepaddle==3.3.1')
  expect(lines.at(-1)).toBe(
    'Check the network, or set pip’s mirror (PIP_INDEX_URL) or proxy (HTTPS_PROXY). Without a network: PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER paddle-ts setup',
  )
  expect(await place.environments()).toEqual([])
})

test('no space (a limit on the size of files stands in for a full disk)', async () => {
  await using place = await makeSetUpPlace()
  const { stdout: python } = await execa('which', ['python3'])
  const limited = await script(place, 'limited', `ulimit -f 1024; exec ${python} "$@"`)
  const wheel = await place.wheel(`"${'x'.repeat(2_000_000)}"`)
  expect(await failureOf(ensureEnvironment({ wheel, basePython: limited }))).toEqual({
    code: 'ENVIRONMENT_NO_SPACE',
    message:
      `Not enough disk space for the managed Python in ${place.home} (ERROR: Could not install packages due to an OSError: [Errno 27] File too large).\n` +
      'Free about 1.4 GB there, or install it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup',
  })
  expect(await place.environments()).toEqual([])
})

test('a home that cannot be written', async () => {
  await using place = await makeSetUpPlace()
  const wheel = await place.wheel()
  await writeFile(place.home, 'a file where the folder should be')
  expect(await failureOf(ensureEnvironment({ wheel, basePython }))).toEqual({
    code: 'ENVIRONMENT_UNWRITABLE',
    message: `Cannot write the managed Python at ${place.home}/environments: Not a directory.\nInstall it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup`,
  })
})

test('a home on a file system that does not support folders', async () => {
  await using place = await makeSetUpPlace()
  process.env['PADDLE_TS_HOME'] = '/proc/paddle-ts'
  expect(await failureOf(ensureEnvironment({ wheel: await place.wheel(), basePython }))).toEqual({
    code: 'ENVIRONMENT_UNWRITABLE',
    message:
      'Cannot write the managed Python at /proc/paddle-ts: No such file or directory.\n' +
      'Install it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup',
  })
})

test('a wheel that cannot be imported: glibc too old, a library missing, a crash (stand-ins for paddle)', async () => {
  await using place = await makeSetUpPlace()
  const python = `${place.home}/environments/paddlepaddle-3.3.1-py3-none-any-…/bin/python`
  const failing = async (source: string) => {
    const failure = await failureOf(ensureEnvironment({ wheel: await place.wheel(source), basePython }))
    expect(await place.environments()).toEqual([])
    return failure
  }
  const missing = "/lib/x86_64-linux-gnu/libc.so.6: version `GLIBC_2.28' not found (required by libpaddle.so)"
  expect(await failing(`raise ImportError(${JSON.stringify(missing)})`)).toEqual({
    code: 'PADDLE_IMPORT_FAILED',
    message: `${python} cannot import paddle: ${missing}.\nThe system is older than the wheel needs: use one with a newer glibc, such as the image node:22-bookworm.`,
  })
  const library = 'libgomp.so.1: cannot open shared object file: No such file or directory'
  expect(await failing(`raise ImportError('${library}')`)).toEqual({
    code: 'PADDLE_IMPORT_FAILED',
    message: `${python} cannot import paddle: ${library}.\nInstall the system package that provides libgomp.so.1, or add its folder to LD_LIBRARY_PATH.`,
  })
  expect(await failing('import os, signal; os.kill(os.getpid(), signal.SIGILL)')).toEqual({
    code: 'PADDLE_CPU_UNSUPPORTED',
    message: `${python} cannot import paddle: it died with SIGILL, because the CPU lacks an instruction that the wheel requires (AVX on x64).\nUse a machine whose CPU has AVX; for a virtual machine, choose a CPU model with AVX.`,
  })
  expect(
    await failing('import os, sys; sys.stderr.write("out of luck"); sys.stderr.flush(); os._exit(3)'),
  ).toEqual({
    code: 'PADDLE_IMPORT_FAILED',
    message: `${python} cannot import paddle: it ended with exit code 3. Last lines of its output:\nout of luck\nReinstall the managed Python: paddle-ts setup --force`,
  })
})

test('a wheel file that is missing, not one of paddle, damaged, or for another Python or platform', async () => {
  await using place = await makeSetUpPlace()
  const path = join(place.folder, 'paddlepaddle-3.3.1-py3-none-any.whl')
  expect(await failureOf(ensureEnvironment({ wheel: path, basePython }))).toEqual({
    code: 'ENVIRONMENT_WHEEL_INVALID',
    message: `Cannot read the wheel ${path}: ENOENT: no such file or directory, stat '${path}'.\nGive the path of a downloaded wheel: paddle-ts setup --wheel FILE.whl`,
  })
  expect(await failureOf(ensureEnvironment({ wheel: join(place.folder, 'paddle.whl'), basePython }))).toEqual(
    {
      code: 'ENVIRONMENT_WHEEL_INVALID',
      message:
        'paddle.whl is not the file name of a paddle wheel, which contains its version, Python and platform.\n' +
        'Keep the name of the downloaded file: paddlepaddle_gpu-3.3.1-cp311-cp311-linux_x86_64.whl',
    },
  )
  await writeFile(path, 'half a download')
  expect(await failureOf(ensureEnvironment({ wheel: path, basePython }))).toEqual({
    code: 'ENVIRONMENT_WHEEL_INVALID',
    message: expect.stringMatching(
      /^pip could not install paddlepaddle-3\.3\.1-py3-none-any\.whl: the wheel is damaged\. Last lines of pip:\n[^]*\nDownload it again: paddle-ts setup --wheel FILE\.whl$/,
    ),
  })
  const windows = await place.wheel('', { tag: 'py3-none-win_amd64' })
  expect((await failureOf(ensureEnvironment({ wheel: windows, basePython }))).message).toMatch(
    /^pip could not install paddlepaddle-3\.3\.1-py3-none-win_amd64\.whl: the wheel is not for Python 3\.\d+ on linux (x64|arm64)\. Last lines of pip:\n(.*\n)?ERROR: paddlepaddle-3\.3\.1-py3-none-win_amd64\.whl is not a supported wheel on this platform\.\nDownload the wheel for this Python and platform, or specify a Python that matches it: paddle-ts setup --wheel FILE\.whl --python PATH$/,
  )
  const other = await place.wheel('', { tag: 'cp38-cp38-linux_x86_64' })
  const python = await standIn(place, 'python3.11')
  expect(await failureOf(ensureEnvironment({ wheel: other, basePython: python }))).toEqual({
    code: 'PYTHON_TOO_OLD',
    message: `${python} is not compatible with paddlepaddle-3.3.1-cp38-cp38-linux_x86_64.whl, which requires 64-bit CPython 3.8: it is CPython 3.11.7.\nInstall Python 3.8 (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.12), or name one: paddle-ts setup --python PATH`,
  })
})

test('a package that the index does not have', async () => {
  await using place = await makeSetUpPlace()
  const { code, message } = await failureOf(ensureEnvironment({ basePython, paddleVersion: '3.9.9' }))
  expect(code).toBe('ENVIRONMENT_INSTALL_FAILED')
  expect(message).toMatch(
    /^pip could not install paddlepaddle 3\.9\.9: the package index lacks a required package for Python 3\.\d+ on linux \w+\. Last lines of pip:\n[^]*\nERROR: No matching distribution found for paddlepaddle==3\.9\.9\nTry another version or index: paddle-ts setup --paddle-version VERSION --index-url URL$/,
  )
  expect(await place.environments()).toEqual([])
})

const paddleIndex = 'https://www.paddlepaddle.org.cn/packages/stable'

test('a GPU wheel that PyPI does not have, without a package index or a wheel file', async () => {
  await using place = await makeSetUpPlace()
  const failure = (options: EnvironmentOptions) => failureOf(ensureEnvironment({ basePython, ...options }))
  expect(await failure({ device: 'gpu' })).toEqual({
    code: 'ENVIRONMENT_GPU_SOURCE_MISSING',
    message: `PyPI has no paddlepaddle-gpu 3.3.1: it has GPU wheels of Paddle 2.6.0, 2.6.1, 2.6.2, for CUDA 11.8.
Let paddle-ts select an index by the driver:
  paddle-ts setup --device auto
or name the index for your version of CUDA:
  CUDA 13.0: paddle-ts setup --device gpu --index-url ${paddleIndex}/cu130/
  CUDA 12.9: paddle-ts setup --device gpu --index-url ${paddleIndex}/cu129/
  CUDA 12.6: paddle-ts setup --device gpu --index-url ${paddleIndex}/cu126/
  CUDA 11.8: paddle-ts setup --device gpu --index-url ${paddleIndex}/cu118/
or install a version that PyPI has:
  paddle-ts setup --device gpu --paddle-version 2.6.2
or a wheel that you have downloaded:
  paddle-ts setup --device gpu --wheel FILE.whl`,
  })
  expect((await failure({ device: 'gpu', paddleVersion: '3.0.0' })).message).toContain(
    `or name the index for your version of CUDA:
  CUDA 12.6: paddle-ts setup --device gpu --paddle-version 3.0.0 --index-url ${paddleIndex}/cu126/
  CUDA 11.8: paddle-ts setup --device gpu --paddle-version 3.0.0 --index-url ${paddleIndex}/cu118/
or install`,
  )
  expect(await failure({ device: 'gpu', paddleVersion: '2.6.2.post120' })).toEqual({
    code: 'ENVIRONMENT_GPU_SOURCE_MISSING',
    message: `PyPI has no paddlepaddle-gpu 2.6.2.post120: it has GPU wheels of Paddle 2.6.0, 2.6.1, 2.6.2, for CUDA 11.8.
Install a version that PyPI has:
  paddle-ts setup --device gpu --paddle-version 2.6.2
or a wheel that you have downloaded:
  paddle-ts setup --device gpu --wheel FILE.whl`,
  })
  expect(await place.environments()).toEqual([])
})

test('a version that PyPI has and pip’s own settings do not is not said to be missing there', async () => {
  await using place = await makeSetUpPlace()
  const options = { device: 'gpu', paddleVersion: '2.6.1', basePython } as const
  const { code, message } = await failureOf(ensureEnvironment(options))
  expect(code).toBe('ENVIRONMENT_INSTALL_FAILED')
  expect(message).toMatch(/^pip could not install paddlepaddle-gpu 2\.6\.1: the package index lacks/)
  expect(await place.environments()).toEqual([])
})

test('the GPU wheel of PyPI with a Python that it does not support (a stand-in that reports so)', async () => {
  await using place = await makeSetUpPlace()
  const newest = await standIn(place, 'python3.13', { version: [3, 13, 0] })
  const options = { device: 'gpu', paddleVersion: '2.6.2', basePython: newest } as const
  expect(await failureOf(ensureEnvironment(options))).toEqual({
    code: 'PYTHON_TOO_OLD',
    message:
      `${newest} is not compatible with paddlepaddle-gpu 2.6.2, which requires 64-bit CPython 3.9 to 3.12: it is CPython 3.13.0.\n` +
      'Install a Python from 3.9 to 3.12 (Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.12), or name one: paddle-ts setup --python PATH',
  })
})

test('the GPU wheel of PyPI is refused if its hash differs (a stand-in for it)', async () => {
  await using place = await makeSetUpPlace()
  await place.wheel('', { name: 'paddlepaddle_gpu', version: '2.6.2' })
  const options = { device: 'gpu', paddleVersion: '2.6.2', basePython } as const
  const { code, message } = await failureOf(ensureEnvironment(options))
  expect(code).toBe('ENVIRONMENT_INSTALL_FAILED')
  expect(message).toMatch(
    /^pip could not install paddlepaddle-gpu 2\.6\.2\. Last lines of pip:\n[^]*ERROR: THESE PACKAGES DO NOT MATCH THE HASHES/,
  )
  expect(await place.environments()).toEqual([])
})

test('a Python without pip gets one by ensurepip', async () => {
  await using place = await makeSetUpPlace()
  const bare = join(place.folder, 'bare')
  await execa('python3', ['-m', 'venv', '--without-pip', bare])
  const { path } = await ensureEnvironment({
    wheel: await place.wheel(),
    basePython: join(bare, 'bin', 'python'),
  })
  const { stdout } = await execa(path, ['-c', 'import paddle, pip; print(paddle.__version__)'])
  expect(stdout).toBe('3.3.1')
})

test('an interpreter that is missing, that does not run, and one without paddle', async () => {
  await using place = await makeSetUpPlace()
  const remedy = 'Specify a Python with paddle, or none to use the managed one (paddle-ts setup installs it).'
  expect(await failureOf(findInterpreter({ python: '/no/such/python' }))).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message: `There is no Python interpreter at /no/such/python.\n${remedy}`,
  })
  process.env['PADDLE_TS_PYTHON'] = 'no-such-python'
  expect(await failureOf(findInterpreter())).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message: `There is no Python interpreter at no-such-python (PADDLE_TS_PYTHON).\n${remedy}`,
  })
  expect(await failureOf(probeInterpreter('/no/such/python'))).toEqual({
    code: 'PYTHON_NOT_FOUND',
    message: `/no/such/python does not run: ENOENT.\n${remedy}`,
  })
  const bare = join(place.folder, 'bare')
  await execa('python3', ['-m', 'venv', '--without-pip', bare])
  const python = join(bare, 'bin', 'python')
  expect(await findInterpreter({ python })).toEqual({ path: python, source: 'option' })
  expect(await failureOf(probeInterpreter(python))).toEqual({
    code: 'PADDLE_NOT_INSTALLED',
    message: `${python} cannot import paddle: No module named 'paddle'.\nInstall it: paddle-ts setup`,
  })
})

test('the advice for a program that is not Python depends on its source', async () => {
  const message = 'cannot import paddle: it ended with exit code 0.'
  expect(await failureOf(probeInterpreter('/bin/true', { source: 'option' }))).toEqual({
    code: 'PADDLE_IMPORT_FAILED',
    message: `/bin/true ${message}\nInstall paddle in it, or omit \`python\` to use the managed Python.`,
  })
  expect((await failureOf(probeInterpreter('/bin/true', { source: 'PADDLE_TS_PYTHON' }))).message).toBe(
    `/bin/true ${message}\nInstall paddle in it, or unset PADDLE_TS_PYTHON to use the managed Python.`,
  )
  expect((await failureOf(probeInterpreter('/bin/true'))).message).toBe(
    `/bin/true ${message}\nReinstall the managed Python: paddle-ts setup --force`,
  )
  const numpy = { type: 'ImportError', message: 'numpy.core.multiarray failed to import' }
  expect(importError('/usr/bin/python3', numpy, 'PADDLE_TS_PYTHON').message).toBe(
    '/usr/bin/python3 cannot import paddle: numpy.core.multiarray failed to import.\n' +
      'Its numpy is missing, damaged, or not compatible with the wheel. Install another numpy in it, or unset PADDLE_TS_PYTHON to use the managed Python.',
  )
})

// Without the signal, the search waits for 20 s.
test('the signal ends the search for a Python that never replies (a shim stands in for it)', async () => {
  await using place = await makeSetUpPlace()
  const gate = join(place.folder, 'gate')
  await execa('mkfifo', [gate])
  await script(place, 'bin/python3.13', `exec sleep 1000 > ${gate}`)
  const abort = new AbortController()
  const making = withPath(`${join(place.folder, 'bin')}:/bin`, () =>
    failureOf(ensureEnvironment({ signal: abort.signal })),
  )
  // It opens when the shim has started, and ends when the other end is closed.
  const held = createReadStream(gate)
  await inTime(once(held, 'open'), 'the shim has begun')
  abort.abort()
  expect(await making).toEqual({
    code: 'ABORTED',
    message: 'Installing the managed Python was aborted by its signal.',
  })
  held.resume()
  await inTime(once(held, 'end'), 'the shim has ended')
}, 15_000)
