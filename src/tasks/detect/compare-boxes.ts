import type { Box, BoxLimits } from './boxes.js'
import { counted } from '../../wording.js'
import { noise, type Verdict } from '../comparison.js'

type Sides = Pick<Box, 'x1' | 'y1' | 'x2' | 'y2'>
type Plain = Omit<Box, 'label'>

/** Boxes match when their intersection is at least half of their union. */
const leastOverlap = 0.5

/**
 * Whether both sides find the same objects: each box matches one of the same class. A box whose score differs
 * from the threshold by less than `noise` may be missing on one side.
 *
 * @param rows - the boxes of plain Python, `[class, score, x1, y1, x2, y2]`, best first
 */
export function compareBoxes(
  ours: readonly Box[],
  rows: readonly (readonly number[])[],
  { threshold, ofClass = {} }: BoxLimits,
): Verdict {
  const left = [...ours]
  const alone: Plain[] = []
  let distance = 0
  for (const box of rows.map(asBox)) {
    const partner = partnerOf(box, left)
    if (!partner) {
      alone.push(box)
      continue
    }
    left.splice(left.indexOf(partner), 1)
    distance = Math.max(distance, distanceOf(box, partner))
  }
  const missing = [...left, ...alone].filter(
    ({ classId, score }) => Math.abs(score - (ofClass[classId] ?? threshold)) >= noise,
  )
  const same = missing.length === 0
  const pairs = ours.length - left.length
  const apart = pairs === 0 ? {} : { boxDistance: distance }
  const text =
    pairs === 0
      ? counted(ours.length, 'box', 'boxes')
      : `${counted(ours.length, 'box', 'boxes')}, at most ${distance.toFixed(2)} px apart`
  return same
    ? { same, text, ...apart }
    : { same, text: `${text}; plain Python: ${counted(rows.length, 'box', 'boxes')}`, ...apart }
}

function asBox([
  classId = -1,
  score = NaN,
  x1 = NaN,
  y1 = NaN,
  x2 = NaN,
  y2 = NaN,
]: readonly number[]): Plain {
  return { classId, score, x1, y1, x2, y2 }
}

/** The box of the same class with the greatest overlap, if that is at least half; the first of equal ones. */
function partnerOf(box: Plain, among: readonly Box[]): Box | undefined {
  let [best, most]: [Box | undefined, number] = [undefined, 0]
  for (const candidate of among) {
    if (candidate.classId !== box.classId) continue
    const overlap = overlapOf(box, candidate)
    if (overlap >= leastOverlap && overlap > most) [best, most] = [candidate, overlap]
  }
  return best
}

/** Intersection over union. Boxes without an area overlap when they are equal, to less than a pixel. */
function overlapOf(one: Sides, other: Sides): number {
  const width = Math.min(one.x2, other.x2) - Math.max(one.x1, other.x1)
  const height = Math.min(one.y2, other.y2) - Math.max(one.y1, other.y1)
  const shared = Math.max(0, width) * Math.max(0, height)
  const all = areaOf(one) + areaOf(other) - shared
  return all > 0 ? shared / all : Number(distanceOf(one, other) < 1)
}

function areaOf({ x1, y1, x2, y2 }: Sides): number {
  return Math.max(0, x2 - x1) * Math.max(0, y2 - y1)
}

function distanceOf(one: Sides, other: Sides): number {
  const sides = ['x1', 'y1', 'x2', 'y2'] as const
  return Math.max(...sides.map((side) => Math.abs(one[side] - other[side])))
}
