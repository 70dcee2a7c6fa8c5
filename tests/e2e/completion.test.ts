import '../helpers/nothing-left.js'
import { existsSync } from 'node:fs'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { execa } from 'execa'
import { networkNames } from '../../src/commands/export/network-names.js'
import { paddleTs } from '../helpers/command-line.js'
import { makeProject, type Project } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'
import { testWhere } from '../helpers/test-where.js'

let project: Project
beforeAll(async () => {
  project = await makeProject()
})
afterAll(async () => {
  await project[Symbol.asyncDispose]()
})

/** The completions of the last word of each line, in a shell with the script. */
const asked = [
  'paddle-ts inf',
  'paddle-ts infer --mod',
  'paddle-ts infer --task ',
  'paddle-ts infer --task cl',
  'paddle-ts infer --task = cl',
  'paddle-ts infer --json --no-auto',
  'paddle-ts infer --model-dir mod',
  'paddle-ts export --model mobilenet_v1',
  'paddle-ts nonsense --',
  'paddle-ts pred',
  'paddle-ts help insp',
  'paddle-ts classify a.jpg -q --thr',
  // Files, whether as the value of a short flag, or of none.
  'paddle-ts infer -m ',
  'paddle-ts infer -i a.jpg ',
  'paddle-ts infer ',
  'paddle-ts infer -- --',
  'paddle-ts inspect ',
  'paddle-ts doctor ',
]

async function shell(program: string, script: string): Promise<string[]> {
  const bin = `${project.folder}/node_modules/.bin`
  const PATH = `${bin}:${process.env['PATH'] ?? ''}`
  const { stdout, stderr } = await execa(program, ['-c', script], {
    env: { PATH, SHELL: program },
    stdin: 'ignore',
  })
  expect(stderr).toBe('')
  return stdout.split('\n')
}

test('bash completes commands, flags and words, and file names itself', async () => {
  const lines = asked.map((line) => `ask ${line.replaceAll(/ (?=$)/g, " ''")}`)
  const script = `
    source <(paddle-ts completion)
    ask() {
      COMP_WORDS=("$@") COMP_CWORD=$(($# - 1)) COMPREPLY=()
      "$(complete -p paddle-ts | sed 's/.*-F \\([^ ]*\\).*/\\1/')"
      echo "\${COMPREPLY[*]}"
    }
    complete -p paddle-ts
    ${lines.join('\n')}`
  const [how, ...answers] = await shell('bash', script)
  expect(how).toBe('complete -o bashdefault -o default -F _paddle-ts_yargs_completions paddle-ts')
  expect(answers).toEqual([
    'infer',
    '--model-dir',
    'classify detect embed recognize segment',
    'classify',
    'classify',
    '--no-auto-orient',
    '',
    'mobilenet_v1',
    '',
    'predict',
    'inspect',
    '--threshold',
    ...['', '', '', '', ''],
    '--json --python --config --quiet --help --help-all',
  ])
})

const zsh = ['/usr/bin/zsh', '/bin/zsh'].find(existsSync)
const testZsh = testWhere(zsh !== undefined, 'there is no zsh')

testZsh('zsh does too, with descriptions', async () => {
  const script = `
    autoload -Uz compinit && compinit -u -D
    source <(paddle-ts completion)
    echo $_comps[paddle-ts]
    _describe() { shift; print -rl -- $reply | grep -- "^$PREFIX_SHOWN" | head -1 }
    _default() { echo a file }
    ask() { words=("$@") CURRENT=$# BUFFER="$*" PREFIX_SHOWN="$words[-1]"; $_comps[paddle-ts] }
    ask paddle-ts inf
    ask paddle-ts infer --mod
    ask paddle-ts infer --task cl
    ask paddle-ts infer --task=cl
    ask paddle-ts pred
    ask paddle-ts infer -m mod
    ask paddle-ts infer ''
    ask paddle-ts infer --model-dir mod`
  expect(await shell(zsh!, script)).toEqual([
    '_paddle-ts_yargs_completions',
    'infer:Classify or segment images, detect objects, or compute feature vectors',
    expect.stringMatching(/^--model-dir:Folder of the model, /),
    'classify',
    '--task=classify',
    'predict:Another name of infer',
    'a file',
    'a file',
    'a file',
  ])
})

test('--shell overrides the variable', async () => {
  const script = async (args: string[], SHELL: string) =>
    (await paddleTs(['completion', ...args], { env: { SHELL } })).stdout.split('\n')[0]
  expect(await script(['--shell', 'zsh'], '/bin/bash')).toBe('#compdef paddle-ts')
  expect(await script(['--shell', 'bash'], '/bin/zsh')).toBe('###-begin-paddle-ts-completions-###')
})

test('completes the networks of paddle.vision.models', async () => {
  const source =
    'import inspect\nfrom paddle.vision import models\n' +
    "print([n for n in models.__all__ if inspect.isfunction(getattr(models, n)) or n == 'LeNet'])"
  const { stdout } = await execa(await testPython(), ['-W', 'ignore', '-c', source])
  const theirs = JSON.parse(stdout.replaceAll("'", '"')) as string[]
  expect([...networkNames].sort()).toEqual(theirs.sort())
})
