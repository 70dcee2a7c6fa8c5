import { expect, test } from '@jest/globals'
import { readWords } from '../../src/commands/argv.js'
import { canPrewarm, prewarm } from '../../src/commands/infer/prewarm.js'

/** The Python of the prewarmed worker for these words. */
const starts = (line: string, byFile: readonly string[] = [], variables = {}) =>
  canPrewarm(readWords(['infer', '--model-dir', 'model', ...line.split(' ')]).flags, byFile, variables)

test.each([
  ['--json', undefined],
  ['--img-path a.jpg --one-dnn=false', undefined],
  ['--python /a/python', '/a/python'],
  ['--python=/a=b/python --json', '/a=b/python'],
  ['--python a --python b', 'b'],
  ['a.jpg -k5 --python a b.jpg', 'a'],
  ['-- --python a', undefined],
])('infer prewarms a worker with the given Python: %s', (line, python) => {
  expect(starts(line)).toEqual({ python })
})

test.each([
  '--help',
  '--help-all',
  '-h',
  '-qh',
  '--version',
  '-v',
  '--prepare a.py:f',
  '--append-pass=x',
  '--appendPass x',
  '--python',
  '--python --json',
  '--no-python',
])('no worker is prewarmed for %s', (line) => {
  expect(starts(line)).toBeUndefined()
})

test.each([[''], ['--help'], ['inspect --model-dir model']])(
  'no worker is prewarmed for another command: %s',
  async (line) => {
    const file = () => {
      throw new Error('The file is not needed.')
    }
    expect(await prewarm(readWords(line.split(' ')), file)).toBeUndefined()
  },
)

test('the same applies to defaults from a file or a variable', () => {
  const given = (byFile: string[], variables = {}) => starts('--json', byFile, variables)
  expect(
    given(['topk', 'model-dir'], { PADDLE_TS_MODEL_DIR: 'm', PADDLE_TS_PREPARE: '', PASS: 'x' }),
  ).toEqual({
    python: undefined,
  })
  expect(given(['prepare'])).toBeUndefined()
  expect(given([], { PADDLE_TS_PREPARE: 'a.py:f' })).toBeUndefined()
  expect(given([], { PADDLE_TS_SET_PASS: 'x' })).toBeUndefined()
  // The value in the file is not known yet; the variable overrides it.
  expect(given(['python'])).toBeUndefined()
  expect(given(['python'], { PADDLE_TS_PYTHON: '/a/python' })).toEqual({ python: undefined })
})

test('an invalid file is reported later, and no worker is prewarmed', async () => {
  const wrong = () => {
    throw new Error('It is not JSON.')
  }
  expect(await prewarm(readWords(['infer']), wrong)).toBeUndefined()
})
