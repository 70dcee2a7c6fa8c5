import '../helpers/nothing-left.js'
import { once } from 'node:events'
import { cp, mkdir, mkdtemp, readdir, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import type { PaddleError } from '../../src/errors.js'
import { PlainPython } from '../../src/reference/index.js'
import { testPython } from '../helpers/python.js'
import { inTime } from '../helpers/until.js'

const never = new AbortController().signal

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'reference-'))
})
afterAll(() => rm(folder, { recursive: true }))

/** The message and the code of a failed start. */
async function failureOf(starting: Promise<PlainPython>): Promise<string> {
  const settled = await starting.catch((error: unknown) => error as PaddleError)
  if (!(settled instanceof PlainPython)) return `${settled.message} [${settled.code}]`
  await settled[Symbol.asyncDispose]()
  throw new Error('It has started.')
}

/** A Python with all packages of the tests except OpenCV. */
async function withoutOpenCv(): Promise<string> {
  const python = await testPython()
  const { stdout } = await execa(python, [
    ...['-c', 'import sysconfig, sys; print(sysconfig.get_path("purelib")); print(sys.version_info[1])'],
  ])
  const [packages = '', minor = ''] = stdout.split('\n')
  const some = join(folder, 'packages')
  await mkdir(some)
  for (const name of await readdir(packages)) {
    if (!/^(cv2|opencv)/.test(name)) await symlink(join(packages, name), join(some, name))
  }
  const venv = join(folder, 'venv')
  await execa(python, ['-m', 'venv', '--without-pip', venv])
  await writeFile(join(venv, `lib/python3.${minor}/site-packages/some.pth`), some)
  return join(venv, 'bin/python')
}

test('a Python without OpenCV is reported with advice', async () => {
  const path = await withoutOpenCv()
  const cannot = `${path} cannot import cv2: No module named 'cv2'.`
  const starts = (['option', 'PADDLE_TS_PYTHON', 'managed'] as const).map((source) =>
    failureOf(PlainPython.start({ path, source }, never)),
  )
  expect(await Promise.all(starts)).toEqual([
    `${cannot}\nInstall opencv-python-headless in it, or omit \`python\` to use the managed Python. [REFERENCE_UNAVAILABLE]`,
    `${cannot}\nInstall opencv-python-headless in it, or unset PADDLE_TS_PYTHON to use the managed Python. [REFERENCE_UNAVAILABLE]`,
    `${cannot}\nReinstall the default one, which has it (paddle-ts setup --device cpu --force), or specify a Python with it and paddle: --python PATH [REFERENCE_UNAVAILABLE]`,
  ])
})

test.each([
  ['exit 3', 'ended with exit code 3'],
  ['kill -9 $$', 'died with SIGKILL'],
  ['echo lost >&2; kill -9 $$', 'died with SIGKILL', ' Last lines of its output:\nlost'],
])('a process that ends early: %s', async (line, how, tail = '') => {
  const path = join(folder, 'python')
  await writeFile(path, `#!/bin/sh\n${line}\n`, { mode: 0o755 })
  expect(await failureOf(PlainPython.start({ path, source: 'option' }, never))).toBe(
    `${path} ${how} while it imported paddle.${tail}\n` +
      'Run the model in your own Python script: if it fails there too, paddle-ts cannot compare it. [REFERENCE_FAILED]',
  )
})

test('output is reassembled from the chunks of its pipe', async () => {
  const path = join(folder, 'python')
  // More than a pipe holds at once.
  const write = "import sys; sys.stderr.buffer.write('画'.encode() * 23334); sys.exit(3)"
  await writeFile(path, `#!/bin/sh\nexec '${await testPython()}' -c "${write}"\n`, { mode: 0o755 })
  expect(await failureOf(PlainPython.start({ path, source: 'option' }, never))).toBe(
    `${path} ended with exit code 3 while it imported paddle. Last lines of its output:\n${'画'.repeat(665)} … ${'画'.repeat(332)}\n` +
      'Run the model in your own Python script: if it fails there too, paddle-ts cannot compare it. [REFERENCE_FAILED]',
  )
})

/** A stand-in that prints these lines, each but the first in reply to a request. */
async function saying(...lines: readonly string[]): Promise<string> {
  const path = join(folder, 'python')
  const said = lines.map((line) => `echo '${line}' >&3; read -r request`).join('\n')
  await writeFile(path, `#!/bin/sh\n${said}\n`, { mode: 0o755 })
  return path
}

const remedy = 'Run the model in your own Python script: if it fails there too, paddle-ts cannot compare it.'

test.each(['Good morning', '{"ok":"yes"}'])('a Python that greets with %s (a stand-in)', async (line) => {
  const path = await saying(line)
  expect(await failureOf(PlainPython.start({ path, source: 'option' }, never))).toBe(
    `${path} broke the protocol while it imported paddle: it sent an invalid message: ${JSON.stringify(line)}.\n${remedy} [REFERENCE_FAILED]`,
  )
})

test.each(['Good morning', '{"ok":true,"tensors":[{"name":"x","dtype":"int8","shape":[1]}]}'])(
  'a Python that replies %s (a stand-in)',
  async (line) => {
    const path = await saying('{"ok":true}', '{"ok":true,"tensors":[]}', line)
    await using python = await PlainPython.start({ path, source: 'option' }, never)
    await python.load({ program: 'm', separate: false, oneDnn: true })
    const preprocessing = { kind: 'tutorial', declared: null, short: 1, crop: 1 } as const
    const asked = { image: 'a.jpg', orient: true, reading: { kind: 'best', topK: 1 }, preprocessing } as const
    await expect(python.run(asked)).rejects.toMatchObject({
      name: 'PaddleError',
      code: 'REFERENCE_FAILED',
      message: `${path} broke the protocol while it ran a.jpg: it sent an invalid message: ${JSON.stringify(line)}.\n${remedy}`,
    })
    expect(python.isEnded).toBe(true)
  },
)

test('an aborted start', async () => {
  const interpreter = { path: await testPython(), source: 'option' } as const
  const controller = new AbortController()
  const starting = failureOf(PlainPython.start(interpreter, controller.signal))
  controller.abort()
  expect(await starting).toBe('The comparison was aborted by its signal. [ABORTED]')
})

test('Node killed by SIGKILL takes the process with it', async () => {
  const args = ['python/start_script.py', 'SIGKILL']
  const source = `
    import { spawn } from 'node:child_process'
    const args = [...${JSON.stringify(args)}, String(process.pid), 'python/run_reference.py']
    const stdio = ['pipe', 'inherit', 'inherit', 'pipe']
    const child = spawn(${JSON.stringify(await testPython())}, args, { stdio })
    child.stdio[3].pipe(process.stdout)
  `
  const node = execa(process.execPath, ['--input-type=module', '-e', source], { reject: false })
  // It has imported paddle.
  await inTime(once(node.stdout, 'data'), 'plain Python is ready')
  node.kill('SIGKILL')
  // A check after each test verifies that no process is left.
  expect(await node).toMatchObject({ signal: 'SIGKILL', stdout: '{"ok": true, "tensors": []}' })
})

test('a model that cannot be loaded, and images that cannot be read or run', async () => {
  const interpreter = { path: await testPython(), source: 'option' } as const
  await using python = await PlainPython.start(interpreter, never)
  const model = {
    program: 'models/doctor/inference.pdmodel',
    params: 'models/doctor/inference.pdiparams',
    separate: false,
    oneDnn: true,
  }
  await python.load(model)
  const preprocessing = { kind: 'inference.yml', operators: [{ name: 'Blur', parameters: {} }] }
  const asked = { orient: true, reading: { kind: 'best', topK: 1 }, preprocessing } as const
  const failures = await Promise.allSettled([
    python.run({ ...asked, image: 'package.json' }),
    python.run({ ...asked, image: 'images/demo.jpg' }),
  ])
  expect(failures.map((one) => (one as { reason: Error }).reason.message)).toEqual([
    'Plain Python cannot read package.json: OpenCV cannot decode it.\nConvert it to JPEG or PNG to compare it.',
    'Plain Python failed while it ran images/demo.jpg: the operator Blur is unknown',
  ])
  // Concurrent requests each receive their own reply, even if several arrive together.
  const many = Array.from({ length: 50 }, (_, index) => join(folder, `no-${index}.jpg`))
  const answers = await Promise.allSettled(many.map((image) => python.run({ ...asked, image })))
  for (const [index, answer] of answers.entries()) {
    expect((answer as { reason: Error }).reason.message).toContain(`Plain Python cannot read ${many[index]!}`)
  }
  expect(python.isEnded).toBe(false)

  const cut = join(folder, 'cut')
  await cp('models/doctor', cut, { recursive: true })
  const program = join(cut, 'inference.pdmodel')
  await truncate(program, 10)
  await expect(python.load({ ...model, program })).rejects.toMatchObject({
    code: 'REFERENCE_FAILED',
    message: expect.stringMatching(/^Plain Python failed while it loaded \S+\/cut\/inference\.pdmodel: /),
  })
  expect(python.isEnded).toBe(true)
})
