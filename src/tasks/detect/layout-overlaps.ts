import type { Found } from './found-boxes.js'

/** The shortest side of a box, in pixels. */
const leastSide = 6

/** How much of the smaller of two boxes the other one may cover; less where one of them is a formula in a line. */
const [mostCovered, mostOfFormula] = [0.7, 0.5]

const pictures: ReadonlySet<string> = new Set(['image', 'table', 'seal', 'chart'])

/**
 * Drops thin boxes, references, and of two boxes that overlap the smaller one, as `filter_boxes` of PaddleX 3.7
 * (`layout_analysis/processors.py`). A picture and a text may overlap.
 */
export function withoutOverlaps(boxes: readonly Found[], labels: readonly string[]): Found[] {
  const kept = boxes.filter(({ classId }) => labels[classId] !== 'reference')
  const dropped = new Set<Found>()
  for (const [index, one] of kept.entries()) {
    if (one.x2 - one.x1 < leastSide || one.y2 - one.y1 < leastSide) dropped.add(one)
    for (const other of kept.slice(index + 1)) {
      if (dropped.has(one) || dropped.has(other)) continue
      for (const box of droppedOf(one, other, labels)) dropped.add(box)
    }
  }
  return kept.filter((box) => !dropped.has(box))
}

function droppedOf(one: Found, other: Found, labels: readonly string[]): readonly Found[] {
  const covered = coveredShare(one, other)
  const isFormula = ({ classId }: Found): boolean => labels[classId] === 'inline_formula'
  const formulas = [one, other].filter(isFormula)
  if (formulas.length > 0 && covered > mostOfFormula) return formulas
  if (covered <= mostCovered || mayOverlap(labels[one.classId] ?? '', labels[other.classId] ?? '')) return []
  return [areaOf(one) >= areaOf(other) ? other : one]
}

/** Of different classes, with a picture among them: only a table and a text may not. */
function mayOverlap(one: string, other: string): boolean {
  if (one === other || !(pictures.has(one) || pictures.has(other))) return false
  return (one !== 'table' && other !== 'table') || (pictures.has(one) && pictures.has(other))
}

/** The intersection as a share of the smaller box. */
function coveredShare(one: Found, other: Found): number {
  const width = Math.max(0, Math.min(one.x2, other.x2) - Math.max(one.x1, other.x1))
  const height = Math.max(0, Math.min(one.y2, other.y2) - Math.max(one.y1, other.y1))
  const smaller = Math.min(areaOf(one), areaOf(other))
  return smaller === 0 ? 0 : (width * height) / smaller
}

function areaOf({ x1, y1, x2, y2 }: Found): number {
  return Math.abs((x2 - x1) * (y2 - y1))
}
