import { describe, expect, test } from '@jest/globals'
import { packSequences, type Sequences } from '../../src/inference/index.js'
import { tensor, type Tensor } from '../../src/tensor/index.js'

describe('packSequences', () => {
  test.each<[string, Tensor, Tensor]>([
    ['bigints', packSequences([[1n, 2n], [3n]]), tensor('int64', [3, 1], [1, 2, 3], [[0, 2, 3]])],
    ['numbers', packSequences([[0.5], [1, 2]]), tensor('float32', [3, 1], [0.5, 1, 2], [[0, 1, 3]])],
    ['booleans', packSequences([[true], [false]]), tensor('bool', [2, 1], [1, 0], [[0, 1, 2]])],
    [
      'numbers as int64',
      packSequences([[1, 2], [3]], { dtype: 'int64' }),
      tensor('int64', [3, 1], [1, 2, 3], [[0, 2, 3]]),
    ],
    [
      'typed arrays',
      packSequences([new BigInt64Array([1n, 2n]), new BigInt64Array([3n])]),
      tensor('int64', [3, 1], [1, 2, 3], [[0, 2, 3]]),
    ],
    ['an empty sequence', packSequences([[], [1n]]), tensor('int64', [1, 1], [1], [[0, 0, 1]])],
    ['no row at all', packSequences([[], []], { dtype: 'int64' }), tensor('int64', [0, 1], [], [[0, 0, 0]])],
    [
      'rows of two elements',
      packSequences([
        [
          [1, 2],
          [3, 4],
        ],
        [[5, 6]],
      ]),
      tensor('float32', [3, 2], [1, 2, 3, 4, 5, 6], [[0, 2, 3]]),
    ],
    [
      'two levels',
      packSequences([[[1n], [2n, 3n]], [[4n]]], { levels: 2 }),
      tensor(
        'int64',
        [4, 1],
        [1, 2, 3, 4],
        [
          [0, 2, 3],
          [0, 1, 3, 4],
        ],
      ),
    ],
  ])('%s', (_, packed, expected) => {
    expect(packed).toEqual(expected)
  })

  test.each<[string, unknown, object, string]>([
    ['no array', 5, {}, 'TypeError: Expected an array for `sequences`, got `5` (number).'],
    [
      'elements for sequences',
      [1n, 2n],
      {},
      'TypeError: Expected an array for `sequences[0]`, got `1n` (bigint).',
    ],
    [
      'rows of different lengths',
      [[[1, 2], [3]]],
      {},
      'RangeError: Expected rows of shape [2], as the first one, got [1] at `sequences[0][1]`.',
    ],
    [
      'mixed elements',
      [[1n], ['a']],
      {},
      'TypeError: Expected a bigint or a safe integer for `sequences[1][0]`, got `a` (string).',
    ],
    ['no row', [[]], {}, 'TypeError: Without a row, `packSequences` requires the option `dtype`.'],
    ['another dtype', [[1]], { dtype: 'int' }, 'TypeError: Expected one of'],
    [
      'no levels',
      [[1]],
      { levels: 0 },
      'RangeError: Expected a positive integer for `levels`, got `0` (number).',
    ],
    ['an unknown option', [[1]], { level: 2 }, 'TypeError: Unknown option `level`.'],
  ])('rejects %s', (_, sequences, options, message) => {
    let thrown: unknown
    try {
      packSequences(sequences as readonly Sequences[], options)
    } catch (error) {
      thrown = error
    }
    expect(String(thrown)).toContain(message)
  })
})
