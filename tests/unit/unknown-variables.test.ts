import { expect, test } from '@jest/globals'
import { allCommands, commandNamed } from '../../src/cli/commands.js'
import { unknownVariables } from '../../src/cli/unknown-variables.js'
import { variableOf } from '../../src/commands/argv.js'

const infer = (await commandNamed('infer'))!
const warningsOf = (environment: NodeJS.ProcessEnv) => unknownVariables(infer, allCommands, environment)
const noEffect = (name: string) => `Warning: The variable ${name} has no effect: no flag has this name.`

test('each variable of a flag of any command is known, and that of the home folder', async () => {
  const names = (await allCommands()).flatMap(({ flags }) => Object.keys(flags).map(variableOf))
  expect(names).toContain('PADDLE_TS_PADDLE_VERSION')
  const set = Object.fromEntries([...names, 'PADDLE_TS_HOME', 'PADDLE_TSX'].map((name) => [name, '1']))
  expect(await warningsOf(set)).toEqual([])
})

test('any other is a warning, with the nearest name', async () => {
  expect(
    await warningsOf({
      PADDLE_TS_TOP_K: '3',
      PADDLE_TS_topk: '3',
      PADDLE_TS_COLOUR_OF_BOXES: 'red',
      PADDLE_TS_HOMES: '/x',
      PADDLE_TS_EMPTY: '',
    }),
  ).toEqual([
    `${noEffect('PADDLE_TS_COLOUR_OF_BOXES')}\n`,
    `${noEffect('PADDLE_TS_HOMES')} Did you mean PADDLE_TS_HOME?\n`,
    `${noEffect('PADDLE_TS_TOP_K')} Did you mean PADDLE_TS_TOPK?\n`,
    `${noEffect('PADDLE_TS_topk')} Did you mean PADDLE_TS_TOPK?\n`,
  ])
})

test('commands are loaded only for a variable that is not one of the command', async () => {
  const none = () => Promise.reject(new Error('not needed'))
  const environment = { PADDLE_TS_TOPK: '3', PADDLE_TS_HOME: '/x', PADDLE_TS_TEST_DATA: '/y' }
  expect(await unknownVariables(infer, none, environment)).toEqual([])
})
