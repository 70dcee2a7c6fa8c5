import { describe, expect, test } from '@jest/globals'
import { describeFailure } from '../../src/cli/describe-failure.js'
import { messageInFlags } from '../../src/commands/flags/flag-errors.js'
import {
  argumentDetailsOf,
  callerRangeError,
  callerTypeError,
  PaddleError,
  shortMessageOf,
  wrongType,
  wrongValue,
} from '../../src/errors.js'
import { wording } from '../../src/wording.js'

const code = '`oneDnn: false`, or disableOnednn() of the Config'
const withoutOneDnn = wording`Try it without oneDNN: ${{ option: 'oneDnn', value: false, code }}.`
const exception = { type: 'ValueError', message: '(InvalidArgument) no\n  [Hint: yes]' }

describe('a PaddleError', () => {
  const failed = new PaddleError('RUN_FAILED', `Paddle could not run m: ValueError: ${exception.message}`, {
    details: { exception },
    cause: exception,
  })
  const fed = [{ name: 'x', dtype: 'float32', shape: [2, 3], declared: [-1, 4] }]

  test('consists of what failed, what is known and what to do', () => {
    const known = failed.with({ details: { fed, tries: 2 }, advice: withoutOneDnn })
    expect(known).toMatchObject({
      code: 'RUN_FAILED',
      cause: exception,
      details: { exception, fed, tries: 2 },
      shortMessage: 'Paddle could not run m: ValueError: (InvalidArgument) no',
    })
    expect(known.message).toBe(
      'Paddle could not run m: ValueError: (InvalidArgument) no\n  [Hint: yes]\nThe run was tried 2 times.\n' +
        'It was fed: `x` float32 [2,3], declared [-1,4].\n' +
        'Try it without oneDNN: `oneDnn: false`, or disableOnednn() of the Config.',
    )
    // The original error is unchanged.
    expect(failed.details).toEqual({ exception })
    expect(failed.message).toBe('Paddle could not run m: ValueError: (InvalidArgument) no\n  [Hint: yes]')
  })

  test.each([
    ['', 'It died (m). It wrote nothing.\nDo it again.'],
    ['Fatal\nSIGSEGV', 'It died (m). Last lines of its output:\nFatal\nSIGSEGV\nDo it again.'],
  ])('of a process that wrote %j', (output, message) => {
    const short = 'It died.'
    const died = new PaddleError('WORKER_DIED', 'It died (m).', {
      ...{ short, details: { output }, advice: 'Do it again.' },
    })
    expect([died.message, died.shortMessage]).toEqual([message, short])
  })

  test('uses the names of flags on the command line', () => {
    const error = failed.with({ advice: withoutOneDnn })
    expect(describeFailure(error)).toEqual({
      text:
        'Paddle could not run m: ValueError: (InvalidArgument) no\n  [Hint: yes]\n' +
        'Try it without oneDNN: --no-one-dnn.\n[RUN_FAILED]',
      exitCode: 1,
    })
  })
})

test.each([
  [wording`Raise ${{ option: 'timeoutMs' }}.`, 'Raise `timeoutMs`.', 'Raise --timeout-ms.'],
  [
    wording`Set ${{ option: 'precision', value: 'fp32' }}.`,
    "Set `precision: 'fp32'`.",
    'Set --precision fp32.',
  ],
  [wording`Set ${{ option: 'irOptim', value: true }}.`, 'Set `irOptim: true`.', 'Set --ir-optim.'],
  [wording`Drop ${{ option: 'maxQueue' }}.`, 'Drop `maxQueue`.', 'Drop `maxQueue`.'],
])('%j', (text, inCode, inFlags) => {
  const error = callerTypeError(text)
  expect([error.message, messageInFlags(error)]).toEqual([inCode, inFlags])
})

describe('an invalid argument', () => {
  test.each([
    [wrongValue('cpuThreads', 'a positive integer', 0), '`0` (number)', '--cpu-threads, got 0'],
    [wrongType('oneDnn.ops[1]', 'a name', {}), 'an object (Object)', '--one-dnn-ops'],
    [wrongType('nobody', 'a name', undefined), 'undefined', '`nobody`, got undefined'],
  ])('%p', (error, got, shown) => {
    const { argument, ...details } = argumentDetailsOf(error)!
    const expected = details.expected as string
    expect(error.message).toBe(`Expected ${expected} for \`${argument}\`, got ${got}.`)
    expect(describeFailure(error)).toEqual({
      text: `Expected ${expected} for ${shown}.`,
      exitCode: 1,
    })
  })

  test('may name another option in the expected value', () => {
    const error = wrongValue('cropSize', wording`an integer up to ${9} (${{ option: 'resizeSize' }})`, 10)
    expect(error.message).toBe(
      'Expected an integer up to 9 (`resizeSize`) for `cropSize`, got `10` (number).',
    )
    expect(messageInFlags(error)).toBe('Expected an integer up to 9 (--resize-size) for --crop-size, got 10.')
  })
})

test('a caller’s mistake is reported by its message, a bug with its stack', () => {
  expect(describeFailure(callerRangeError('There are none'))).toEqual({ text: 'There are none', exitCode: 1 })
  for (const bug of [new TypeError('A sentence.'), new RangeError('Invalid array length')]) {
    expect(describeFailure(bug).text).toContain(bug.stack)
  }
})

test('the short message of anything thrown is its first line', () => {
  expect([new Error('a\nb'), 'c\nd', 3].map(shortMessageOf)).toEqual(['a', 'c', '3'])
})
