import '../helpers/nothing-left.js'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { z } from 'zod'
import { ensureEnvironment } from '../../src/environment/index.js'
import { probeInterpreter } from '../../src/environment/probe-interpreter.js'
import { wheelVersion } from '../../src/environment/wheel-version.js'
import { exportModel } from '../../src/export/index.js'
import { startScript, startTethered } from '../../src/python/index.js'
import { testPython } from '../helpers/python.js'
import { makeSetUpPlace } from '../helpers/set-up.js'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'scripts-'))
})
afterAll(() => rm(folder, { recursive: true }))

async function shell(name: string, text: string): Promise<string> {
  const path = join(folder, name)
  await writeFile(path, `#!/bin/sh\n${text}\n`, { mode: 0o755 })
  return path
}

/** A Python that prints lines by itself, whatever it runs. */
const chatty = (python: string) => shell('chatty', `echo Welcome; echo '{}' >&2\nexec '${python}' "$@"`)

test('lines that a Python prints by itself have no effect', async () => {
  await using place = await makeSetUpPlace()
  const wheel = await place.wheel('print("Welcome to paddle")')
  const { path } = await ensureEnvironment({ wheel, basePython: await chatty('python3') })
  const python = await chatty(path)
  const { paddle } = await probeInterpreter(python)
  expect(paddle).toEqual({ version: '3.3.1', commit: null })
  expect(await wheelVersion(python)).toMatch(/^paddlepaddle 3\.3\.1 \(Python 3\.\d+\.\d+, \S+\/chatty\)$/)
})

test('nor on an export', async () => {
  const saveInferenceDir = join(folder, 'model')
  const python = await chatty(await testPython())
  const { files } = await exportModel({ model: 'LeNet', saveInferenceDir, python })
  expect(files).toContain(join(saveInferenceDir, 'inference.pdiparams'))
})

test('a Python that is started by a program which stays alive', async () => {
  await using place = await makeSetUpPlace()
  const basePython = await shell('staying', 'python3 "$@"\nexit $?')
  await ensureEnvironment({ wheel: await place.wheel(), basePython })
  expect(await place.environments()).toEqual([await place.current()])
})

test('the last lines of a process’s output are reported, long ones without their middle', async () => {
  const python = await shell(
    'talkative',
    "head -c 20000000 /dev/zero | tr '\\0' x >&2\necho; echo end; exit 3",
  )
  await expect(
    exportModel({ model: 'LeNet', saveInferenceDir: join(folder, 'none'), python }),
  ).rejects.toMatchObject({
    code: 'EXPORT_FAILED',
    message:
      `The export of LeNet failed: ${python} ended with exit code 3. Last lines of its output:\n` +
      `${'x'.repeat(665)} … ${'x'.repeat(332)}\nend\nCheck the Python installation: paddle-ts doctor`,
  })
})

test('a process that does not end on request is killed', async () => {
  const code =
    "import os, signal; signal.signal(signal.SIGTERM, signal.SIG_IGN); os.write(3, b'{}\\n'); signal.pause()"
  const script = startTethered(await testPython(), code, {})
  expect(await script.next(z.object({}))).toEqual({})
  expect(await script.stop()).toEqual({ exitCode: null, signal: 'SIGKILL', output: '' })
  await script[Symbol.asyncDispose]()
})

test('a descendant that keeps the messages open delays nothing', async () => {
  const code = `import os, subprocess
child = subprocess.Popen(['sleep', '600'], pass_fds=[3], start_new_session=True)
os.write(3, b'{"pid": %d}\\n' % child.pid)`
  await using script = startTethered(await testPython(), code, {})
  const message = await script.next(z.object({ pid: z.number() }))
  if (!('pid' in message)) throw new Error(`no message: ${JSON.stringify(message)}`)
  try {
    expect(await script.next(z.object({}))).toMatchObject({ ended: { exitCode: 0 } })
  } finally {
    process.kill(message.pid)
  }
})

test('an aborted signal ends the process, and a process that cannot be started reports the reason', async () => {
  await using paused = startTethered(await testPython(), 'import signal; signal.pause()', {
    signal: AbortSignal.abort(),
  })
  expect(await paused.next(z.object({}))).toEqual({
    ended: { exitCode: null, signal: 'SIGTERM', output: '' },
  })
  const none = join(folder, 'none')
  await using missing = startScript(none, 'probe_environment.py')
  expect(await missing.next(z.object({}))).toEqual({
    ended: { exitCode: null, signal: null, startError: `spawn ${none} ENOENT`, output: '' },
  })
})
