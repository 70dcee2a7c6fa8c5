import { describe, expect, test } from '@jest/globals'
import { checkOptions, objectOf, omit, or, pick, required, type Form } from '../../src/options/form.js'
import { abortSignal, boolean, count, either, limit, list, text, word } from '../../src/options/kind.js'

interface Given {
  readonly size: number
  readonly threads?: number | 'auto' | undefined
  readonly most?: number | undefined
  readonly names?: readonly string[] | undefined
  readonly how?: boolean | { readonly level?: number | undefined } | undefined
  readonly signal?: AbortSignal | undefined
}

const form = {
  size: required(count(1)),
  threads: or(either(count(1), word('auto')), 'auto'),
  most: limit(0),
  names: list(text, 'an array of names'),
  how: either(boolean, objectOf<{ level?: number | undefined }>({ level: count(0) })),
  signal: abortSignal,
} satisfies Form<Given>

test('contains the given options and the defaults, nothing else', () => {
  expect(checkOptions(form, { size: 1, names: undefined })).toEqual({ size: 1, threads: 'auto' })
  const { signal } = new AbortController()
  const given = { size: 2, threads: 3, most: Infinity, names: ['a'], how: { level: 0 }, signal }
  expect(checkOptions(form, given)).toEqual(given)
})

describe('invalid options', () => {
  test.each<[unknown, Error]>([
    [null, new TypeError('Expected an options object for `options`, got null.')],
    [{}, new TypeError('Expected a positive integer for `size`, got undefined.')],
    [{ size: 0 }, new RangeError('Expected a positive integer for `size`, got `0` (number).')],
    [
      { size: 1, toString: 1 },
      new TypeError('Unknown option `toString`. The options are size, threads, most, names, how, signal.'),
    ],
    [
      { size: 1, threads: 'all' },
      new RangeError('Expected a positive integer or `auto` for `threads`, got `all` (string).'),
    ],
    [
      { size: 1, threads: null },
      new TypeError('Expected a positive integer or `auto` for `threads`, got null.'),
    ],
    [{ size: 1, most: -1 }, new RangeError('Expected a non-negative integer for `most`, got `-1` (number).')],
    [{ size: 1, names: 'a' }, new TypeError('Expected an array of names for `names`, got `a` (string).')],
    [
      { size: 1, names: ['a', ''] },
      new RangeError('Expected a string that is not empty for `names[1]`, got `` (string).'),
    ],
    [
      { size: 1, how: { levels: 1 } },
      new TypeError('Unknown option `how.levels`. Did you mean `how.level`? The options of `how` are level.'),
    ],
    [
      { size: 1, how: { level: 1.5 } },
      new RangeError('Expected a non-negative integer for `how.level`, got `1.5` (number).'),
    ],
    [{ size: 1, signal: {} }, new TypeError('Expected an AbortSignal for `signal`, got an object (Object).')],
  ])('%j', (options, error) => {
    expect(() => checkOptions(form, options as object)).toThrow(error)
  })
})

test('options are split by a form', () => {
  const options = { size: 1, most: undefined, other: 2 }
  expect(pick(form, options)).toEqual({ size: 1 })
  expect(omit(form, options)).toEqual({ other: 2 })
})
