import '../helpers/nothing-left.js'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { commandNames } from '../../src/commands/argv.js'
import { paddleTs } from '../helpers/command-line.js'
import { root } from '../helpers/project.js'
import { testPython } from '../helpers/python.js'

/** The line that names the help of the command. */
const hintFor = (command: string | undefined): string =>
  `See: paddle-ts ${commandNames.some((name) => name === command) ? `${command!} ` : ''}--help`

test('--help', async () => {
  const help = await paddleTs(['--help'])
  expect([help.exitCode, help.stderr]).toEqual([0, ''])
  expect(help.stdout).toMatch(/^paddle-ts <command> \[flags\]\n\nCommands:\n {2}paddle-ts setup /)
  expect(await paddleTs([])).toMatchObject({ exitCode: 0, stdout: help.stdout, stderr: '' })
  expect((await paddleTs(['help'])).stdout).toBe(help.stdout)
  const setup = await paddleTs(['setup', '-h'])
  expect([setup.exitCode, setup.stderr]).toEqual([0, ''])
  expect(setup.stdout).toContain('--index-url')
})

test('--help lists the common flags, --help-all all of them', async () => {
  const help = await paddleTs(['infer', '--help'])
  expect(help.stdout).toMatch(/^paddle-ts infer \[image…\] \[flags\]\n/)
  expect(help.stdout).toMatch(/\n\d+ more flags: paddle-ts infer --help-all\n/)
  expect(help.stdout).not.toContain('--trt-')
  expect(help.stdout).toContain('\n      --recursive ')
  expect((await paddleTs(['help', 'classify'])).stdout).toBe(help.stdout)
  const all = await paddleTs(['predict', '--help-all'])
  expect([all.exitCode, all.stderr]).toEqual([0, ''])
  expect(all.stdout).toContain('\n      --trt-dla ')
  expect(all.stdout).not.toContain(' more flags:')
})

test('the guide of the help exists, wherever the command runs', async () => {
  const cwd = await mkdtemp(join(tmpdir(), 'elsewhere-'))
  try {
    const guideIn = async (args: string[]): Promise<string | undefined> => {
      const { stdout, stderr } = await paddleTs(args, { cwd })
      return /(?:^|\n)Guide: ([^\n,]*)/.exec(stdout + stderr)?.[1]
    }
    const guides = await Promise.all([guideIn([]), guideIn(['infer', '-h']), guideIn(['serve'])])
    expect(guides).toEqual(['cli', 'infer', 'tasks'].map((page) => join(root, `docs/${page}.md`)))
    for (const guide of guides) expect(existsSync(guide!)).toBe(true)
  } finally {
    await rm(cwd, { recursive: true })
  }
})

test.each([
  [['docter'], 'Unknown command: docter\nDid you mean doctor?'],
  [['frobnicate'], 'Unknown command: frobnicate'],
  [['help', 'frobnicate'], 'Unknown command: frobnicate'],
  [['cat.jpg', '-k', '3'], 'Unknown command: cat.jpg\nUse: paddle-ts infer cat.jpg -k 3'],
  [['--json', 'doctor'], 'Expected a command before the flags.'],
  [['setup', '--forse'], 'Unknown flag: --forse\nDid you mean --force?'],
  [['setup', 'now'], 'Unexpected argument: now\npaddle-ts setup takes flags only.'],
  [['setup', '--wheel'], 'Expected a value for --wheel.'],
  [['setup', '--paddle-version', 'abc'], 'Expected a version such as 3.3.1 for --paddle-version, got abc.'],
  [['setup', '--paddle-version', '2.5.0'], 'Expected version 2.6 or later for --paddle-version, got 2.5.0.'],
  [['setup', '--index-url', 'nonsense'], 'Expected a URL for --index-url, got nonsense.'],
  [['setup', '--paddle-version', ''], 'Expected a value for --paddle-version.'],
  [['setup', '--index-url', ''], 'Expected a value for --index-url.'],
  [['setup', '--wheel', ''], 'Expected a value for --wheel.'],
  [['setup', '--python', ''], 'Expected a value for --python.'],
  [['doctor', '--python', ''], 'Expected a value for --python.'],
  [['doctor', '--config='], 'Expected a value for --config.'],
  [['doctor', '--config', 'no.json'], 'no.json cannot be read: there is no such file.'],
  [['setup', '--device', 'tpu'], 'Expected one of cpu, gpu, auto for --device, got tpu.'],
  [
    ['infer', '--task', 'clasify'],
    'Expected one of classify, detect, embed, recognize, segment for --task, got clasify.\nDid you mean classify?',
  ],
  [
    ['infer', 'a.jpg', '--task', 'detect'],
    '--task detect requires a detector, but the built-in model is a classifier: name a model with --model-dir DIR (-m DIR).',
  ],
  [
    ['verify', 'a.jpg', '--task', 'segment'],
    '--task segment requires a segmentation model, but the built-in model is a classifier: name a model with --model-dir DIR (-m DIR).',
  ],
  [
    ['benchmark', '--task', 'embed'],
    '--task embed requires a feature model, but the built-in model is a classifier: name a model with --model-dir DIR (-m DIR).',
  ],
  [['detect', 'a.jpg'], 'Unknown command: detect\nUse: paddle-ts infer --task detect a.jpg -m DIR'],
  [['infer', '--models', 'x'], 'Unknown flag: --models\nUse --model-dir DIR.'],
  [['infer', '--gpu'], 'Unknown flag: --gpu\nUse --use-gpu.'],
  [['setup', '--gpu'], 'Unknown flag: --gpu\nUse --device gpu.'],
  [['infer', '--csv'], 'Unknown flag: --csv\nUse --output FILE.csv.'],
  [['doctor', '--csv'], 'Unknown flag: --csv'],
  ...['infer', 'verify', 'benchmark'].map((command): [string[], string] => [
    [command, 'images/demo.jpg', 'models/characters'],
    'models/characters is a model, not an image: name it with --model-dir models/characters (-m models/characters).',
  ]),
  [
    ['infer', 'models/doctor/inference.pdmodel'],
    'models/doctor/inference.pdmodel is a model, not an image: name it with --model-dir models/doctor/inference.pdmodel (-m models/doctor/inference.pdmodel).',
  ],
  [['infer', '--quiet', '--verbose'], '--quiet and --verbose are mutually exclusive: use one of them.'],
])('an invalid command line is reported on standard error, exit code 2: %j', async (args, message) => {
  const { stdout, stderr, exitCode } = await paddleTs(args)
  expect([stdout, stderr, exitCode]).toEqual(['', `${message}\n${hintFor(args[0])}`, 2])
})

describe('--version', () => {
  const version = async (env: Readonly<Record<string, string>>, ...args: string[]): Promise<string> => {
    const { stdout, stderr, exitCode } = await paddleTs(['--version', ...args], { env })
    expect([stderr, exitCode]).toEqual(['', 0])
    const [own, wheel, ...others] = stdout.split('\n')
    const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
    expect([own, others]).toEqual([`paddle-ts ${version}`, []])
    return wheel!
  }
  const unset = { PADDLE_TS_PYTHON: '' }

  test('prints the wheel of the Python in use', async () => {
    const python = await testPython()
    const told = await Promise.all([
      version({ PADDLE_TS_PYTHON: python }),
      version(unset, '--python', python),
    ])
    const form = /^paddlepaddle \d+\.\d+\.\d+ \(Python 3\.\d+\.\d+, (.*)\)$/
    expect(told.map((wheel) => form.exec(wheel)?.[1])).toEqual([python, python])
  })

  test('has short forms, whatever else is on the line', async () => {
    const first = async (...args: string[]) => (await paddleTs(args, { env: unset })).stdout.split('\n')[0]
    const lines = ['-v', '-V', 'version', 'infer -vk', 'infer a.jpg -qv', 'version --json']
    const told = await Promise.all(lines.map((line) => first(...line.split(' '))))
    expect(told).toEqual(lines.map(() => expect.stringMatching(/^paddle-ts \d/)))
  })

  test('prints why there is no usable Python, and installs nothing', async () => {
    const home = await mkdtemp(join(tmpdir(), 'home-'))
    await rm(home, { recursive: true })
    const told = await Promise.all([
      version({ ...unset, PADDLE_TS_HOME: home }),
      version({ PADDLE_TS_PYTHON: '/bin/false' }),
      version(unset, '--python=/no/python'),
    ])
    expect(told).toEqual([
      'no managed Python yet: paddle-ts setup',
      'no paddlepaddle: /bin/false does not run as a Python interpreter',
      'no paddlepaddle: There is no Python interpreter at /no/python.',
    ])
    await expect(readFile(home)).rejects.toMatchObject({ code: 'ENOENT' })
  })
})

test('messages are in English, whatever the locale', async () => {
  const env = { LC_ALL: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8', LANGUAGE: 'zh_CN:zh' }
  const wrong = await paddleTs(['setup', '--forse'], { env })
  expect(wrong.stderr).toBe(`Unknown flag: --forse\nDid you mean --force?\n${hintFor('setup')}`)
  const help = await paddleTs(['doctor', '--help'], { env })
  expect(help.stdout).toContain('Examples:\n  Check everything:')
  expect(help.stdout).not.toMatch(/\p{Script=Han}/u)
})
