import { setImmediate as nextTurn } from 'node:timers/promises'

const { floor, min, round } = Math

/** The kind of samples of a pixel. */
export type Layout = 'grey' | 'rgb' | 'cmyk'

/**
 * How 16 bits become 8: take the upper 8 bits; or divide by 257 and round, so that 65535 becomes 255; or clip
 * at 255, as Pillow does for grey.
 */
export type Narrowing = 'shift' | 'divide' | 'clip'

/**
 * How CMYK becomes RGB, always without a profile: each ink multiplies the light that black leaves; the
 * product is divided by 255 and rounded (Pillow) or cut off (libtiff, which OpenCV uses), or divided by 256
 * (OpenCV's own code for JPEG).
 */
type InkMixing = 'rounded' | 'cut' | 'shifted'

/** How decoded samples become 8-bit RGB. */
export interface Conversion {
  readonly narrowing: Narrowing
  readonly cmyk: InkMixing
  /** Whether to multiply the colours with alpha, as libtiff does; otherwise alpha is dropped. */
  readonly isMultiplied: boolean
}

const asPillow: Conversion = { narrowing: 'shift', cmyk: 'rounded', isMultiplied: false }

/** The pixels to convert before yielding to the event loop: a few milliseconds. */
const turn = 2 ** 19

/**
 * Converts decoded samples to 8-bit RGB; repeats grey.
 *
 * @param samples - the pixels, `channels` samples each; those beyond the layout's own are dropped. The result
 * overwrites them if it fits.
 */
export async function toRgb(
  samples: Uint8Array | Uint16Array,
  channels: number,
  layout: Layout,
  conversion: Conversion = asPillow,
): Promise<Uint8Array> {
  const pixels = samples.length / channels
  const inPlace = samples instanceof Uint8Array && channels >= 3
  const rgb = inPlace ? samples.subarray(0, 3 * pixels) : new Uint8Array(3 * pixels)
  const write = writerFor(layout, conversion)
  const narrow = narrowings[conversion.narrowing]
  for (let first = 0; first < pixels; first += turn) {
    if (first > 0) await nextTurn()
    const count = Math.min(turn, pixels - first)
    const part = samples.subarray(channels * first, channels * (first + count))
    write(rgb, 3 * first, part instanceof Uint16Array ? to8Bits(part, narrow) : part, channels)
  }
  return rgb
}

/** A loop: `Uint8Array.from` is many times slower. */
function to8Bits(samples: Uint16Array, narrow: (sample: number) => number): Uint8Array {
  const bytes = new Uint8Array(samples.length)
  for (let index = 0; index < bytes.length; index += 1) bytes[index] = narrow(samples[index] ?? 0)
  return bytes
}

const narrowings: Readonly<Record<Narrowing, (sample: number) => number>> = {
  shift: (sample) => sample >> 8,
  divide: (sample) => round(sample / 257),
  clip: (sample) => min(sample, 255),
}

type Writer = (rgb: Uint8Array, first: number, from: Uint8Array, channels: number) => void

function writerFor(layout: Layout, { cmyk, isMultiplied }: Conversion): Writer {
  if (layout === 'grey') return writeGrey
  if (layout === 'cmyk') return writeCmyk(mixings[cmyk])
  return isMultiplied ? writeMultiplied : writeRgb
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

function writeMultiplied(rgb: Uint8Array, first: number, from: Uint8Array, channels: number): void {
  for (let to = first, at = 0; at < from.length; to += 3, at += channels) {
    const alpha = from[at + 3] ?? 0
    for (let channel = 0; channel < 3; channel += 1) {
      rgb[to + channel] = floor(((from[at + channel] ?? 0) * alpha + 127) / 255)
    }
  }
}

/** The light that remains of what black leaves, behind an ink. */
const mixings: Readonly<Record<InkMixing, (ink: number, light: number) => number>> = {
  rounded: (ink, light) => {
    const product = ink * light + 128
    return light - (((product >> 8) + product) >> 8)
  },
  cut: (ink, light) => floor(((255 - ink) * light) / 255),
  shifted: (ink, light) => light - ((ink * light) >> 8),
}

function writeCmyk(mix: (ink: number, light: number) => number): Writer {
  return (rgb, first, from, channels) => {
    for (let to = first, at = 0; at < from.length; to += 3, at += channels) {
      const light = 255 - (from[at + 3] ?? 0)
      for (let ink = 0; ink < 3; ink += 1) rgb[to + ink] = mix(from[at + ink] ?? 0, light)
    }
  }
}
