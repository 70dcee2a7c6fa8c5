import { expect, test } from '@jest/globals'
import { startsEarly } from '../../src/commands/infer/early-start.js'

const infer = ['infer', '--model-dir', 'model']
const nothing = { byFile: [], variables: {} }

test('an infer starts its worker early, on the Python that it names', () => {
  expect(startsEarly(infer, nothing)).toEqual({ python: undefined })
  expect(startsEarly(['infer'], nothing)).toEqual({ python: undefined })
  expect(startsEarly(['infer', '--img-path', 'a.jpg', '--model-dir=model'], nothing)).toEqual({
    python: undefined,
  })
  expect(startsEarly([...infer, '--python', '/a/python'], nothing)).toEqual({ python: '/a/python' })
  expect(startsEarly([...infer, '--python=/a=b/python'], nothing)).toEqual({ python: '/a=b/python' })
})

test.each([
  [[]],
  [['--help']],
  [['inspect', '--model-dir', 'model']],
  [[...infer, '--help']],
  [[...infer, '--version']],
  [[...infer, '--prepare', 'a.py:f']],
  [[...infer, '--append-pass=x']],
  [[...infer, '--python']],
  [[...infer, '--python', 'a', '--python', 'b']],
])('nothing is started early for %j', (args) => {
  expect(startsEarly(args, nothing)).toBeUndefined()
})

test('so it is with what a file or a variable gives', () => {
  const given = (byFile: string[] | undefined, variables = {}) => startsEarly(infer, { byFile, variables })
  expect(
    given(['topk', 'model-dir'], { PADDLE_TS_MODEL_DIR: 'm', PADDLE_TS_PREPARE: '', PASS: 'x' }),
  ).toEqual({
    python: undefined,
  })
  expect(given(['prepare'])).toBeUndefined()
  expect(given([], { PADDLE_TS_PREPARE: 'a.py:f' })).toBeUndefined()
  expect(given([], { PADDLE_TS_SET_PASS: 'x' })).toBeUndefined()
  // That of the file is not known yet; the variable goes before it.
  expect(given(['python'])).toBeUndefined()
  expect(given(['python'], { PADDLE_TS_PYTHON: '/a/python' })).toEqual({ python: undefined })
  // A file that is wrong is told, and nothing is done.
  expect(given(undefined)).toBeUndefined()
})
