import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { bestOf, predictionsOf } from '../../src/tasks/classify/predictions.js'

test('best first, with their names if they have any', () => {
  const scores = Float32Array.of(0.1, 0.5, 0.25, 0.15)
  expect(bestOf(scores, 3, ['a', '', 'c'])).toEqual([
    { classId: 1, score: 0.5, prob: 0.5 },
    { classId: 2, score: 0.25, prob: 0.25, label: 'c' },
    { classId: 3, score: Math.fround(0.15), prob: Math.fround(0.15) },
  ])
  expect(bestOf(scores, 9).map(({ classId }) => classId)).toEqual([1, 2, 3, 0])
})

test('as in a stable sort: of equal scores the lower index first, NaN before all', () => {
  const score = fc.constantFrom(0, 0.25, 0.5, 1, NaN, -Infinity)
  fc.assert(
    fc.property(
      fc.array(score, { minLength: 1, maxLength: 30 }),
      fc.integer({ min: 1, max: 8 }),
      (scores, k) => {
        const rank = (value: number): number => (Number.isNaN(value) ? Infinity : value)
        const order = [...scores.keys()].sort((a, b) => {
          const [left, right] = [rank(scores[a] ?? 0), rank(scores[b] ?? 0)]
          return left === right ? 0 : right - left
        })
        expect(bestOf(Float32Array.from(scores), k).map(({ classId }) => classId)).toEqual(order.slice(0, k))
      },
    ),
  )
})

test('ThreshOutput: the second of two classes if its score reaches the threshold, else the first with 1 minus it', () => {
  const reading = { kind: 'either', threshold: 0.5, labels: ['no', 'yes'] } as const
  expect(predictionsOf(Float32Array.of(0.25, 0.75), reading, [])).toEqual([
    { classId: 1, score: 0.75, prob: 0.75, label: 'yes' },
  ])
  expect(predictionsOf(Float32Array.of(0.5, 0.5), reading, [])).toEqual([
    { classId: 1, score: 0.5, prob: 0.5, label: 'yes' },
  ])
  const rest = Math.fround(1 - Math.fround(0.4))
  expect(predictionsOf(Float32Array.of(0.6, 0.4), reading, ['other', 'names'])).toEqual([
    { classId: 0, score: rest, prob: rest, label: 'other' },
  ])
})

test('MultiLabelThreshOutput: every class whose score reaches the threshold, in class order', () => {
  const reading = { kind: 'several', threshold: 0.5 } as const
  expect(predictionsOf(Float32Array.of(0.5, 0.25, 0.75), reading, ['a', 'b', ''])).toEqual([
    { classId: 0, score: 0.5, prob: 0.5, label: 'a' },
    { classId: 2, score: 0.75, prob: 0.75 },
  ])
  expect(predictionsOf(Float32Array.of(0.25, NaN), reading, [])).toEqual([])
})
