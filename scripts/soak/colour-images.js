import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/**
 * Creates square PNG images of one colour each, all different and none pure red; returns their paths in
 * natural order.
 *
 * @param sideOf - returns the side of the image at an index, in pixels
 */
export async function makeColourImages(folder, count, sideOf = () => 16) {
  await mkdir(folder, { recursive: true })
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const path = join(folder, `image-${index}.png`)
      const side = sideOf(index)
      const background = { r: (index * 37) % 200, g: (index * 91) % 256, b: 50 + ((index * 53) % 200) }
      await sharp({ create: { width: side, height: side, channels: 3, background } }).toFile(path)
      return path
    }),
  )
}
