import { describe, expect, test } from '@jest/globals'
import { randomFrom } from '../../scripts/soak/random.js'
import type { AttributePostProcess, PostProcess } from '../../src/model/index.js'
import { predictionsOf, type ScorePostProcess } from '../../src/tasks/classify/predictions.js'
import { binarize } from '../../src/tasks/embed/binarize.js'
import { vectorsOf } from '../../src/tasks/embed/vectors.js'
import { attributesOf, outputsOf } from '../../src/tasks/recognize/attributes.js'
import { runPython } from '../helpers/python.js'

/** What Python's `deploy/python/postprocess.py` of PaddleClas returns for each. */
async function inPython(
  cases: readonly { reading: PostProcess; scores: Float32Array }[],
): Promise<unknown[]> {
  const given = cases.map(({ reading, scores }) => ({
    reading,
    scores: Buffer.from(scores.buffer).toString('base64'),
  }))
  return JSON.parse(await runPython('post_process.py', [], JSON.stringify(given))) as unknown[]
}

const random = randomFrom(20260101)

/** Values from 0 to 1, of which some are equal to each other or to a threshold. */
function values(count: number): Float32Array {
  return Float32Array.from({ length: count }, () => {
    const value = random()
    return value < 0.1 ? 0.5 : value < 0.15 ? 0.75 : random() ** (1 + Math.floor(random() * 3))
  })
}

const schemes: AttributePostProcess[] = [
  {
    kind: 'attributes',
    scheme: 'person',
    thresholds: { threshold: 0.5, glasses_threshold: 0.3, hold_threshold: 0.6 },
  },
  { kind: 'attributes', scheme: 'vehicle', thresholds: { color_threshold: 0.5, type_threshold: 0.75 } },
  { kind: 'attributes', scheme: 'face', thresholds: { threshold: 0.65 } },
  { kind: 'attributes', scheme: 'face', thresholds: { threshold: 0.5 }, inChinese: true },
  {
    kind: 'attributes',
    scheme: 'table',
    thresholds: {
      source_threshold: 0.5,
      number_threshold: 0.4,
      color_threshold: 0.5,
      clarity_threshold: 0.6,
      obstruction_threshold: 0.1,
      angle_threshold: 0.9,
    },
  },
]

test.each(schemes)('the attributes of PaddleClas: $scheme, in Chinese: $inChinese', async (reading) => {
  const cases = Array.from({ length: 300 }, () => ({ reading, scores: values(outputsOf[reading.scheme]) }))
  const ours = cases.map(({ scores }) =>
    attributesOf(scores, reading).map(({ name, value, score }) => ({ name, value, score })),
  )
  expect(ours).toEqual(await inPython(cases))
})

const readings: [string, ScorePostProcess & PostProcess, number][] = [
  ['Topk', { kind: 'best', topK: 3 }, 7],
  ['ThreshOutput of two', { kind: 'either', threshold: 0.5, labels: ['a', 'b'] }, 2],
  ['ThreshOutput of several', { kind: 'either', threshold: 0.75, labels: ['a', 'b'], otherwise: 2 }, 4],
  ['MultiLabelThreshOutput', { kind: 'several', threshold: 0.5 }, 9],
  [
    'MultiLabelThreshOutput with thresholds by class',
    { kind: 'several', threshold: 0.5, ofClass: { 1: 0.25, 8: 0.75 } },
    9,
  ],
  ['ScoreOutput', { kind: 'scores', decimals: 2 }, 3],
  ['ScoreOutput without decimals', { kind: 'scores', decimals: 0 }, 3],
]

test.each(readings)('%s', async (_, reading, classes) => {
  const cases = Array.from({ length: 200 }, () => ({
    reading,
    scores: values(classes).map((value) => (reading.kind === 'scores' ? 10 * value - 3 : value)),
  }))
  const ours = cases.map(({ scores }) =>
    predictionsOf(scores, reading, []).map(({ classId, score }) => [classId, score]),
  )
  expect(ours).toEqual(await inPython(cases))
})

describe('Binarize', () => {
  test.each(['round', 'sign'] as const)('%s', async (how) => {
    const reading = { kind: 'features', binarize: how } as const
    const cases = Array.from({ length: 200 }, (_, index) => ({
      reading,
      // Short vectors, so that some values are beyond -0.5 and 0.5 when they are normalised.
      scores: values(index % 2 === 0 ? 8 : 64).map((value) => (random() < 0.2 ? 0 : (value - 0.5) ** 3)),
    }))
    const ours = cases.map(({ scores }) => {
      const output = { dtype: 'float32', shape: [1, scores.length], data: scores } as const
      const [vector = new Float32Array()] = vectorsOf('m', 'x', { x: output }, 1, undefined)
      return [[...binarize(vector, how)]]
    })
    expect(ours).toEqual(await inPython(cases))
  })

  test('the first value is the highest bit', () => {
    const vector = Float32Array.of(1, -1, 0, 0.1, -0.1, 0, 0, 1, -1, -1, -1, -1, -1, -1, -1, -1)
    expect(binarize(vector, 'sign')).toEqual(Float32Array.of(0b1001_0001, 0))
    // -1 is a byte of 255 in PaddleClas, and the sum is modulo 256.
    expect(binarize(vector, 'round')).toEqual(Float32Array.of((128 - 64 + 1) & 255, -255 & 255))
  })
})
