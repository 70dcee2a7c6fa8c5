import type { Size } from '../../model/index.js'
import type { Area } from './canvas.js'

/** Edges in pixels, from the upper left corner of the image. */
export interface Edges {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

/** Sizes in pixels, legible when the whole image is displayed. */
export interface Scale {
  /** The height of the letters. */
  readonly text: number
  /** The space around text. */
  readonly gap: number
  readonly line: number
  /** The thickness of the dark and the light line on either side of a line. */
  readonly halo: number
}

export function scaleFor({ width, height }: Size): Scale {
  // Very long images scale by the shorter side, but letters need their height.
  const side = Math.min(width, height, Math.max(width, height) / 2)
  const text = Math.min(Math.max(11, Math.round(6 + 0.028 * side)), Math.floor(height * 0.7))
  const line = Math.max(2, Math.round(1 + 0.0035 * side))
  return { text, gap: Math.max(2, Math.round(text / 4)), line, halo: Math.max(1, Math.round(line / 3)) }
}

/** The whole pixels of a box inside the image; undefined if there are none. */
export function boxArea({ x1, y1, x2, y2 }: Edges, image: Size): Area | undefined {
  const left = clamp(Math.round(Math.min(x1, x2)), image.width - 1)
  const top = clamp(Math.round(Math.min(y1, y2)), image.height - 1)
  const width = clamp(Math.round(Math.max(x1, x2)), image.width) - left
  const height = clamp(Math.round(Math.max(y1, y2)), image.height) - top
  const isOutside = !(Math.max(x1, x2) > 0 && Math.max(y1, y2) > 0 && Math.min(x1, x2) < image.width)
  if (isOutside || !(Math.min(y1, y2) < image.height)) return undefined
  return { left, top, width: Math.max(1, width), height: Math.max(1, height) }
}

/** Places the tag of a box above it if there is room, else inside it; always inside the image. */
export function tagArea(box: Area, tag: Size, image: Size): Area {
  const top = box.top >= tag.height ? box.top - tag.height : box.top
  return {
    ...{ width: tag.width, height: tag.height },
    left: clamp(box.left, image.width - tag.width),
    top: clamp(top, image.height - tag.height),
  }
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most))
}
