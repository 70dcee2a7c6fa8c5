import { expect, test } from '@jest/globals'
import type { PredictorWarning } from '../../src/inference/index.js'
import { watchScores } from '../../src/tasks/classify/unfamiliar-images.js'

/** The number of the image after which a listener is warned; undefined if it never is. */
async function warnedAfter(scores: readonly number[]): Promise<number | undefined> {
  const warnings: PredictorWarning[] = []
  const watch = watchScores((warning) => warnings.push(warning))
  let first: number | undefined
  for (const [index, score] of scores.entries()) {
    watch(score)
    // The listener is called in a microtask.
    await Promise.resolve()
    if (warnings.length > 0) first ??= index + 1
  }
  expect(warnings.map(({ code }) => code)).toEqual(first === undefined ? [] : ['INPUT_UNFAMILIAR'])
  return first
}

test.each([
  [[0.49], 1],
  [[0.5], undefined],
  [[0.99, 0.99, 0.99, 0.2], undefined],
  [[0.99, 0.99, 0.2], 3],
  [[0.2, 0.2, 0.2], 1],
  // Two of eight characters that are hard to read.
  [[0.9, 0.9, 0.9, 0.3, 0.9, 0.9, 0.9, 0.3, 0.9], undefined],
  [[0.9, 0.9, 0.9, 0.9, 0.3, 0.3, 0.3], 6],
  [[NaN], undefined],
  [[], undefined],
])('best scores %j: a warning after image %s', async (scores, after) => {
  expect(await warnedAfter(scores)).toBe(after)
})
