import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { paddleTs } from '../helpers/command-line.js'
import { makeNets, type Nets } from '../helpers/nets.js'

let nets: Nets
let traps: string

/** Modules that report their import, in the places where Python would search by default. */
const modules = [
  'json',
  'numpy',
  'paddle',
  'sitecustomize',
  'usercustomize',
  'pip',
  'venv',
  'ctypes',
  'startup',
]

beforeAll(async () => {
  nets = await makeNets()
  traps = await mkdtemp(join(tmpdir(), 'traps-'))
  for (const name of modules) {
    await mkdir(join(traps, name))
    const sprung = JSON.stringify(join(traps, `sprung-by-${name}`))
    await writeFile(join(traps, name, '__init__.py'), `open(${sprung}, "w").close()\n`)
    await writeFile(join(traps, `${name}.py`), `open(${sprung}, "w").close()\n`)
  }
})

afterAll(async () => {
  await nets[Symbol.asyncDispose]()
  await rm(traps, { recursive: true })
})

test.each([
  ['inspect', () => ['inspect', '--model-dir', nets.heavy]],
  ['doctor', () => ['doctor']],
  ['export', () => ['export', '--model', 'LeNet', '--save-inference-dir', '$(touch sprung-by-shell)']],
  ['benchmark', () => ['benchmark', '--model-dir', nets.heavy, '--runs', '1']],
])('%s imports modules neither from the current folder nor from PYTHON… variables', async (_, args) => {
  const command = await paddleTs(args(), {
    cwd: traps,
    env: {
      PYTHONPATH: traps,
      PYTHONSTARTUP: join(traps, 'startup.py'),
      PYTHONUSERBASE: traps,
      PYTHONHOME: traps,
      PYTHONINSPECT: '1',
    },
  })
  expect([command.exitCode, command.exitCode === 0 ? '' : command.stderr]).toEqual([0, ''])
  expect((await readdir(traps)).filter((name) => name.startsWith('sprung'))).toEqual([])
})
