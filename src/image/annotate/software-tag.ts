import { open } from 'node:fs/promises'

/**
 * The `Software` tag in the Exif data of an annotated image and of a label map. It distinguishes them from
 * originals.
 */
export const softwareTag = 'paddle-ts infer --save-dir'

/** JPEG and PNG have the Exif data near the beginning, WebP at the end. */
const endBytes = 512

/** Whether a regular file is an annotated image or a label map of paddle-ts. Does not parse the file. */
export async function isAnnotated(path: string): Promise<boolean> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    for (const position of [0, Math.max(0, size - endBytes)]) {
      const { buffer, bytesRead } = await file.read({ buffer: Buffer.alloc(endBytes), position })
      if (buffer.subarray(0, bytesRead).includes(softwareTag)) return true
    }
    return false
  } finally {
    await file.close()
  }
}
