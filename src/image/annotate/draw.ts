import {
  black,
  colourOf,
  contrastTo,
  segmentColourOf,
  white,
  type Area,
  type Canvas,
  type Colour,
  type Mask,
} from './canvas.js'
import type { LabelMap } from './label-map.js'
import { boxArea, scaleFor, tagArea, type Edges, type Scale } from './layout.js'
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

/** Blends the colour of each pixel's class over the image. */
export function tintClasses(canvas: Canvas, { width, height, data }: LabelMap): void {
  for (let y = 0; y < height; y += 1) {
    // Runs of one class at a time.
    let start = 0
    for (let x = 1; x <= width; x += 1) {
      const classId = data[y * width + start] ?? 0
      if (x < width && data[y * width + x] === classId) continue
      canvas.fill({ left: start, top: y, width: x - start, height: 1 }, segmentColourOf(classId), tint)
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
  const marks = all.slice(0, mostMarks)
  const scale = scaleFor(canvas)
  const boxed = marks
    .flatMap(({ box, ...mark }) => {
      const area = box && boxArea(box, canvas)
      return area ? [{ mark, area }] : []
    })
    .reverse()
  for (const { mark, area } of boxed) drawBox(canvas, area, mark.classId, scale)
  for (const { mark, area } of boxed) {
    const tag = await tagOf(mark, canvas, scale)
    if (tag) drawTag(canvas, tag, tagArea(area, tag, canvas))
  }
  let top = 0
  for (const mark of marks) {
    if (mark.box) continue
    const tag = await tagOf(mark, canvas, scale)
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
function drawBox(canvas: Canvas, area: Area, classId: number, scale: Scale): void {
  const { line, halo } = scale
  const outer = grown(area, halo)
  canvas.frame(outer, halo, black)
  canvas.frame(grown(area, -line), halo, white)
  canvas.frame(area, line, colourOf(classId))
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
  canvas: Canvas,
  scale: Scale,
): Promise<Tag | undefined> {
  const { text, gap } = scale
  if (text < 1) return undefined
  const colour = share === undefined ? colourOf(classId) : segmentColourOf(classId)
  const number = share === undefined ? score?.toFixed(2) : `${(100 * share).toFixed(1)} %`
  const mask = await drawLabel(label ?? `class ${classId}`, ` ${number ?? ''}`, {
    size: text,
    width: canvas.width - 2 * gap,
  })
  if (!mask) return undefined
  const height = Math.max(Math.round(1.5 * text), mask.height + 2)
  return height > canvas.height ? undefined : { colour, mask, width: mask.width + 2 * gap, height }
}

function drawTag(canvas: Canvas, { colour, mask }: Tag, area: Area): void {
  canvas.fill(area, colour)
  const left = area.left + Math.floor((area.width - mask.width) / 2)
  const top = area.top + Math.floor((area.height - mask.height) / 2)
  canvas.stamp(mask, left, top, contrastTo(colour))
}
