import { runPython } from './python.js'

export interface PillowJob {
  readonly path: string
  readonly orient?: boolean
  readonly short?: number
  readonly crop?: number
}

export interface PillowImage {
  /** Width and height as resized, before the crop. */
  readonly size: readonly [number, number]
  readonly pixels: Uint8Array
}

/** Processes the images with Pillow, in the tutorial's steps. */
export async function pillowPixels(jobs: readonly PillowJob[]): Promise<PillowImage[]> {
  const answers = JSON.parse(await runPython('pillow_reference.py', [], JSON.stringify(jobs))) as {
    size: [number, number]
    pixels: string
  }[]
  return answers.map(({ size, pixels }) => ({ size, pixels: new Uint8Array(Buffer.from(pixels, 'base64')) }))
}

// Under Jest a global costs a microsecond each time.
const { abs, max } = Math

/** The difference of two images, in levels of 255. */
export function difference(ours: Uint8Array, theirs: Uint8Array): { mean: number; most: number } {
  if (ours.length !== theirs.length) throw new Error(`${ours.length} bytes against ${theirs.length}`)
  let sum = 0
  let most = 0
  for (let index = 0; index < ours.length; index += 1) {
    const distance = abs((ours[index] ?? 0) - (theirs[index] ?? 0))
    sum += distance
    most = max(most, distance)
  }
  return { mean: sum / ours.length, most }
}
