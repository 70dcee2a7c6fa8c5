import pLimit, { type LimitFunction } from 'p-limit'
import { PaddleError } from '../errors.js'
import { readPixels, type ImageSource, type RgbImage } from '../image/index.js'
import { usableCores } from '../inference/index.js'
import type { Preprocessing } from '../model/index.js'
import type { ClassifierOptions } from './options.js'

/** An image as the network is to see it, or what is wrong with it. */
export interface Decoded {
  readonly image: ImageSource
  /** How long that took, in milliseconds. */
  readonly preprocessMs: number
  readonly pixels?: RgbImage
  readonly error?: PaddleError
}

/** Decodes images, so many at once as keep the cores busy: more would only take memory. */
export class ImageDecoder {
  readonly #preprocessing: Preprocessing
  readonly #options: Pick<ClassifierOptions, 'autoOrient' | 'maxPixels'>
  readonly #limit: LimitFunction

  constructor(preprocessing: Preprocessing, options: Pick<ClassifierOptions, 'autoOrient' | 'maxPixels'>) {
    this.#preprocessing = preprocessing
    this.#options = options
    this.#limit = pLimit(usableCores() + 1)
  }

  /** Never rejects for what is wrong with the image. */
  async decode(image: ImageSource): Promise<Decoded> {
    return this.#limit(async () => {
      const start = performance.now()
      const preprocessMs = (): number => performance.now() - start
      try {
        const { autoOrient, maxPixels } = this.#options
        const pixels = await readPixels(image, this.#preprocessing, {
          ...(autoOrient !== undefined && { autoOrient }),
          ...(maxPixels !== undefined && { maxPixels }),
        })
        return { image, pixels, preprocessMs: preprocessMs() }
      } catch (error) {
        if (!(error instanceof PaddleError)) throw error
        return { image, error, preprocessMs: preprocessMs() }
      }
    })
  }
}
