import '../helpers/nothing-left.js'
import { once } from 'node:events'
import { createReadStream, existsSync } from 'node:fs'
import { rm, writeFile } from 'node:fs/promises'
import { createServer, type AddressInfo, type Server } from 'node:net'
import { delimiter, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { paddleTs, said } from '../helpers/command-line.js'
import { makeSetUpPlace, type SetUpPlace } from '../helpers/set-up.js'
import { testWhere } from '../helpers/test-where.js'
import { inTime, until } from '../helpers/until.js'

const base = ['--python', 'python3']
/** A stand-in for paddle, whose import never ends. */
const stuck = 'import signal; signal.pause()'

test('setup installs the managed Python once, and prints its path each time', async () => {
  await using place = await makeSetUpPlace()
  const wheel = await place.wheel()
  const first = await paddleTs(['setup', '--wheel', wheel, ...base])
  const path = join(place.home, 'environments', (await place.current()) ?? '', 'bin', 'python')
  expect(first.stdout).toMatch(/^Python 3\.\d+\.\d+ with paddle 3\.3\.1 is ready: /)
  expect(first.stdout).toContain(path)
  expect(first.exitCode).toBe(0)
  expect(first.stderr).toContain('- Importing paddle')
  const second = await paddleTs(['setup'])
  expect([second.stdout, second.stderr, second.exitCode]).toEqual([first.stdout, '', 0])
  const forced = await paddleTs(['setup', '--force'])
  expect(forced.exitCode).toBe(0)
  expect(forced.stdout).not.toBe(first.stdout)
  expect(await place.environments()).toEqual([await place.current()])
})

/**
 * Two concurrent setups: the first one waits for its gate during the installation, the other one for the
 * first.
 */
async function twoAtOnce(place: SetUpPlace) {
  const gate = join(place.folder, 'gate')
  await execa('mkfifo', [gate])
  const wheel = await place.wheel(
    `import os\nif os.path.exists(${JSON.stringify(gate)}): open(${JSON.stringify(gate)}).read()`,
  )
  const one = paddleTs(['setup', '--wheel', wheel, ...base])
  await said(one, 'Importing paddle')
  const two = paddleTs(['setup', '--wheel', wheel, ...base])
  await said(two, 'Waiting for another process that installs the managed Python')
  return { gate, one, two }
}

test('two concurrent setups: one installs, the other waits, and both succeed', async () => {
  await using place = await makeSetUpPlace()
  const { gate, one, two } = await twoAtOnce(place)
  expect(await place.current()).toBeUndefined()
  await writeFile(gate, 'open')
  await rm(gate)
  const [first, second] = await Promise.all([one, two])
  expect([first.exitCode, second.exitCode]).toEqual([0, 0])
  expect(second.stdout).toBe(first.stdout)
  expect(await place.environments()).toEqual([await place.current()])
})

test('two concurrent setups, the first one is killed: the other one installs', async () => {
  await using place = await makeSetUpPlace()
  const { gate, one, two } = await twoAtOnce(place)
  // The first one may or may not have reached the gate before it is killed.
  await rm(gate)
  one.kill('SIGKILL')
  const [first, second] = await Promise.all([one, two])
  expect(first.signal).toBe('SIGKILL')
  expect(second.exitCode).toBe(0)
  expect(await place.environments()).toEqual([await place.current()])
})

test.each(['SIGKILL', 'SIGTERM', 'SIGHUP'] as const)(
  '%s of Node while paddle is imported leaves nothing',
  async (signal) => {
    await using place = await makeSetUpPlace()
    const command = paddleTs(['setup', '--wheel', await place.wheel(stuck), ...base])
    await said(command, 'Importing paddle')
    expect(await place.environments()).toHaveLength(1)
    command.kill(signal)
    const { exitCode, signal: killedBy } = await command
    expect([exitCode, killedBy]).toEqual(signal === 'SIGTERM' ? [143, undefined] : [undefined, signal])
    await until(async () => (await place.environments()).length === 0)
    expect(await place.current()).toBeUndefined()
  },
)

test.each(['SIGKILL', 'SIGINT'] as const)(
  '%s of Node while it looks for a Python leaves none (a shim stands in for one that never answers)',
  async (signal) => {
    await using place = await makeSetUpPlace()
    const gate = join(place.folder, 'gate')
    await execa('mkfifo', [gate])
    const shim = join(place.folder, 'python3.13')
    await writeFile(shim, `#!/bin/sh\nexec sleep 1000 > ${gate}\n`, { mode: 0o755 })
    const PATH = `${place.folder}${delimiter}/bin`
    const command = paddleTs(['setup'], { env: { PATH } })
    // Opens when the shim starts, and ends when no process holds the other end.
    const held = createReadStream(gate)
    await inTime(once(held, 'open'), 'the shim has begun')
    command.kill(signal)
    held.resume()
    await inTime(once(held, 'end'), 'the shim has ended')
    const { exitCode, signal: killedBy, stderr } = await command
    expect([exitCode, killedBy, stderr]).toEqual([
      signal === 'SIGINT' ? 130 : undefined,
      signal === 'SIGINT' ? undefined : signal,
      // It printed nothing if it was killed before that.
      signal === 'SIGINT'
        ? '- Looking for a Python for paddlepaddle 3.3.1'
        : expect.stringMatching(/^(- Looking for a Python for paddlepaddle 3\.3\.1)?$/),
    ])
  },
)

test('SIGKILL of Node ends a Python that was started by a program that keeps running', async () => {
  await using place = await makeSetUpPlace()
  const shim = join(place.folder, 'staying')
  await writeFile(shim, '#!/bin/sh\npython3 "$@"\nexit $?\n', { mode: 0o755 })
  const command = paddleTs(['setup', '--wheel', await place.wheel(stuck), '--python', shim])
  await said(command, 'Importing paddle')
  command.kill('SIGKILL')
  expect((await command).signal).toBe('SIGKILL')
  await until(async () => (await place.environments()).length === 0)
})

test('SIGKILL of Node while pip waits for the network leaves nothing behind', async () => {
  await using place = await makeSetUpPlace()
  const { server, url } = await silentServer()
  process.env['PIP_NO_INDEX'] = ''
  const command = paddleTs(['setup', '--index-url', url, ...base])
  await inTime(once(server, 'connection'), 'pip asks for a package')
  command.kill('SIGKILL')
  await command
  await until(async () => (await place.environments()).length === 0)
  server.close()
})

test('SIGKILL of the installing Python leaves no process, and the next setup cleans up', async () => {
  await using place = await makeSetUpPlace()
  const command = paddleTs(['setup', '--wheel', await place.wheel(stuck), ...base])
  await said(command, 'Importing paddle')
  const { stdout } = await execa('pgrep', ['-P', String(command.pid)])
  process.kill(Number(stdout), 'SIGKILL')
  const { stderr, exitCode } = await command
  expect(exitCode).toBe(1)
  expect(stderr).toMatch(
    / failed: \S+ died with SIGKILL\.\nTry again: paddle-ts setup\n\[ENVIRONMENT_INSTALL_FAILED\]$/,
  )
  expect(await place.environments()).toHaveLength(1)
  await paddleTs(['setup', '--wheel', await place.wheel(), ...base])
  expect(await place.environments()).toEqual([await place.current()])
})

test('Ctrl-C during the installation ends with exit code 130, and leaves nothing behind', async () => {
  await using place = await makeSetUpPlace()
  // A terminal sends Ctrl-C to the process group, so the command gets its own.
  const command = paddleTs(['setup', '--wheel', await place.wheel(stuck), ...base], {
    detached: true,
    cleanup: false,
  })
  await said(command, 'Importing paddle')
  process.kill(-(command.pid ?? 0), 'SIGINT')
  expect((await command).exitCode).toBe(130)
  await until(async () => (await place.environments()).length === 0)
})

test('a failure is reported on standard error with its code, without a stack', async () => {
  await using place = await makeSetUpPlace()
  const { stdout, stderr, exitCode } = await paddleTs(['setup', '--wheel', 'missing-3.3.1.whl'])
  expect([stdout, stderr, exitCode]).toEqual([
    '',
    'missing-3.3.1.whl is not the file name of a paddle wheel, which contains its version, Python and platform.\n' +
      'Keep the name of the downloaded file: paddlepaddle_gpu-3.3.1-cp311-cp311-linux_x86_64.whl\n' +
      '[ENVIRONMENT_WHEEL_INVALID]',
    1,
  ])
  expect(existsSync(place.home)).toBe(false)
})

const hasDriver = ['/proc/driver/nvidia/version', '/usr/lib/wsl/lib/nvidia-smi'].some(existsSync)

testWhere(!hasDriver, 'this machine has an NVIDIA driver')(
  'the last lines of `setup --device auto`, and of later setups, say which wheel was chosen and why',
  async () => {
    await using place = await makeSetUpPlace()
    const wheel = await place.wheel()
    const { stdout: ready } = await paddleTs(['setup', '--wheel', wheel, ...base])
    const chosen =
      `Using the CPU wheel, paddlepaddle 3.3.1, from ${wheel}: this machine has no NVIDIA driver ` +
      '(nvidia-smi is not on the PATH, and the library libcuda.so.1 is not found)'
    const { stdout, stderr, exitCode } = await paddleTs(['setup', '--device', 'auto'])
    expect([stdout, stderr, exitCode]).toEqual([
      `${chosen}.\n${ready}`,
      `- Reading the NVIDIA driver\n- ${chosen}`,
      0,
    ])
    const later = await paddleTs(['setup'])
    expect([later.stdout, later.stderr, later.exitCode]).toEqual([`${chosen}.\n${ready}`, '', 0])
  },
)

test('the device `auto` excludes a wheel and an index of one’s own', async () => {
  const outcomes = await Promise.all(
    [
      ['--wheel', 'a.whl'],
      ['--index-url', 'https://example.org/'],
    ].map((more) => paddleTs(['setup', '--device', 'auto', ...more])),
  )
  expect(outcomes.map(({ exitCode }) => exitCode)).toEqual([2, 2])
  expect(outcomes.map(({ stderr }) => stderr)).toEqual([
    expect.stringContaining('--device auto selects the wheel, so --wheel cannot be set too.'),
    expect.stringContaining('--device auto selects the wheel, so --index-url cannot be set too.'),
  ])
})

/** Accepts connections and never responds. */
async function silentServer(): Promise<{ server: Server; url: string }> {
  const server = createServer()
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return { server, url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/simple` }
}

test('with a damaged numpy, every command advises to reinstall the managed Python, or not to use the named one', async () => {
  await using place = await makeSetUpPlace()
  const damage = join(place.folder, 'damaged')
  const wheel = await place.wheel(
    `import os\nif os.path.exists(${JSON.stringify(damage)}): import numpy._core`,
  )
  const { stdout } = await paddleTs(['setup', '--wheel', wheel, ...base])
  const python = stdout.trim().split(' ').at(-1) ?? ''
  await writeFile(damage, '')
  const model = fileURLToPath(new URL('../../models/doctor', import.meta.url))
  const commands = [
    ['infer', 'images/demo.jpg', '--task', 'classify', '--model-dir', model],
    ['verify', 'images/demo.jpg', '--task', 'classify', '--model-dir', model],
    ['benchmark', '--model-dir', model],
    ['convert', model, '--save-dir', join(place.folder, 'converted'), '--precision', 'fp16'],
    ['export', '--save-inference-dir', join(place.folder, 'exported')],
    ['inspect', model],
    ['doctor'],
  ]
  const cause = `${python} cannot import paddle: No module named 'numpy._core'.`
  const why = 'Its numpy is missing, damaged, or not compatible with the wheel.'
  const advice = {
    managed: `${why} Reinstall the managed Python: paddle-ts setup --force`,
    PADDLE_TS_PYTHON: `${why} Install another numpy in it, or unset PADDLE_TS_PYTHON to use the managed Python.`,
    option: `${why} Install another numpy in it, or omit --python to use the managed Python.`,
  }
  for (const command of commands) {
    const said = async (words: readonly string[], env: Readonly<Record<string, string>>): Promise<string> => {
      const result = await paddleTs([...command, ...words], { env })
      expect(result.exitCode).toBe(1)
      return `${result.stdout}\n${result.stderr}`.replaceAll(/^ +/gm, '')
    }
    const texts = await Promise.all([
      said([], {}),
      said([], { PADDLE_TS_PYTHON: python }),
      said(['--python', python], {}),
    ])
    expect(texts).toEqual(Object.values(advice).map((line) => expect.stringContaining(`${cause}\n${line}`)))
  }
})
