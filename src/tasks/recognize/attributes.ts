import type { AttributePostProcess, AttributeThresholds } from '../../model/index.js'
import { attribute, bestFrom, either, negative, type Attribute } from './attribute.js'
import { attributesOfFace } from './face.js'

/** Reads the scores of one scheme. Scores are compared as float64, as Python does. */
type Reader<Scheme extends keyof AttributeThresholds> = (
  scores: Float32Array,
  thresholds: AttributeThresholds[Scheme],
) => Attribute[]

/** The number of outputs that each scheme reads. */
export const outputsOf: Readonly<Record<AttributePostProcess['scheme'], number>> = {
  person: 26,
  vehicle: 19,
  face: 40,
  table: 6,
}

/**
 * Returns the attributes of one image as PaddleClas' `deploy/python/postprocess.py` does, in its order.
 *
 * @param scores - as many as `outputsOf` says
 */
export function attributesOf(scores: Float32Array, reading: AttributePostProcess): Attribute[] {
  switch (reading.scheme) {
    case 'person':
      return person(scores, reading.thresholds)
    case 'vehicle':
      return vehicle(scores, reading.thresholds)
    case 'face':
      return attributesOfFace(scores, reading.thresholds.threshold, reading.inChinese === true)
    case 'table':
      return table(scores, reading.thresholds)
  }
}

const ages = ['AgeLess18', 'Age18-60', 'AgeOver60']
const directions = ['Front', 'Side', 'Back']
const bags = ['HandBag', 'ShoulderBag', 'Backpack']
const uppers = ['UpperStride', 'UpperLogo', 'UpperPlaid', 'UpperSplice']
const lowers = ['LowerStripe', 'LowerPattern', 'LongCoat', 'Trousers', 'Shorts', 'Skirt&Dress']

const person: Reader<'person'> = (scores, { threshold, glasses_threshold, hold_threshold }) => {
  const above = (classId: number): boolean => (scores[classId] ?? NaN) > threshold
  const shown = (name: string, values: readonly string[], first: number): Attribute[] =>
    values.flatMap((value, index) =>
      above(first + index) ? [attribute(name, value, scores, first + index)] : [],
    )
  const bag = bestFrom(scores, 15, 18)
  const lower = shown('Lower', lowers, 8)
  const best = bestFrom(scores, 8, 14)
  return [
    either('Gender', ['Female', 'Male'], scores, 22, threshold),
    attribute('Age', ages, scores, bestFrom(scores, 19, 22), 19),
    attribute('Direction', directions, scores, bestFrom(scores, 23, 26), 23),
    either('Glasses', ['True', 'False'], scores, 1, glasses_threshold),
    either('Hat', ['True', 'False'], scores, 0, threshold),
    either('HoldObjectsInFront', ['True', 'False'], scores, 18, hold_threshold),
    above(bag) ? attribute('Bag', bags, scores, bag, 15) : negative('Bag', 'No bag', scores, bag),
    (scores[3] ?? NaN) > (scores[2] ?? NaN)
      ? attribute('Upper', 'LongSleeve', scores, 3)
      : attribute('Upper', 'ShortSleeve', scores, 2),
    ...shown('Upper', uppers, 4),
    ...(lower.length > 0 ? lower : [attribute('Lower', lowers, scores, best, 8)]),
    either('Shoes', ['Boots', 'No boots'], scores, 14, threshold),
  ]
}

const colors = ['yellow', 'orange', 'green', 'gray', 'red', 'blue', 'white', 'golden', 'brown', 'black']
const types = ['sedan', 'suv', 'van', 'hatchback', 'mpv', 'pickup', 'bus', 'truck', 'estate']

const vehicle: Reader<'vehicle'> = (scores, { color_threshold, type_threshold }) => {
  const known = (name: string, values: readonly string[], first: number, least: number): Attribute => {
    const best = bestFrom(scores, first, first + values.length)
    return (scores[best] ?? NaN) >= least
      ? attribute(name, values, scores, best, first)
      : negative(name, 'unknown', scores, best)
  }
  return [known('Color', colors, 0, color_threshold), known('Type', types, 10, type_threshold)]
}

const table: Reader<'table'> = (scores, thresholds) => {
  const { source_threshold, number_threshold, color_threshold, clarity_threshold } = thresholds
  return [
    either('Source', ['Scanned', 'Photo'], scores, 0, source_threshold),
    either('Number', ['Little', 'Numerous'], scores, 1, number_threshold),
    either('Color', ['Black-and-White', 'Multicolor'], scores, 2, color_threshold),
    either('Clarity', ['Clear', 'Blurry'], scores, 3, clarity_threshold),
    // PaddleClas compares these two with the threshold of the number.
    either('Obstruction', ['Without-Obstacles', 'With-Obstacles'], scores, 4, number_threshold),
    either('Angle', ['Horizontal', 'Tilted'], scores, 5, number_threshold),
  ]
}
