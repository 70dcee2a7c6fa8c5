import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Size } from '../../model/index.js'
import type { RgbImage } from '../preprocess/normalise.js'

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

/** Multiplications after which other work of the process gets its turn: some milliseconds. */
const turn = 8_000_000

/** Work that is done in turns, so that it does not hold the event loop. */
export class EventLoopYielder {
  #done = 0

  /** Whether it is time to `pause`, now that so many multiplications more were done. */
  isDue(multiplications: number): boolean {
    this.#done += multiplications
    return this.#done >= turn
  }

  async pause(): Promise<void> {
    this.#done = 0
    await nextTurn()
  }
}
