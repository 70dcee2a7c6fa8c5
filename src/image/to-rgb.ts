const { round } = Math

/** How the samples of a decoded image are to be read. */
export type Layout = 'grey' | 'rgb' | 'cmyk'

/**
 * Brings decoded samples to RGB of 8 bits as Pillow's `convert('RGB')` does: grey is repeated, alpha dropped, CMYK converted
 * without a profile. 16-bit samples are divided by 257 and rounded, so that 65535 becomes 255.
 *
 * @param samples - the pixels, each of `channels` samples, of which those after the layout's own are dropped
 */
export function toRgb(samples: Uint8Array | Uint16Array, channels: number, layout: Layout): Uint8Array {
  const bytes = samples instanceof Uint16Array ? to8Bits(samples) : samples
  const pixels = bytes.length / channels
  const rgb = new Uint8Array(3 * pixels)
  const write = layout === 'cmyk' ? writeCmyk : layout === 'grey' ? writeGrey : writeRgb
  for (let pixel = 0; pixel < pixels; pixel += 1) write(rgb, 3 * pixel, bytes, channels * pixel)
  return rgb
}

function to8Bits(samples: Uint16Array): Uint8Array {
  return Uint8Array.from(samples, (sample) => round(sample / 257))
}

function writeGrey(rgb: Uint8Array, to: number, from: Uint8Array, at: number): void {
  rgb.fill(from[at] ?? 0, to, to + 3)
}

function writeRgb(rgb: Uint8Array, to: number, from: Uint8Array, at: number): void {
  rgb[to] = from[at] ?? 0
  rgb[to + 1] = from[at + 1] ?? 0
  rgb[to + 2] = from[at + 2] ?? 0
}

/** Pillow's `cmyk2rgb`: each ink takes its part of the light that black leaves, divided by 255 in integers. */
function writeCmyk(rgb: Uint8Array, to: number, from: Uint8Array, at: number): void {
  const light = 255 - (from[at + 3] ?? 0)
  for (let ink = 0; ink < 3; ink += 1) {
    const product = (from[at + ink] ?? 0) * light + 128
    rgb[to + ink] = light - (((product >> 8) + product) >> 8)
  }
}
