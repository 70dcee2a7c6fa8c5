import { afterEach, beforeEach, expect, test } from '@jest/globals'
import { interpreterEnvironment } from '../../src/python/index.js'

const names = ['LC_ALL', 'LC_CTYPE', 'LC_MESSAGES', 'LANG', 'LANGUAGE'] as const
const before = Object.fromEntries(names.map((name) => [name, process.env[name]]))

beforeEach(() => {
  for (const name of names) Reflect.deleteProperty(process.env, name)
})

afterEach(() => {
  for (const name of names) {
    Reflect.deleteProperty(process.env, name)
    if (before[name] !== undefined) process.env[name] = before[name]
  }
})

function localeOf(environment: NodeJS.ProcessEnv): object {
  return Object.fromEntries(names.map((name) => [name, environment[name]]))
}

test('a Python process uses English messages and the user’s text encoding', () => {
  Object.assign(process.env, { LC_ALL: 'zh_CN.UTF-8', LANG: 'zh_CN.UTF-8', LANGUAGE: 'zh_CN:zh' })
  expect(localeOf(interpreterEnvironment())).toEqual({
    LC_ALL: undefined,
    LC_CTYPE: 'zh_CN.UTF-8',
    LC_MESSAGES: 'C',
    LANG: 'zh_CN.UTF-8',
    LANGUAGE: '',
  })
  process.env['LC_ALL'] = ''
  process.env['LC_CTYPE'] = 'C.UTF-8'
  expect(localeOf(interpreterEnvironment())).toMatchObject({ LC_CTYPE: 'C.UTF-8', LC_MESSAGES: 'C' })
})
