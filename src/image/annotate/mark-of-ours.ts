import { open } from 'node:fs/promises'

/** The `Software` that a picture's Exif data name: by it a picture is known for one that was drawn here, and for nobody's original. */
export const softwareTag = 'paddle-ts infer --save-dir'

/** JPEG and PNG have the Exif data at the beginning, WebP at the end. */
const endBytes = 512

/** Whether a regular file is a picture that was drawn here; nothing in it is parsed. */
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
