import { expect, test } from '@jest/globals'
import { compareBoxes } from '../../src/tasks/detect/compare-boxes.js'
import { compareClasses } from '../../src/tasks/classify/compare-classes.js'
import { compareShapes, differenceOf, greatest } from '../../src/commands/verify/comparison.js'
import { overrideSizes } from '../../src/commands/verify/override-sizes.js'
import {
  comparisonJson,
  comparisonLine,
  explainDifference,
  noTotals,
  summaryText,
  withComparison,
  type Comparison,
} from '../../src/commands/verify/report.js'
import { PaddleError } from '../../src/errors.js'
import { tutorialPreprocessing } from '../../src/model/index.js'
import { toHalves, type Tensor } from '../../src/tensor/index.js'

const float32 = (shape: readonly number[], ...data: readonly number[]): Tensor => ({
  dtype: 'float32',
  shape,
  data: Float32Array.from(data),
})
const plain = (shape: readonly number[], ...data: readonly number[]) => ({
  name: 'out',
  shape,
  data: Float64Array.from(data),
})

test('the maximum and the mean difference', () => {
  expect(differenceOf(float32([1, 4], 1, 2, 3, 4), plain([1, 4], 1, 2.5, 3, 3.5))).toEqual({
    max: 0.5,
    mean: 0.25,
  })
  // Our tensor has a batch dimension.
  expect(differenceOf(float32([1, 2, 1], 1, 2), plain([2, 1], 1, 2))).toEqual({ max: 0, mean: 0 })
  expect(differenceOf(float32([0, 6]), plain([0, 6]))).toEqual({ max: 0, mean: 0 })
  const counts: Tensor = { dtype: 'int64', shape: [1], data: BigInt64Array.of(3n) }
  expect(differenceOf(counts, plain([1], 5))).toEqual({ max: 2, mean: 2 })
})

test('float16 is compared by value', () => {
  const halves: Tensor = { dtype: 'float16', shape: [2], data: toHalves('float16', [1.5, -2]) }
  expect(differenceOf(halves, plain([2], 1.5, -1))).toEqual({ max: 1, mean: 0.5 })
})

test('different shapes are not the same, whatever the result', () => {
  const verdict = { same: true, text: '2 boxes', boxDistance: 0 }
  const none = { max: 0, mean: 0 }
  expect(compareShapes(verdict, { input: none, output: none })).toEqual(verdict)
  const judged = [
    { input: undefined, output: none },
    { input: none, output: undefined },
    { input: undefined, output: undefined },
  ].map((differences): Comparison => ({
    image: 'a.jpg',
    ...differences,
    verdict: compareShapes(verdict, differences),
  }))
  const other = 'different shape in plain Python'
  expect(judged.map(comparisonLine)).toEqual([
    `–           –           0            DIFFERS   a.jpg: 2 boxes; ${other}: the input\n`,
    `0           0           –            DIFFERS   a.jpg: 2 boxes; ${other}: an output\n`,
    `–           –           –            DIFFERS   a.jpg: 2 boxes; ${other}: the input and an output\n`,
  ])
  expect(judged.reduce(withComparison, noTotals)).toMatchObject({
    images: 3,
    same: 0,
    different: 3,
    failed: 0,
  })
})

test('different shapes have no difference; NaN on one side is an infinite one', () => {
  expect(differenceOf(float32([2], 1, 2), plain([3], 1, 2, 3))).toBeUndefined()
  expect(differenceOf(float32([2, 1], 1, 2), plain([2], 1, 2))).toBeUndefined()
  expect(differenceOf(undefined, plain([1], 1))).toBeUndefined()
  expect(differenceOf(float32([2], NaN, Infinity), plain([2], NaN, Infinity))).toEqual({
    max: 0,
    mean: 0,
    notFinite: 2,
  })
  expect(differenceOf(float32([2], NaN, 1), plain([2], 1, 1))).toEqual({ max: Infinity, mean: Infinity })
  expect(greatest([{ max: 1, mean: 0.2 }, undefined])).toBeUndefined()
  expect(
    greatest([
      { max: 1, mean: 0.2 },
      { max: 0.5, mean: 0.5 },
    ]),
  ).toEqual({ max: 1, mean: 0.5 })
})

const scores = [0.1, 0.3, 0.2995, 0.2, 0.5]
const classes = (...ids: readonly number[]) =>
  ids.map((classId) => ({ classId, score: scores[classId]!, prob: scores[classId]! }))
const rows = (...ids: readonly number[]) => ids.map((id) => [id, scores[id]!])
const best = { kind: 'best', topK: 3 } as const

test.each([
  ['equal', [4, 1, 2], [4, 1, 2], true],
  ['two trade places that are nearer than the noise', [4, 2, 1], [4, 1, 2], true],
  ['two trade places', [4, 3, 1], [4, 1, 3], false],
  ['one is nearer than the noise to the last of the answer', [4, 2], [4, 1], true],
  ['another class at the end', [4, 1, 0], [4, 1, 2], false],
  ['the first one is another, however near', [1, 2], [2, 1], false],
])('classes, best first: %s', (_, ours, theirs, same) => {
  expect(compareClasses(classes(...ours), rows(...theirs), scores, best).same).toBe(same)
})

test.each([
  ['equal', [1, 4], [1, 4], 0.3, true],
  ['one is at the threshold', [1, 2, 4], [1, 4], 0.3, true],
  ['one more', [1, 3, 4], [1, 4], 0.3, false],
  ['none', [], [], 0.9, true],
])('classes from a threshold on: %s', (_, ours, theirs, threshold, same) => {
  const reading = { kind: 'several', threshold } as const
  expect(compareClasses(classes(...ours), rows(...theirs), scores, reading).same).toBe(same)
})

test('the text of a result, with that of plain Python if it differs', () => {
  const ours = [{ classId: 4, score: 0.5, prob: 0.5, label: 'hen' }, ...classes(1, 2, 3)]
  expect(compareClasses(ours, rows(4, 1, 2, 3), scores, best)).toEqual({
    same: true,
    text: '4 hen 0.500, 1 0.300, 2 0.299',
  })
  expect(compareClasses(classes(4), rows(3), scores, best)).toEqual({
    same: false,
    text: '4 0.500; plain Python: 3 0.200',
  })
})

const box = (classId: number, score: number, x1: number, y1: number, x2: number, y2: number) => ({
  classId,
  score,
  x1,
  y1,
  x2,
  y2,
})

test.each([
  ['a little apart', [box(0, 0.9, 0, 0, 10, 10)], [[0, 0.9, 1, 0, 10, 12]], true, 2],
  [
    'in another order',
    [box(1, 0.8, 50, 50, 60, 60), box(0, 0.7, 0, 0, 10, 10)],
    [
      [0, 0.75, 0, 0, 10, 10],
      [1, 0.74, 50, 50, 60, 60],
    ],
    true,
    0,
  ],
  ['of another class', [box(1, 0.9, 0, 0, 10, 10)], [[0, 0.9, 0, 0, 10, 10]], false, undefined],
  ['elsewhere', [box(0, 0.9, 0, 0, 10, 10)], [[0, 0.9, 6, 0, 16, 10]], false, undefined],
  ['one more', [box(0, 0.9, 0, 0, 10, 10), box(0, 0.8, 0, 0, 10, 10)], [[0, 0.9, 0, 0, 10, 10]], false, 0],
  [
    'one more, whose score is at the threshold',
    [box(0, 0.9, 0, 0, 10, 10), box(0, 0.5004, 0, 0, 10, 10)],
    [[0, 0.9, 0, 0, 10, 10]],
    true,
    0,
  ],
  ['without an area', [box(0, 0.9, 5, 5, 5, 9)], [[0, 0.9, 5, 5, 5, 9]], true, 0],
  ['none', [], [], true, undefined],
])('boxes: %s', (_, ours, theirs, same, boxDistance) => {
  const verdict = compareBoxes(ours, theirs, { threshold: 0.5 })
  expect([verdict.same, verdict.boxDistance]).toEqual([same, boxDistance])
})

test('the text of boxes', () => {
  expect(compareBoxes([box(0, 0.9, 0, 0, 10, 10)], [], { threshold: 0.5 }).text).toBe(
    '1 box; plain Python: 0 boxes',
  )
  const [one, other] = [box(0, 0.9, 0, 0, 10, 10), box(0, 0.9, 50, 0, 60, 10)]
  expect(compareBoxes([one, other], [[0, 0.9, 0, 0, 10, 10.25]], { threshold: 0.5 }).text).toBe(
    '2 boxes, at most 0.25 px apart; plain Python: 1 box',
  )
})

const operator = (name: string, parameters: Record<string, unknown> = {}) => ({ name, parameters })

test('given sizes override those of the file', () => {
  const operators = [
    operator('DecodeImage'),
    operator('ResizeImage', { size: [10, 20], backend: 'pil', interpolation: 'bicubic' }),
    operator('CropImage', { size: 9 }),
    operator('ToCHWImage'),
  ]
  expect(overrideSizes(operators, {})).toEqual(operators)
  expect(overrideSizes(operators, { resizeSize: 32, cropSize: 16 })).toEqual([
    operators[0],
    operator('ResizeImage', { size: 32, backend: 'pil', interpolation: 'bicubic' }),
    operator('CropImage', { size: 16 }),
    operators[3],
  ])
  expect(overrideSizes([operators[0]!, operators[3]!], { resizeSize: 32, cropSize: 16 })).toEqual([
    operators[0],
    operator('ResizeImage', { resize_short: 32 }),
    operator('CropImage', { size: 16 }),
    operators[3],
  ])
})

test.each([
  [operator('ResizeImage', { resize_short: 9, size: 5 }), operator('ResizeImage', { resize_short: 32 })],
  [operator('ResizeImage', { resize_short: 0, size: [5, 6] }), operator('ResizeImage', { size: 32 })],
  [
    operator('Resize', { target_size: [5, 6], keep_ratio: false, interp: 2, size_divisor: 8 }),
    operator('Resize', { target_size: [32, 32], keep_ratio: false, interp: 2 }),
  ],
  [
    operator('Resize', { target_size: [5, 6], interp: 2 }),
    operator('ResizeImage', { resize_short: 32, interpolation: 2 }),
  ],
])('a given size overrides %j', (resize, expected) => {
  expect(overrideSizes([resize], { resizeSize: 32 })).toEqual([expected])
})

const compared = (same: boolean, max: number): Comparison => ({
  image: 'a.jpg',
  input: { max, mean: max / 10 },
  output: { max: 0.00012345, mean: 0 },
  verdict: { same, text: '1 0.900' },
})
const failed: Comparison = {
  image: 'b.jpg',
  error: new PaddleError('IMAGE_NOT_FOUND', 'There is no image at b.jpg.\nCheck the path.'),
}

test('the line and the JSON of an image', () => {
  expect(comparisonLine(compared(true, 0.5))).toBe(
    '0.5         0.05        0.000123     same      a.jpg: 1 0.900\n',
  )
  expect(comparisonLine(compared(false, 0))).toBe(
    '0           0           0.000123     DIFFERS   a.jpg: 1 0.900\n',
  )
  expect(comparisonLine(failed)).toBe(
    '–           –           –            failed    b.jpg: There is no image at b.jpg. Check the path. [IMAGE_NOT_FOUND]\n',
  )
  expect(JSON.parse(comparisonJson(compared(true, Infinity)))).toEqual({
    image: 'a.jpg',
    same: true,
    input: { max: 'Infinity', mean: 'Infinity' },
    output: { max: 0.00012345, mean: 0 },
    answer: '1 0.900',
  })
})

test('the summary of all images', () => {
  const one = withComparison(noTotals, compared(true, 0.5))
  expect(summaryText(one)).toBe(
    '1 of 1 result is the same.\nGreatest differences: input 0.5 (mean 0.05), output 0.000123.\n',
  )
  const all = withComparison(withComparison(one, compared(false, 0.25)), failed)
  expect(summaryText(all)).toBe(
    '1 of 3 results are the same, 1 differs, 1 could not be compared.\nGreatest differences: input 0.5 (mean 0.05), output 0.000123.\n',
  )
  expect(summaryText(withComparison(noTotals, failed))).toBe(
    '0 of 1 result is the same, 1 could not be compared.\n',
  )
  expect(summaryText(noTotals)).toBe('0 of 0 results are the same.\n')
})

test('a large difference is explained if its reason is known', () => {
  const level = 1 / 255 / 0.224
  const off = (levels: number) => ({ ...noTotals, input: { max: levels * level, mean: 0 } })
  const why =
    'The input differs by more than 2 levels of 255: large JPEGs are reduced during decoding. Use --exact to decode them at full size.\n'
  expect(explainDifference(off(3), tutorialPreprocessing, false)).toBe(why)
  expect(explainDifference(off(2), tutorialPreprocessing, false)).toBeUndefined()
  expect(explainDifference(off(3), tutorialPreprocessing, true)).toBeUndefined()
  const byOpenCv = { ...tutorialPreprocessing, steps: [] }
  expect(explainDifference(off(3), byOpenCv, false)).toBeUndefined()
})
