import { expect, test } from '@jest/globals'
import { normaliseInto } from '../../src/image/index.js'
import { tutorialPreprocessing, type Normalisation } from '../../src/model/index.js'
import { runPython } from '../helpers/python.js'

const everyValue = {
  width: 16,
  height: 16,
  data: Uint8Array.from({ length: 3 * 256 }, (_, byte) => Math.floor(byte / 3)),
}

const cases: [string, Normalisation][] = [
  ['the tutorial’s', tutorialPreprocessing.normalise],
  [
    'of three channels, each its own',
    { scale: 0.00392156862745098, mean: [0, 0.5, 0.1], std: [1, 0.5, 0.3] },
  ],
  ['without a scale', { scale: 1, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] }],
]

test.each(cases)('bit for bit what numpy computes: %s', async (_, by) => {
  const target = new Float32Array(5 + 3 * 256).fill(9)
  normaliseInto(target, 5, everyValue, by)
  const expected = Buffer.from(await runPython('numpy_normalise.py', [], JSON.stringify(by)), 'base64')
  expect(Buffer.from(target.buffer, 20).equals(expected)).toBe(true)
  expect([...target.subarray(0, 5)]).toEqual([9, 9, 9, 9, 9])
})

test('a target that is too short', () => {
  expect(() => {
    normaliseInto(new Float32Array(770), 5, everyValue, tutorialPreprocessing.normalise)
  }).toThrow(
    new RangeError('Expected an offset with room for 768 values in 770 for `offset`, got `5` (number).'),
  )
})
