import '../helpers/nothing-left.js'
import { expect, test } from '@jest/globals'
import { readFile } from 'node:fs/promises'
import { paddleTs } from '../helpers/command-line.js'

const hint = 'See: paddle-ts --help, paddle-ts <command> --help'

test('--version and --help', async () => {
  const { version } = JSON.parse(await readFile('package.json', 'utf8')) as { version: string }
  expect((await paddleTs(['--version'])).stdout).toBe(version)
  const help = await paddleTs(['--help'])
  expect(help.exitCode).toBe(0)
  expect(help.stdout).toMatch(/^paddle-ts <command> \[options\]\n\nCommands:\n {2}paddle-ts setup /)
  expect((await paddleTs(['setup', '--help'])).stdout).toContain('--index-url')
})

test.each([
  [[], 'Give a command.'],
  [['docter'], 'Did you mean doctor?'],
  [['frobnicate'], 'Unknown argument: frobnicate'],
  [['setup', '--forse'], 'Unknown argument: forse'],
  [['setup', 'now'], 'Unknown argument: now'],
  [['setup', '--wheel'], 'Not enough arguments following: wheel'],
  [['setup', '--paddle-version', 'abc'], 'Expected a version such as 3.3.1 for --paddle-version, got abc.'],
  [['setup', '--paddle-version', '2.5.0'], 'Expected version 2.6 or later for --paddle-version, got 2.5.0.'],
  [['setup', '--index-url', 'nonsense'], 'Expected a URL for --index-url, got nonsense.'],
  [['setup', '--paddle-version', ''], 'Expected a value for --paddle-version.'],
  [['setup', '--index-url', ''], 'Expected a value for --index-url.'],
  [['setup', '--wheel', ''], 'Expected a value for --wheel.'],
  [['setup', '--python', ''], 'Expected a value for --python.'],
  [['doctor', '--python', ''], 'Expected a value for --python.'],
  [['setup', '--device', 'tpu'], 'Invalid values:\n  Argument: device, Given: "tpu", Choices: "cpu", "gpu"'],
])('a wrong command line is told on stderr, exit code 2: %j', async (args, message) => {
  const { stdout, stderr, exitCode } = await paddleTs(args)
  expect([stdout, stderr, exitCode]).toEqual(['', `${message}\n${hint}`, 2])
})

test('messages are English whatever the locale', async () => {
  const { stderr } = await paddleTs(['setup', '--forse'], {
    env: { LC_ALL: 'de_DE.UTF-8', LANG: 'de_DE.UTF-8' },
  })
  expect(stderr).toBe(`Unknown argument: forse\n${hint}`)
})
