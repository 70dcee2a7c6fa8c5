import { expect, test } from '@jest/globals'
import { execa } from 'execa'
import { interpreterArguments, interpreterEnvironment } from '../../src/environment/index.js'
import { testPython } from '../helpers/python.js'
import { wheelVersion } from '../helpers/wheel.js'

interface State {
  readonly version: string
  readonly whole: boolean
  readonly flags: Readonly<Record<string, string>>
}

async function imported(
  what: 'whole' | 'part' | 'hindered',
  variables: Readonly<Record<string, string>> = {},
): Promise<State> {
  const script = 'tests/helpers/imported_paddle.py'
  const { stdout } = await execa(await testPython(), [...interpreterArguments, script, what], {
    env: { ...interpreterEnvironment(), ...variables },
    extendEnv: false,
  })
  return JSON.parse(stdout) as State
}

test('what a predictor needs of paddle is imported alone, and the core is as after the import of all', async () => {
  const whole = await imported('whole')
  expect(whole).toMatchObject({ version: await wheelVersion(), whole: true })
  expect(await imported('part')).toEqual({ ...whole, whole: false })
  // All of it follows an attempt at a part that fails.
  expect(await imported('hindered')).toEqual(whole)
})

test('all of paddle is imported where the environment sets flags of its', async () => {
  const state = await imported('part', { FLAGS_use_mkldnn: '1' })
  expect([state.whole, state.flags['FLAGS_use_mkldnn']]).toEqual([true, 'True'])
})
