import { roundHalfToEven } from '../../image/index.js'
import type { BoxMerging, PaddleXBoxes, Size } from '../../model/index.js'
import { inReadingOrder, type Found } from './found-boxes.js'
import { withoutOverlaps } from './layout-overlaps.js'

const { fround } = Math

/** Boxes of one class that cover each other more than this are duplicates, and boxes of different classes. */
const [mostOfSame, mostOfOther] = [fround(0.6), fround(0.98)]

/** The share of a box that is inside another one when it counts as contained. */
const containedShare = fround(0.9)

/**
 * Post-processes the boxes of one image as PaddleX 3.7 (`DetPostProcess` of `object_detection/processors.py`, and
 * `LayoutAnalysisProcess` with rectangles): clipped to the image and not empty, in float32 as numpy 2 computes.
 *
 * @param found - those whose score is above the threshold
 */
export function paddleXBoxes(
  found: readonly Found[],
  { layoutNms = false, layoutMerge, layoutUnclip, isLayoutAnalysis = false }: PaddleXBoxes,
  size: Size,
  labels: readonly string[],
): Found[] {
  let boxes = isLayoutAnalysis ? found.map((box) => withSides(box, roundHalfToEven)) : [...found]
  if (layoutNms) boxes = withoutDuplicates(boxes)
  boxes = withoutWholePages(boxes, size, labels)
  if (layoutMerge !== undefined) boxes = merged(boxes, layoutMerge, labels.indexOf('formula'))
  boxes = inReadingOrder(boxes)
    .map((box) => (layoutUnclip ? enlarged(box, factorsFor(layoutUnclip, box.classId)) : box))
    .map((box) => clipped(box, size))
    .map((box) => (isLayoutAnalysis ? withSides(box, Math.trunc) : box))
    .filter(({ x1, y1, x2, y2 }) => x2 > x1 && y2 > y1)
  return isLayoutAnalysis ? withoutOverlaps(boxes, labels) : boxes
}

function withSides(box: Found, change: (value: number) => number): Found {
  const { x1, y1, x2, y2 } = box
  return { ...box, x1: change(x1), y1: change(y1), x2: change(x2), y2: change(y2) }
}

/** Non-maximum suppression (`layout_nms`). Of equal scores, the later box is the better one. */
function withoutDuplicates(boxes: readonly Found[]): Found[] {
  let left = boxes
    .map((box, index) => ({ box, index }))
    .sort((one, other) => other.box.score - one.box.score || other.index - one.index)
    .map(({ box }) => box)
  const kept: Found[] = []
  for (let [best, ...others] = left; best; [best, ...others] = left) {
    const by = best
    kept.push(by)
    left = others.filter((box) => coverage(by, box) < (box.classId === by.classId ? mostOfSame : mostOfOther))
  }
  return kept
}

/** Intersection over union of boxes that include their last pixel. */
function coverage(one: Found, other: Found): number {
  const shared = sharedArea(one, other, 1)
  return fround(shared / fround(fround(areaOf(one, 1) + areaOf(other, 1)) - shared))
}

function sharedArea(one: Found, other: Found, more: number): number {
  const width = Math.max(0, sideOf(Math.max(one.x1, other.x1), Math.min(one.x2, other.x2), more))
  const height = Math.max(0, sideOf(Math.max(one.y1, other.y1), Math.min(one.y2, other.y2), more))
  return fround(width * height)
}

function areaOf({ x1, y1, x2, y2 }: Found, more: number): number {
  return fround(sideOf(x1, x2, more) * sideOf(y1, y2, more))
}

function sideOf(from: number, to: number, more: number): number {
  return fround(fround(to - from) + more)
}

/** Drops boxes of the class `image` that cover nearly all of the image, unless only such boxes are there. */
function withoutWholePages(boxes: Found[], size: Size, labels: readonly string[]): Found[] {
  const classOfImages = labels.indexOf('image')
  if (boxes.length < 2 || classOfImages < 0) return boxes
  const most = (size.width > size.height ? 0.82 : 0.93) * size.width * size.height
  const kept = boxes.filter(
    (box) => box.classId !== classOfImages || areaOf(clipped(box, size), 0) <= fround(most),
  )
  return kept.length > 0 ? kept : boxes
}

function clipped(box: Found, { width, height }: Size): Found {
  const { x1, y1, x2, y2 } = box
  return {
    ...box,
    ...{ x1: Math.max(0, x1), y1: Math.max(0, y1), x2: Math.min(width, x2), y2: Math.min(height, y2) },
  }
}

/** Keeps, of boxes that contain each other, the outer ones (`large`) or the inner ones (`small`). */
function merged(
  boxes: readonly Found[],
  by: BoxMerging | Readonly<Record<number, BoxMerging>>,
  formula: number,
): Found[] {
  if (by === 'union') return [...boxes]
  const rules =
    typeof by === 'string'
      ? [{ mode: by }]
      : Object.entries(by).map(([classId, mode]) => ({ mode, classId: Number(classId) }))
  const kept = rules.filter(({ mode }) => mode !== 'union').map((rule) => keptBy(boxes, rule, formula))
  return boxes.filter((_, index) => kept.every((keeps) => keeps[index]))
}

interface Rule {
  readonly mode: BoxMerging
  /** The class of the outer box for `large`, of the inner one for `small`. */
  readonly classId?: number
}

/** Whether each box is kept. A formula is only contained in a formula. */
function keptBy(boxes: readonly Found[], { mode, classId }: Rule, formula: number): boolean[] {
  const [containing, contained] = [new Set<Found>(), new Set<Found>()]
  for (const inner of boxes) {
    for (const outer of boxes) {
      if (inner === outer) continue
      if (formula >= 0 && inner.classId === formula && outer.classId !== formula) continue
      const named = mode === 'large' ? outer : inner
      if (classId !== undefined && named.classId !== classId) continue
      if (!isInside(inner, outer)) continue
      contained.add(inner)
      containing.add(outer)
    }
  }
  return boxes.map((box) =>
    mode === 'large' ? !contained.has(box) : !containing.has(box) || contained.has(box),
  )
}

function isInside(inner: Found, outer: Found): boolean {
  const area = areaOf(inner, 0)
  return area > 0 && fround(sharedArea(inner, outer, 0) / area) >= containedShare
}

type Factors = readonly [width: number, height: number]

function factorsFor(unclip: NonNullable<PaddleXBoxes['layoutUnclip']>, classId: number): Factors | undefined {
  return isFactors(unclip) ? unclip : unclip[classId]
}

/** `Array.isArray` does not recognise a read-only array. */
function isFactors(unclip: NonNullable<PaddleXBoxes['layoutUnclip']>): unclip is Factors {
  return Array.isArray(unclip)
}

/** Enlarges a box around its centre (`layout_unclip_ratio`). */
function enlarged(box: Found, factors: Factors | undefined): Found {
  if (!factors) return box
  const [x1, x2] = stretched(box.x1, box.x2, factors[0])
  const [y1, y2] = stretched(box.y1, box.y2, factors[1])
  return { ...box, x1, y1, x2, y2 }
}

function stretched(from: number, to: number, factor: number): [from: number, to: number] {
  const side = fround(to - from)
  const half = fround(fround(side * fround(factor)) / 2)
  const centre = fround(from + fround(side / 2))
  return [fround(centre - half), fround(centre + half)]
}
