import type { PlainPostProcess } from '../../reference/index.js'
import type { Prediction } from './predictions.js'
import { noise, shownScore, type Verdict } from '../comparison.js'

type ClassReading = Extract<PlainPostProcess, { kind: 'best' | 'either' | 'several' | 'scores' }>

/** Classes of plain Python: `[class, score]`, best first. */
type PlainClasses = readonly (readonly number[])[]

/**
 * Whether both sides return the same classes. The first class must be equal. Others may swap places when
 * their scores differ by less than `noise`; likewise, one may be missing at the end of the list or at the
 * threshold.
 *
 * @param scores - all scores of plain Python
 */
export function compareClasses(
  ours: readonly Prediction[],
  plain: PlainClasses,
  scores: ArrayLike<number>,
  reading: ClassReading,
): Verdict {
  const same =
    reading.kind === 'several'
      ? isSameSet(ours, plain, scores, reading)
      : reading.kind === 'scores'
        ? areSameScores(ours, plain, reading.decimals)
        : ours[0]?.classId === plain[0]?.[0] &&
          ours.every((one, index) => isSamePlace(one, plain[index], scores))
  const text = ours.slice(0, shown).map(asText).join(', ') || 'no class'
  if (same) return { same, text }
  const theirs = plain
    .slice(0, shown)
    .map(([classId = -1, score = NaN]) => `${classId} ${shownScore(score)}`)
    .join(', ')
  return { same, text: `${text}; plain Python: ${theirs || 'no class'}` }
}

/** Number of classes that the text of a verdict shows. */
const shown = 3

function isSamePlace(
  { classId }: Prediction,
  [other = -1, score = NaN]: readonly number[] = [],
  scores: ArrayLike<number>,
): boolean {
  return classId === other || Math.abs((scores[classId] ?? NaN) - score) < noise
}

/** A rounded score may be one step apart, where the exact ones lie on both sides of a half. */
function areSameScores(ours: readonly Prediction[], plain: PlainClasses, decimals: number): boolean {
  const most = noise + 10 ** -decimals
  return (
    ours.length === plain.length &&
    ours.every(({ score }, index) => Math.abs(score - (plain[index]?.[1] ?? NaN)) < most)
  )
}

function isSameSet(
  ours: readonly Prediction[],
  plain: PlainClasses,
  scores: ArrayLike<number>,
  { threshold, ofClass = {} }: Extract<ClassReading, { kind: 'several' }>,
): boolean {
  const [one, other] = [new Set(ours.map(({ classId }) => classId)), new Set(plain.map(([id = -1]) => id))]
  return [...one, ...other].every(
    (id) =>
      (one.has(id) && other.has(id)) || Math.abs((scores[id] ?? NaN) - (ofClass[id] ?? threshold)) < noise,
  )
}

function asText({ classId, score, label }: Prediction): string {
  return `${classId}${label === undefined ? '' : ` ${label}`} ${shownScore(score)}`
}
