import { expect, test } from '@jest/globals'
import type { RgbImage } from '../../src/image/index.js'
import type { PredictorWarning } from '../../src/inference/index.js'
import { shareOfTwoTones, watchImages } from '../../src/tasks/classify/unfamiliar-images.js'

/** An image of these tones. */
function grey(tones: readonly number[]): RgbImage {
  const data = Uint8Array.from(tones.flatMap((tone) => [tone, tone, tone]))
  return { width: tones.length, height: 1, data }
}

/** The number of the image after which a listener is warned; undefined if it never is. */
async function warnedAfter(images: readonly (readonly number[])[]): Promise<number | undefined> {
  const warnings: PredictorWarning[] = []
  const watch = watchImages((warning) => warnings.push(warning))
  let first: number | undefined
  for (const [index, scores] of images.entries()) {
    watch(grey([10, 10, 200]), Float32Array.from(scores), `${index + 1}.jpg`)
    // The listener is called in a microtask.
    await Promise.resolve()
    if (warnings.length > 0) first ??= index + 1
  }
  expect(warnings.map(({ code }) => code)).toEqual(first === undefined ? [] : ['INPUT_UNFAMILIAR'])
  if (first !== undefined) expect(warnings[0]?.message).toContain(`${first}.jpg does not look like `)
  return first
}

/** A character, one of which two readings are in question, one that is hard to read, and a photo. */
const [clear, inQuestion, hard, photo] = [
  [0.001, 0.999, 0],
  [0.48, 0.02, 0.5],
  [0.5, 0.2, 0.16, 0.14],
  [0.25, 0.24, 0.18, 0.17],
]

test.each([
  ['a photo', [photo], 1],
  ['a character', [clear], undefined],
  ['a character with two readings', [inQuestion], undefined],
  ['photos', [photo, photo, photo], 1],
  ['a fourth that is hard to read', [clear, clear, clear, hard], undefined],
  ['a third that is hard to read', [clear, clear, hard], 3],
  [
    'two of eight that are hard to read',
    [clear, clear, clear, hard, clear, clear, clear, hard, clear],
    undefined,
  ],
  ['photos after characters', [clear, clear, clear, clear, photo, photo, photo], 6],
  ['NaN', [[NaN, NaN]], undefined],
  ['nothing', [], undefined],
])('the scores of %s', async (_, images, after) => {
  expect(await warnedAfter(images)).toBe(after)
})

test.each([
  ['two tones', [10, 10, 200, 200, 200], 1],
  ['one tone', [7, 7, 7], 1],
  ['two tones with noise', [10, 14, 8, 200, 204, 190], 0.998],
  ['all tones alike', [0, 50, 100, 150, 200, 250], 0.771],
  ['mostly the tone between', [0, 100, 100, 100, 100, 200], 0.6],
])('%s: the share of the variance that two tones explain', (_, tones, share) => {
  expect(shareOfTwoTones(grey(tones))).toBeCloseTo(share, 3)
})

/** A clear winner is trusted; a photo whose two best scores could be those of a character is not. */
test.each([
  ['of two tones', [10, 10, 200, 200], [0.56, 0.33, 0.11], 0],
  ['of other tones', [0, 100, 100, 100, 100, 200], [0.56, 0.33, 0.11], 1],
  ['of other tones with a clear score', [0, 100, 100, 100, 100, 200], [0.97, 0.02, 0.01], 0],
])('an image %s', async (_, tones, scores, warned) => {
  const warnings: PredictorWarning[] = []
  watchImages((warning) => warnings.push(warning))(grey(tones), Float32Array.from(scores), 'a.jpg')
  await Promise.resolve()
  expect(warnings).toHaveLength(warned)
})
