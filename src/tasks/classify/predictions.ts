import { roundHalfToEven } from '../../image/index.js'
import type { PostProcess } from '../../model/index.js'

/** A class in a result. */
export interface Prediction {
  /** The index of the class in the model's output. */
  readonly classId: number
  /** The model's output for it, a float32. */
  readonly score: number
  /** @deprecated Use `score`, which is the same number; removed in 1.0. */
  readonly prob: number
  /** Its name, where it is known. */
  readonly label?: string
}

/** How scores become a result. */
export type ScorePostProcess =
  | { readonly kind: 'best'; readonly topK: number }
  | Extract<PostProcess, { kind: 'either' | 'several' | 'scores' }>

/** Returns the classes of one image from its scores. */
export function predictionsOf(
  scores: Float32Array,
  reading: ScorePostProcess,
  labels: readonly string[],
): Prediction[] {
  switch (reading.kind) {
    case 'best':
      return bestOf(scores, reading.topK, labels)
    case 'several':
      return aboveThreshold(scores, reading, labels)
    case 'either':
      return [eitherOf(scores, reading, labels)]
    case 'scores':
      return Array.from(scores, (score, classId) =>
        predictionOf(classId, roundedTo(score, reading.decimals), labels),
      )
  }
}

/**
 * The `k` best scores, best first. Of equal scores the lower index comes first, and NaN comes before
 * everything, as in numpy's `argmax`.
 */
export function bestOf(scores: Float32Array, k: number, labels: readonly string[] = []): Prediction[] {
  const best: number[] = []
  for (let index = 0; index < scores.length; index += 1) {
    let place = best.length
    while (place > 0 && isBetter(scores[index], scores[best[place - 1] ?? 0])) place -= 1
    if (place >= k) continue
    best.splice(place, 0, index)
    if (best.length > k) best.pop()
  }
  return best.map((classId) => predictionOf(classId, scores[classId] ?? NaN, labels))
}

/**
 * Every class with at least its threshold as its score, in class order: PaddleClas' `MultiLabelThreshOutput`.
 */
function aboveThreshold(
  scores: Float32Array,
  { threshold, ofClass = {} }: Extract<ScorePostProcess, { kind: 'several' }>,
  labels: readonly string[],
): Prediction[] {
  return [...scores.entries()]
    .filter(([classId, score]) => score >= (ofClass[classId] ?? threshold))
    .map(([classId, score]) => predictionOf(classId, score, labels))
}

/**
 * PaddleClas' `ThreshOutput`. The second of two classes when its score is at least the threshold, else the first
 * one with 1 minus that score. Of another number of classes, the best one if its score is above the threshold,
 * else the one of the configuration.
 */
function eitherOf(
  scores: Float32Array,
  { threshold, labels: ofTwo, otherwise = 0 }: Extract<ScorePostProcess, { kind: 'either' }>,
  labels: readonly string[],
): Prediction {
  if (scores.length === 2) {
    const score = scores[1] ?? NaN
    const names = labels.length > 0 ? labels : ofTwo
    return score < threshold ? predictionOf(0, Math.fround(1 - score), names) : predictionOf(1, score, names)
  }
  const [best] = bestOf(scores, 1, labels)
  if (best && best.score > threshold) return best
  return predictionOf(otherwise, scores[otherwise] ?? NaN, labels)
}

/** numpy's `around` of a float32. */
function roundedTo(score: number, decimals: number): number {
  const { fround } = Math
  const factor = fround(10 ** decimals)
  const product = fround(score * factor)
  return fround(roundHalfToEven(product) / factor)
}

function predictionOf(classId: number, score: number, labels: readonly string[]): Prediction {
  const label = labels[classId]
  // eslint-disable-next-line @typescript-eslint/no-deprecated -- until 1.0
  return { classId, score, prob: score, ...(label !== undefined && label !== '' && { label }) }
}

function isBetter(score = 0, than = 0): boolean {
  return score > than || (Number.isNaN(score) && !Number.isNaN(than))
}
