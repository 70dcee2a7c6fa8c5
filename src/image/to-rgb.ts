import { setImmediate as nextTurn } from 'node:timers/promises'

const { round } = Math

/** How the samples of a decoded image are to be read. */
export type Layout = 'grey' | 'rgb' | 'cmyk'

/** Pixels after which other work of the process gets its turn: some milliseconds. */
const turn = 2 ** 19

/**
 * Brings decoded samples to RGB of 8 bits as Pillow's `convert('RGB')` does: grey is repeated, alpha dropped, CMYK converted
 * without a profile. 16-bit samples are divided by 257 and rounded, so that 65535 becomes 255.
 *
 * @param samples - the pixels, each of `channels` samples, of which those after the layout's own are dropped; the result is written
 * over them where it fits in
 */
export async function toRgb(
  samples: Uint8Array | Uint16Array,
  channels: number,
  layout: Layout,
): Promise<Uint8Array> {
  const pixels = samples.length / channels
  const inPlace = samples instanceof Uint8Array && channels >= 3
  const rgb = inPlace ? samples.subarray(0, 3 * pixels) : new Uint8Array(3 * pixels)
  const write = layout === 'cmyk' ? writeCmyk : layout === 'grey' ? writeGrey : writeRgb
  for (let first = 0; first < pixels; first += turn) {
    if (first > 0) await nextTurn()
    const count = Math.min(turn, pixels - first)
    const part = samples.subarray(channels * first, channels * (first + count))
    write(rgb, 3 * first, part instanceof Uint16Array ? to8Bits(part) : part, channels)
  }
  return rgb
}

function to8Bits(samples: Uint16Array): Uint8Array {
  const bytes = new Uint8Array(samples.length)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = round((samples[index] ?? 0) / 257)
  return bytes
}

function writeGrey(rgb: Uint8Array, first: number, from: Uint8Array, channels: number): void {
  for (let to = first, at = 0; at < from.length; to += 3, at += channels) {
    const grey = from[at] ?? 0
    rgb[to] = grey
    rgb[to + 1] = grey
    rgb[to + 2] = grey
  }
}

function writeRgb(rgb: Uint8Array, first: number, from: Uint8Array, channels: number): void {
  for (let to = first, at = 0; at < from.length; to += 3, at += channels) {
    rgb[to] = from[at] ?? 0
    rgb[to + 1] = from[at + 1] ?? 0
    rgb[to + 2] = from[at + 2] ?? 0
  }
}

/** Pillow's `cmyk2rgb`: each ink takes its part of the light that black leaves, divided by 255 in integers. */
function writeCmyk(rgb: Uint8Array, first: number, from: Uint8Array, channels: number): void {
  for (let to = first, at = 0; at < from.length; to += 3, at += channels) {
    const light = 255 - (from[at + 3] ?? 0)
    for (let ink = 0; ink < 3; ink += 1) {
      const product = (from[at + ink] ?? 0) * light + 128
      rgb[to + ink] = light - (((product >> 8) + product) >> 8)
    }
  }
}
