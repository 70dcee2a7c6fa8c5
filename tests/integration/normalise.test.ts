import { describe, expect, test } from '@jest/globals'
import { writeInput } from '../../src/image/index.js'
import { tutorialPreprocessing, type Normalisation, type Preprocessing } from '../../src/model/index.js'
import { runPython } from '../helpers/python.js'

const everyValue = {
  width: 16,
  height: 16,
  data: Uint8Array.from({ length: 3 * 256 }, (_, byte) => Math.floor(byte / 3)),
}

const detector = {
  scale: 1 / 255,
  mean: [0.485, 0.456, 0.406],
  std: [0.229, 0.224, 0.225],
  inDouble: true,
} as const

const cases: [string, Normalisation][] = [
  ['the tutorial’s', tutorialPreprocessing.normalise],
  [
    'of three channels, each its own',
    { scale: 0.00392156862745098, mean: [0, 0.5, 0.1], std: [1, 0.5, 0.3] },
  ],
  ['without a scale', { scale: 1, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] }],
  ['PaddleDetection’s, in double precision', detector],
  ['PaddleDetection’s before 2.0, divided by 255', { ...detector, scale: 1, divisor: 255 }],
  [
    'PaddleDetection’s without a scale',
    { ...detector, scale: 1, mean: [123.675, 116.28, 103.53], std: [58.395, 57.12, 57.375] },
  ],
]

test.each(cases)('bit for bit what numpy computes: %s', async (_, normalise) => {
  const target = new Float32Array(5 + 3 * 256).fill(9)
  writeInput(target, 5, everyValue, { ...tutorialPreprocessing, normalise })
  const expected = Buffer.from(await runPython('numpy_normalise.py', [], JSON.stringify(normalise)), 'base64')
  expect(Buffer.from(target.buffer, 20).equals(expected)).toBe(true)
  expect([...target.subarray(0, 5)]).toEqual([9, 9, 9, 9, 9])
})

test('a target that is too short', () => {
  expect(() => {
    writeInput(new Float32Array(770), 5, everyValue, tutorialPreprocessing)
  }).toThrow(
    new RangeError('Expected an offset with room for 768 values in 770 for `offset`, got `5` (number).'),
  )
})

describe('padding and planes', () => {
  const image = { width: 2, height: 1, data: Uint8Array.of(1, 2, 3, 4, 5, 6) }
  const none = 9
  const written = (length: number, change: Partial<Preprocessing>): number[] => {
    const target = new Float32Array(length + 1).fill(none)
    const normalise = { scale: 1, mean: [0, 10, 20], std: [1, 1, 1] } as const
    writeInput(target, 0, image, { ...tutorialPreprocessing, normalise, ...change })
    return [...target]
  }

  test('the order of the channels', () => {
    expect(written(6, {})).toEqual([1, 4, -8, -5, -17, -14, none])
    expect(written(6, { channels: 'BGR' })).toEqual([3, 6, -8, -5, -19, -16, none])
  })

  test('a fourth plane of zeros', () => {
    expect(written(8, { planes: 4 })).toEqual([1, 4, -8, -5, -17, -14, 0, 0, none])
  })

  test('a padding in a padding, normalised and not', () => {
    const padding = [
      { to: { width: 3, height: 1 }, fill: [50, 60, 70], isNormalised: true },
      { to: { multipleOf: 2 }, fill: [-1, -2, -3], isNormalised: false },
    ] as const
    expect(written(24, { padding })).toEqual([
      ...[1, 4, 50, -1, -1, -1, -1, -1],
      ...[-8, -5, 50, -2, -2, -2, -2, -2],
      ...[-17, -14, 50, -3, -3, -3, -3, -3],
      none,
    ])
  })

  test('a padded image of more pixels than one pass computes', () => {
    const [width, height] = [70_001, 3]
    const large = {
      width,
      height,
      data: Uint8Array.from({ length: 3 * width * height }, (_, byte) => byte % 251),
    }
    const padding = [{ to: { width: width + 2, height }, fill: [7, 7, 7], isNormalised: false }] as const
    for (const inDouble of [false, true]) {
      const normalise = { scale: 1, mean: [0, 0, 0], std: [1, 1, 1], inDouble } as const
      const target = new Float32Array(3 * (width + 2) * height)
      writeInput(target, 0, large, { ...tutorialPreprocessing, normalise, padding })
      const expected = new Float32Array(target.length).fill(7)
      for (let byte = 0; byte < large.data.length; byte += 1) {
        const [pixel, channel] = [Math.floor(byte / 3), byte % 3]
        const [x, y] = [pixel % width, Math.floor(pixel / width)]
        expected[(channel * height + y) * (width + 2) + x] = byte % 251
      }
      expect(Buffer.from(target.buffer).equals(Buffer.from(expected.buffer))).toBe(true)
    }
  })
})
