import { setImmediate as nextTurn } from 'node:timers/promises'
import type { Size } from '../../model/index.js'
import type { RgbImage } from '../preprocess/normalise.js'

/** The target of a resize. */
export interface ResampleTarget {
  readonly size: Size
  /**
   * Target size over source size, like `cv2.resize(fx=, fy=)`; defaults to the ratio of the sizes. Only
   * OpenCV's methods use it.
   */
  readonly scale?: { readonly x: number; readonly y: number }
}

/** The wanted part of the resized image. */
export interface Part extends Size {
  readonly left: number
  readonly top: number
}

/** An image that may have been reduced while decoding. */
export interface ReducedImage extends RgbImage {
  /** The size before rounding up to whole pixels. */
  readonly exactSize?: Size
}

/** The multiplications between two pauses: a few milliseconds. */
const turn = 8_000_000

/** Yields to the event loop regularly during long computations. */
export class EventLoopYielder {
  #done = 0

  /** Whether to `pause` now, after this many more multiplications. */
  isDue(multiplications: number): boolean {
    this.#done += multiplications
    return this.#done >= turn
  }

  async pause(): Promise<void> {
    this.#done = 0
    await nextTurn()
  }
}
