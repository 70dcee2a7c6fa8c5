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

/** A box with its tag. */
interface Tagged {
  readonly box: Area
  readonly tag: Size
}

/**
 * Places the tags of boxes inside the image, each beside its box: above it if there is room, else inside it. A
 * tag that would cover one before it moves to another corner of its box, or up or down along the box and
 * beyond; without any room it covers the others.
 */
export function placeTags(all: readonly Tagged[], image: Size): readonly Area[] {
  const placed: Area[] = []
  for (const { box, tag } of all) {
    const places = placesFor(box, tag, image)
    placed.push(places.find((place) => !placed.some((other) => overlap(place, other))) ?? places[0])
  }
  return placed
}

/** The places for a tag, the best one first. */
function placesFor(box: Area, { width, height }: Size, image: Size): readonly [Area, ...Area[]] {
  const isRoomAbove = box.top >= height
  const bottom = box.top + box.height
  const first = isRoomAbove ? box.top - height : box.top
  const besides = [first, isRoomAbove ? box.top : bottom, bottom - height, bottom]
  // Away from the usual place, step by step, in both directions.
  const steps = Math.ceil(image.height / height)
  const further = Array.from({ length: steps }, (_, index) => (index + 1) * height).flatMap((by) => [
    first + by,
    first - by,
  ])
  const place = (left: number, top: number): Area => ({
    ...{ width, height },
    left: clamp(left, image.width - width),
    top: clamp(top, image.height - height),
  })
  const right = box.left + box.width - width
  const corners = besides.flatMap((top) => [place(box.left, top), place(right, top)])
  return [place(box.left, first), ...corners, ...further.map((top) => place(box.left, top))]
}

function overlap(one: Area, other: Area): boolean {
  return (
    one.left < other.left + other.width &&
    other.left < one.left + one.width &&
    one.top < other.top + other.height &&
    other.top < one.top + one.height
  )
}

function clamp(value: number, most: number): number {
  return Math.max(0, Math.min(value, most))
}
