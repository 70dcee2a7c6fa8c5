import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { commandPattern, wordsFor } from '../../src/commands/terminal/command-name.js'

let folder: string
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'on-path-'))
  writeFileSync(join(folder, 'paddle-ts'), '')
})
afterAll(() => {
  rmSync(folder, { recursive: true })
})

const npm = 'npm/10.8.2 node/v20.20.2 linux x64 workspaces/false'

test.each([
  ['in a shell, beside node_modules', { PATH: '/bin' }, 'npx paddle-ts'],
  ['by npx or npm run', { PATH: '/a/node_modules/.bin:/bin', npm_config_user_agent: npm }, 'npx paddle-ts'],
  ['by pnpm', { PATH: '/bin', npm_config_user_agent: 'pnpm/9.1.0 npm/? node/v20' }, 'pnpm exec paddle-ts'],
  ['by yarn', { PATH: '/tmp/xfs-1a2b:/bin', npm_config_user_agent: 'yarn/4.1.0' }, 'yarn paddle-ts'],
  ['by bun', { PATH: '/bin', npm_config_user_agent: 'bun/1.2.0 npm/?' }, 'bunx paddle-ts'],
  ['by another one', { PATH: '/bin', npm_config_user_agent: 'constructor/1' }, 'npx paddle-ts'],
  ['without a PATH', {}, 'npx paddle-ts'],
])('run %s: the words to type', (_, environment, words) => {
  expect(wordsFor(true, environment).join(' ')).toBe(words)
  // In a clone, nothing installs the program.
  expect(wordsFor(false, environment)).toEqual(['paddle-ts'])
})

test('a program on the PATH of the shell needs no other words, also within npm', () => {
  const PATH = ['/a/node_modules/.bin', folder].join(delimiter)
  expect(wordsFor(true, { PATH })).toEqual(['paddle-ts'])
  expect(wordsFor(true, { PATH, npm_config_user_agent: npm })).toEqual(['paddle-ts'])
})

test.each([
  ['Install it: paddle-ts setup', true],
  ['PADDLE_TS_HOME=FOLDER paddle-ts setup', true],
  ['`paddle-ts export --pretrained`', true],
  ['source <(paddle-ts completion)', true],
  ['paddle-ts <command> [flags]', true],
  ['See: paddle-ts --help', true],
  ['npx paddle-ts infer', false],
  ['pnpm exec paddle-ts infer', false],
  ['node_modules/paddle-ts infer', false],
  ['paddle-ts requires Linux or macOS', false],
  ['paddle-ts 0.1.0', false],
  ['another paddle-ts process', false],
])('in %j, the name is that of a command to run: %s', (text, isCommand) => {
  expect(text.search(commandPattern) >= 0).toBe(isCommand)
})
