import { join } from 'node:path'
import sharp from 'sharp'
import { pick } from './random.js'

let written = 0

/** Writes an image of noise into a folder, and returns its path. */
export async function writeNoise(
  folder: string,
  width: number,
  height: number,
  random: () => number,
): Promise<string> {
  const data = Uint8Array.from({ length: 3 * width * height }, () => pick(random, 256))
  const file = join(folder, `${(written += 1)}.png`)
  await sharp(data, { raw: { width, height, channels: 3 } })
    .png()
    .toFile(file)
  return file
}
