import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import sharp from 'sharp'

/** Makes PNG images of one colour each, all of them different, and gives their paths in natural order. */
export async function makeColourImages(folder: string, count: number, side = 16): Promise<string[]> {
  await mkdir(folder, { recursive: true })
  return Promise.all(
    Array.from({ length: count }, async (_, index) => {
      const path = join(folder, `image-${index}.png`)
      // Never purely red.
      const background = { r: (index * 37) % 200, g: (index * 91) % 256, b: 50 + ((index * 53) % 200) }
      await sharp({ create: { width: side, height: side, channels: 3, background } })
        .png()
        .toFile(path)
      return path
    }),
  )
}
