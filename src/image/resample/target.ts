import type { Size } from '../../model/index.js'
import type { RgbImage } from '../normalise.js'

/** What an image is resized to. */
export interface ResampleTarget {
  readonly size: Size
  /** Target over source, as `cv2.resize(fx=, fy=)` gets it; the ratio of the sizes when it is left out. Only OpenCV's methods take it. */
  readonly scale?: { readonly x: number; readonly y: number }
}

/** The part of the resized image that is wanted. */
export interface Part extends Size {
  readonly left: number
  readonly top: number
}

/** An image that may have been reduced while it was decoded. */
export interface ReducedImage extends RgbImage {
  /** Its size before it was rounded up to whole pixels. */
  readonly exactSize?: Size
}
