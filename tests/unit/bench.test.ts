import { describe, expect, test } from '@jest/globals'
import { markdownTable } from '../../bench/markdown-table.js'
import { measure } from '../../bench/measure.js'
import { readOptions } from '../../bench/options.js'
import { textOf } from '../../bench/report.js'
import { median, ratios, summary } from '../../bench/statistics.js'
import { Unavailable } from '../../bench/unavailable.js'

const bench = { rounds: 3 }

test('the median of an odd or even number of values, which remain unchanged', () => {
  const values = [10, 9, 1]
  expect(median(values)).toBe(9)
  expect(values).toEqual([10, 9, 1])
  expect(median([4, 1, 3, 100])).toBe(3.5)
})

test('ratios come from the same round', () => {
  expect(ratios([2, 9], [1, 3])).toEqual([2, 3])
  expect(summary([3, 1, 2])).toEqual({ median: 2, min: 1, max: 3 })
})

describe('a row', () => {
  const row = { name: 'row', what: 'what', peer: 'a peer', unit: 'ms' }

  test('alternates which of the two runs first, round by round', async () => {
    const calls: string[] = []
    const side = (name: string, values: number[]) => () => {
      calls.push(name)
      return Promise.resolve(values.shift() ?? NaN)
    }
    const result = await measure(
      {
        ...row,
        target: { of: 'ratio', atLeast: 2 },
        open: () =>
          Promise.resolve({
            us: side('us', [10, 30, 40]),
            peer: side('peer', [10, 10, 20]),
            close: () => {
              calls.push('close')
              return Promise.resolve()
            },
          }),
      },
      bench,
    )
    expect(calls).toEqual(['us', 'peer', 'peer', 'us', 'us', 'peer', 'close'])
    expect(result).toEqual({
      ...row,
      target: { of: 'ratio', atLeast: 2 },
      us: { median: 30, min: 10, max: 40 },
      peerValue: { median: 10, min: 10, max: 20 },
      ratio: { median: 2, min: 1, max: 3 },
      rounds: 3,
      reached: true,
    })
  })

  test('without a peer compares its own value with the target', async () => {
    const close = (): Promise<void> => Promise.resolve()
    const open = () => Promise.resolve({ us: () => Promise.resolve(16), note: 'so', close })
    const target = { of: 'us', atMost: 15 } as const
    expect(await measure({ ...row, onlyRound: true, target, open }, bench)).toEqual({
      ...row,
      target,
      us: { median: 16, min: 16, max: 16 },
      rounds: 1,
      reached: false,
      note: 'so',
    })
  })

  test('reports why its peer is unavailable; any other error ends the benchmark', async () => {
    const failing = (error: Error) => ({ ...row, open: () => Promise.reject(error) })
    expect(await measure(failing(new Unavailable('No network.\nTry again.')), bench)).toEqual({
      ...row,
      unavailable: 'No network.',
    })
    await expect(measure(failing(new Error('The results differ.')), bench)).rejects.toThrow(
      'The results differ.',
    )
  })
})

test('columns are as wide as their widest cell', () => {
  expect(
    markdownTable([
      ['a', 'long head'],
      ['longer', 'b'],
    ]),
  ).toEqual(['| a      | long head |', '| ------ | --------- |', '| longer | b         |'])
})

test('prints the table and the peers of its rows', () => {
  const spread = { median: 12.345, min: 1, max: 123.4 }
  const text = textOf({
    facts: { machine: 'one' },
    results: [
      {
        ...{ name: 'a', what: 'speed', unit: 'images/s', peer: 'b', rounds: 3, note: 'so' },
        ...{
          target: { of: 'ratio', atLeast: 4 },
          us: spread,
          peerValue: spread,
          ratio: spread,
          reached: true,
        },
      },
      { name: 'c', what: 'delay', unit: 'ms', target: { of: 'us', atMost: 15 }, unavailable: 'No network.' },
    ],
  })
  expect(text).toBe(
    [
      '- machine: one',
      '',
      '| row | what is measured | paddle-ts       | peer            | ratio           | target  | reached |',
      '| --- | ---------------- | --------------- | --------------- | --------------- | ------- | ------- |',
      '| `a` | speed, images/s  | 12.3 (1.00–123) | 12.3 (1.00–123) | 12.3 (1.00–123) | ≥ 4.00  | yes     |',
      '| `c` | delay, ms        | not measured    |                 |                 | ≤ 15 ms |         |',
      '',
      '- `a`: against b; so',
      '- `c`: not measured: No network.',
      '',
    ].join('\n'),
  )
})

describe('the command line', () => {
  test('without options selects all rows', () => {
    const { rows, rounds, count } = readOptions([])
    expect({ names: rows.map(({ name }) => name), rounds, count }).toEqual({
      names: [
        ...['tutorial', 'python', 'onnxruntime', 'bridge-1', 'bridge-8', 'bridge-100-mb', 'bridge-shared'],
        ...['copy', 'cold'],
        ...['loop-delay', 'memory', 'memory-growth', 'first-answer', 'first-line', 'bf16', 'int8'],
        ...['resize-opencv', 'resize-pillow'],
      ],
      rounds: 5,
      count: 1000,
    })
  })

  test('selects rows, in the requested order', () => {
    const { rows, rounds, count } = readOptions(['--rows', 'cold,bridge-1', '--quick', '--rounds', '7'])
    expect({ names: rows.map(({ name }) => name), rounds, count }).toEqual({
      names: ['cold', 'bridge-1'],
      rounds: 7,
      count: 80,
    })
  })

  test.each([
    [['--rows', 'none'], /^There is no row none\. The rows are tutorial, python, /],
    [['--rounds', '0'], /^--rounds takes a positive integer, not 0\.$/],
    [['--count', 'many'], /^--count takes a positive integer, not many\.$/],
    [['--load', '{'], /^--load takes JSON, not \{\.$/],
  ])('rejects %j', (args, message) => {
    expect(() => readOptions(args)).toThrow(message)
  })
})
