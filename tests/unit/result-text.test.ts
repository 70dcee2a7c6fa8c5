import { describe, expect, test } from '@jest/globals'
import { textFormat } from '../../src/commands/infer/results/formats.js'
import {
  exactNumber,
  roundedNumber,
  taskDefinition,
  taskNames,
  type ImageResult,
} from '../../src/tasks/index.js'

describe('on a terminal a number has three digits', () => {
  test.each([
    [0.9495621919631958, '0.950'],
    [0.5, '0.500'],
    [0.2568912208080292, '0.257'],
    [0.05239, '0.0524'],
    [223.758, '224'],
    [92.007, '92.0'],
    [4567.8, '4568'],
    [1.2345, '1.23'],
    [-0.01234, '-0.0123'],
    [-12.5, '-12.5'],
    [123_456_789.9, '123456790'],
  ])('%d: %s', (value, text) => {
    expect(roundedNumber(value, 'exact')).toBe(text)
  })
})

describe('a score does not look like 1 or 0 unless it is', () => {
  test.each([
    [1, '1'],
    [0, '0'],
    [-0, '0'],
    [0.9994, '0.999'],
    [0.9995, '0.9995'],
    [0.9996, '0.9996'],
    [0.99997, '0.99997'],
    [Math.fround(1 - 2 ** -24), '0.9999999'],
    [1 - 2 ** -53, '0.9999999999999999'],
    [-0.99999, '-0.99999'],
    [0.0004, '0.000400'],
    [0.0001, '0.000100'],
    [0.00003169, '3.17e-05'],
    [1.2e-30, '1.2e-30'],
    [2 ** -1074, '5e-324'],
    [1.0004, '1.00'],
  ])('%d: %s', (value, text) => {
    expect(roundedNumber(value, 'exact')).toBe(text)
  })

  test('of all float32 between 0.999 and 1, each is written as a number below 1', () => {
    const steps = Array.from({ length: 4096 }, (_, index) => Math.fround(1 - (index + 1) * 2 ** -22))
    expect(steps.filter((score) => !/^0\.9+\d$/.test(roundedNumber(score, '')))).toEqual([])
    expect(steps.filter((score) => Math.abs(Number(roundedNumber(score, '')) - score) > 0.0005)).toEqual([])
  })
})

test.each([
  [NaN, 'nan'],
  [Infinity, 'inf'],
  [-Infinity, '-inf'],
  [1e300, '1e+300'],
])('%d is written as %s', (value, text) => {
  expect(roundedNumber(value, 'exact')).toBe(text)
})

test('in a pipe a number is exact', () => {
  expect(exactNumber(0.9495621919631958, '0.9495621919631958')).toBe('0.9495621919631958')
})

test('the numbers of every task are rounded', async () => {
  const results: Readonly<Record<string, object>> = {
    classify: { topK: [{ classId: 8, score: Math.fround(0.999_96), label: 'hen' }] },
    detect: { boxes: [{ classId: 1, score: 0.123456, x1: 223.758, y1: 92.007, x2: 1414.075, y2: 0.5 }] },
    embed: { embedding: Float32Array.of(0.123456, -0.5, 1e-7, 1) },
    recognize: {
      attributes: [{ name: 'Gender', value: 'Female', score: Math.fround(0.999_96), classId: 22 }],
    },
    segment: { segments: [{ classId: 3, pixels: 99_999, share: 0.99999 }] },
  }
  const shown: Record<string, string> = {}
  for (const name of taskNames) {
    const { results: forms } = await taskDefinition(name)
    const result = { image: 'a.jpg', ...results[name] } as ImageResult
    shown[name] = textFormat(forms, roundedNumber).lines(result).replace('image_name: a.jpg, ', '')
  }
  expect(shown).toEqual({
    classify: 'class_id: 8, prob: 0.99996, label: hen\n',
    detect: 'class_id: 1, score: 0.123, box: [224, 92.0, 1414, 0.500]\n',
    embed: 'embedding: [0.123, -0.500, 1e-07, …] (4 values)\n',
    recognize: 'attribute: Gender, value: Female, score: 0.99996\n',
    segment: 'class_id: 3, pixels: 99999, share: 0.99999\n',
  })
})
