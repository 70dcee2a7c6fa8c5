import { expect, test } from '@jest/globals'
import { startsEarly } from '../../src/commands/infer/early-start.js'

const infer = ['infer', '--model-dir', 'model']

test('an infer starts its worker early, on the Python that it names', () => {
  expect(startsEarly(infer)).toEqual({ python: undefined })
  expect(startsEarly(['infer', '--img-path', 'a.jpg', '--model-dir=model'])).toEqual({ python: undefined })
  expect(startsEarly([...infer, '--python', '/a/python'])).toEqual({ python: '/a/python' })
  expect(startsEarly([...infer, '--python=/a=b/python'])).toEqual({ python: '/a=b/python' })
})

test.each([
  [[]],
  [['--help']],
  [['inspect', '--model-dir', 'model']],
  [['infer']],
  [[...infer, '--help']],
  [[...infer, '--version']],
  [[...infer, '--prepare', 'a.py:f']],
  [[...infer, '--append-pass=x']],
  [[...infer, '--python']],
  [[...infer, '--python', 'a', '--python', 'b']],
])('nothing is started early for %j', (args) => {
  expect(startsEarly(args)).toBeUndefined()
})
