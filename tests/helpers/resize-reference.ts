/** Resizes images with cv2 and Pillow, all in one Python process. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { RgbImage } from '../../src/image/preprocess/normalise.js'
import { runPython } from './python.js'

/** A file for one of them to read. */
export interface ImageFile {
  readonly path: string
  readonly decode: 'opencv' | 'pillow'
  /** @default true */
  readonly orient?: boolean
}

export interface ReferenceJob {
  /** The index of its image. */
  readonly image: number
  readonly library: 'opencv' | 'pillow'
  /** Omitted: the image as read. */
  readonly method?: string
  readonly size?: readonly [number, number]
  /** `fx` and `fy`. */
  readonly scale?: readonly [number, number]
}

export async function referencePixels(
  images: readonly (RgbImage | ImageFile)[],
  jobs: readonly ReferenceJob[],
): Promise<RgbImage[]> {
  const folder = await mkdtemp(join(tmpdir(), 'resized-'))
  try {
    const [source, target] = [join(folder, 'source'), join(folder, 'target')]
    let end = 0
    const told = images.map((image) => {
      if ('path' in image) return image
      const at = end
      end += image.data.length
      return { at, width: image.width, height: image.height }
    })
    await writeFile(
      source,
      Buffer.concat(images.map((image) => ('path' in image ? new Uint8Array() : image.data))),
    )
    const sizes = JSON.parse(
      await runPython('resize_reference.py', [], JSON.stringify({ source, target, images: told, jobs })),
    ) as [number, number][]
    const pixels = new Uint8Array(await readFile(target))
    let at = 0
    return sizes.map(([width, height]) => {
      const data = pixels.subarray(at, at + 3 * width * height)
      at += data.length
      return { width, height, data }
    })
  } finally {
    await rm(folder, { recursive: true })
  }
}
