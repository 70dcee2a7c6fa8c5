import {
  black,
  coloursOf,
  contrastTo,
  white,
  type Area,
  type Canvas,
  type Colour,
  type Mask,
} from './canvas.js'
import type { LabelMap } from './label-map.js'
import { boxArea, placeTags, scaleFor, type Edges, type Scale } from './layout.js'
import { drawLabel } from './text.js'

/** A mark on an image: a box with its class or, without `box`, a class of the whole image. */
export type Mark = {
  readonly classId: number
  readonly label?: string
  readonly box?: Edges
} & (
  | { readonly score: number; readonly share?: never }
  /** The share of the pixels that have this class, 0 to 1. */
  | { readonly share: number; readonly score?: never }
)

/** The opacity of the colour of a class, of 255. */
const tint = 115

/** Returns the colour of each class of an image with these marks. */
export function markColours(marks: readonly Mark[]): (classId: number) => Colour {
  return coloursOf(marks.map(({ classId }) => classId).sort((a, b) => a - b))
}

/** Blends the colour of each pixel's class over the image. */
export function tintClasses(
  canvas: Canvas,
  { width, height, data }: LabelMap,
  colourOf: (classId: number) => Colour,
): void {
  for (let y = 0; y < height; y += 1) {
    // Runs of one class at a time.
    let start = 0
    for (let x = 1; x <= width; x += 1) {
      const classId = data[y * width + start] ?? 0
      if (x < width && data[y * width + x] === classId) continue
      canvas.fill({ left: start, top: y, width: x - start, height: 1 }, colourOf(classId), tint)
      start = x
    }
  }
}

/** More marks would hide the image, and drawing the text of each takes milliseconds. */
const mostMarks = 300

/**
 * Draws the first 300 marks, the first ones on top. Lists the classes of the whole image in its upper left
 * corner.
 */
export async function drawMarks(canvas: Canvas, all: readonly Mark[]): Promise<void> {
  const drawing: Drawing = { canvas, scale: scaleFor(canvas), colourOf: markColours(all) }
  const marks = all.slice(0, mostMarks)
  await drawBoxes(drawing, marks)
  await listClasses(drawing, marks)
}

/** What marks are drawn on and with. */
interface Drawing {
  readonly canvas: Canvas
  readonly scale: Scale
  readonly colourOf: (classId: number) => Colour
}

async function drawBoxes(drawing: Drawing, marks: readonly Mark[]): Promise<void> {
  const { canvas, colourOf } = drawing
  const boxed = marks.flatMap(({ box: edges, ...mark }) => {
    const box = edges && boxArea(edges, canvas)
    return box ? [{ mark, box }] : []
  })
  for (const { mark, box } of boxed.toReversed()) drawBox(drawing, box, colourOf(mark.classId))
  const tagged: { readonly box: Area; readonly tag: Tag }[] = []
  for (const { mark, box } of boxed) {
    const tag = await tagOf(mark, drawing)
    if (tag) tagged.push({ box, tag })
  }
  const places = placeTags(tagged, canvas)
  for (const [index, { tag }] of [...tagged.entries()].reverse()) {
    const place = places[index]
    if (place) drawTag(canvas, tag, place)
  }
}

async function listClasses(drawing: Drawing, marks: readonly Mark[]): Promise<void> {
  const { canvas } = drawing
  let top = 0
  for (const mark of marks) {
    if (mark.box) continue
    const tag = await tagOf(mark, drawing)
    if (!tag || top + tag.height > canvas.height) return
    if (mark.share !== undefined && coversMost(canvas, tag)) return
    drawTag(canvas, tag, { left: 0, top, width: tag.width, height: tag.height })
    top += tag.height
  }
}

/** Whether a tag would hide more than half of the image, and so the segments that it names. */
function coversMost(canvas: Canvas, tag: Tag): boolean {
  return 2 * tag.width * tag.height > canvas.width * canvas.height
}

/**
 * Draws a line in the colour of the class between a dark and a light line, so that it is visible on any
 * background.
 */
function drawBox({ canvas, scale: { line, halo } }: Drawing, area: Area, colour: Colour): void {
  const outer = grown(area, halo)
  canvas.frame(outer, halo, black)
  canvas.frame(grown(area, -line), halo, white)
  canvas.frame(area, line, colour)
}

function grown({ left, top, width, height }: Area, by: number): Area {
  return { left: left - by, top: top - by, width: width + 2 * by, height: height + 2 * by }
}

interface Tag {
  readonly colour: Colour
  readonly mask: Mask
  readonly width: number
  readonly height: number
}

async function tagOf(
  { classId, score, share, label }: Omit<Mark, 'box'>,
  { canvas, scale: { text, gap }, colourOf }: Drawing,
): Promise<Tag | undefined> {
  if (text < 1) return undefined
  const number = share === undefined ? score?.toFixed(2) : `${(100 * share).toFixed(1)} %`
  const mask = await drawLabel(label ?? `class ${classId}`, ` ${number ?? ''}`, {
    size: text,
    width: canvas.width - 2 * gap,
  })
  if (!mask) return undefined
  const height = Math.max(Math.round(1.5 * text), mask.height + 2)
  return height > canvas.height
    ? undefined
    : { colour: colourOf(classId), mask, width: mask.width + 2 * gap, height }
}

function drawTag(canvas: Canvas, { colour, mask }: Tag, area: Area): void {
  canvas.fill(area, colour)
  const left = area.left + Math.floor((area.width - mask.width) / 2)
  const top = area.top + Math.floor((area.height - mask.height) / 2)
  canvas.stamp(mask, left, top, contrastTo(colour))
}
