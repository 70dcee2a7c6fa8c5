import type { Size } from '../../model/index.js'

/** Whole pixels; drawing ignores those outside the canvas. */
export interface Area extends Size {
  readonly left: number
  readonly top: number
}

/** The opacity of the colour at each pixel, from 0 to 255. */
export interface Mask extends Size {
  readonly data: Uint8Array
}

/** Pixels to draw on: RGB, or RGB and alpha. */
export class Canvas implements Size {
  readonly width: number
  readonly height: number
  readonly channels: 3 | 4
  readonly data: Uint8Array

  constructor({ width, height }: Size, channels: 3 | 4, data: Uint8Array) {
    this.width = width
    this.height = height
    this.channels = channels
    this.data = data
  }

  /** @param share - the opacity, from 0 to 255 */
  fill(area: Area, colour: Colour, share = 255): void {
    const { top, bottom, left, right } = this.#within(area)
    for (let y = top; y < bottom; y += 1) {
      for (let x = left; x < right; x += 1) this.#mix(x, y, colour, share)
    }
  }

  /** Draws the edges of an area, `thickness` pixels wide, on the inside. */
  frame({ left, top, width, height }: Area, thickness: number, colour: Colour): void {
    const line = Math.min(thickness, Math.ceil(Math.min(width, height) / 2))
    this.fill({ left, top, width, height: line }, colour)
    this.fill({ left, top: top + height - line, width, height: line }, colour)
    this.fill({ left, top, width: line, height }, colour)
    this.fill({ left: left + width - line, top, width: line, height }, colour)
  }

  stamp(mask: Mask, left: number, top: number, colour: Colour): void {
    const area = this.#within({ left, top, width: mask.width, height: mask.height })
    for (let y = area.top; y < area.bottom; y += 1) {
      for (let x = area.left; x < area.right; x += 1) {
        this.#mix(x, y, colour, mask.data[(y - top) * mask.width + x - left] ?? 0)
      }
    }
  }

  #within({ left, top, width, height }: Area): Record<'left' | 'top' | 'right' | 'bottom', number> {
    return {
      left: Math.max(0, left),
      top: Math.max(0, top),
      right: Math.min(this.width, left + width),
      bottom: Math.min(this.height, top + height),
    }
  }

  #mix(x: number, y: number, colour: Colour, share: number): void {
    if (share === 0) return
    const { data, channels } = this
    const at = (y * this.width + x) * channels
    for (let channel = 0; channel < 3; channel += 1) {
      const before = data[at + channel] ?? 0
      data[at + channel] = before + ((((colour[channel] ?? 0) - before) * share) / 255 + 0.5)
    }
    // Marks are opaque even where the image is transparent.
    if (channels === 4) data[at + 3] = Math.max(data[at + 3] ?? 0, share)
  }
}

/** Red, green and blue, from 0 to 255 each. */
export type Colour = readonly [number, number, number]

export const black: Colour = [0, 0, 0]
export const white: Colour = [255, 255, 255]

/** Easy to tell apart, neighbours most of all. */
const colours: readonly Colour[] = [
  [230, 25, 75],
  [0, 130, 200],
  [255, 225, 25],
  [60, 180, 75],
  [245, 130, 48],
  [145, 30, 180],
  [70, 240, 240],
  [240, 50, 230],
  [128, 0, 0],
  [170, 255, 195],
  [0, 0, 128],
  [250, 190, 212],
  [0, 128, 128],
  [220, 190, 255],
  [170, 110, 40],
  [210, 245, 60],
]

/** Towards white or black: each turn through the colours has shades of its own. */
const shades: readonly (readonly [towards: Colour, share: number])[] = [
  [black, 0],
  [black, 0.35],
  [white, 0.4],
  [black, 0.6],
  [white, 0.65],
]

const allColours = shades.flatMap(([towards, share]) =>
  colours.map((colour): Colour => {
    const mixed = (channel: 0 | 1 | 2): number =>
      Math.round(colour[channel] + (towards[channel] - colour[channel]) * share)
    return [mixed(0), mixed(1), mixed(2)]
  }),
)

/**
 * Returns a colour for each class of an image: the same one in every image, unless a class before it has that
 * one. More classes than the 80 colours share some.
 */
export function coloursOf(classIds: Iterable<number>): (classId: number) => Colour {
  const count = allColours.length
  const byClass = new Map<number, number>()
  const taken = new Set<number>()
  for (const classId of new Set(classIds)) {
    let index = Math.abs(Math.trunc(classId)) % count
    while (taken.has(index) && taken.size < count) index = (index + 1) % count
    taken.add(index)
    byClass.set(classId, index)
  }
  return (classId) => allColours[byClass.get(classId) ?? 0] ?? white
}

/** Returns black or white, whichever has more contrast. */
export function contrastTo([red, green, blue]: Colour): Colour {
  return 0.299 * red + 0.587 * green + 0.114 * blue > 140 ? black : white
}
