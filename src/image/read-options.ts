import { or, type Form, boolean, limit } from '../options/index.js'

/** How images are read. */
export interface ReadOptions {
  /**
   * Turn and mirror as the EXIF orientation says, as Pillow's `exif_transpose` and OpenCV do it.
   * @default true
   */
  readonly autoOrient?: boolean | undefined
  /**
   * The most pixels that an image may have. The default is sharp's own.
   * @default 268402689
   */
  readonly maxPixels?: number | undefined
  /**
   * Never halve a JPEG while it is decoded, which Pillow's bilinear resampling allows for one that is to be reduced a lot: it takes
   * longer, and the pixels are those of the whole image.
   * @default false
   */
  readonly exact?: boolean | undefined
}

export const readForm = {
  autoOrient: or(boolean, true),
  // sharp's own limit for an image (0x3FFF²).
  maxPixels: or(limit(1), 268_402_689),
  exact: or(boolean, false),
} satisfies Form<ReadOptions>
