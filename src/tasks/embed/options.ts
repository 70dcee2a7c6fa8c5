import type { ImageSource } from '../../image/index.js'
import type { ConfigSection } from '../../model/index.js'
import { count, type Form } from '../../options/index.js'
import { imageInputForm, type Failure, type ImageInputOptions } from '../options.js'

/**
 * How a feature model is loaded. The sizes default to those of the model's `inference.yml`, else to the
 * tutorial's.
 */
export interface EmbedderOptions extends ImageInputOptions {
  /**
   * Pixels of the shorter side after resizing; of both sides where the model's file resizes to a fixed size, or
   * its program declares one that is no square. @default that of the file; without one, of the program's size N
   * N / 0.875, rounded down; else 256
   */
  readonly resizeSize?: number | undefined
  /**
   * Width and height of the centre crop that is fed to the network. @default that of the file; without one, the size
   * that the program declares; else 224
   */
  readonly cropSize?: number | undefined
}

/** The section of a configuration file for two models. */
export const featuresSection: ConfigSection = 'RecPreProcess'

export const embedderForm = {
  resizeSize: count(1),
  cropSize: count(1),
  ...imageInputForm,
} satisfies Form<EmbedderOptions>

/** The feature vector of an image. */
export interface Embedded<Source extends ImageSource = ImageSource> {
  /** The image as passed in. */
  readonly image: Source
  /**
   * The output of the network divided by its Euclidean length. Where the model's file has `Binarize`, the bytes
   * that this is reduced to, each 0 to 255: one bit for each value.
   */
  readonly embedding: Float32Array
  readonly error?: never
}

/** The result of an image: its feature vector, or its error. */
export type Embedding<Source extends ImageSource = ImageSource> =
  Embedded<Source> | (Failure<Source> & { readonly embedding?: never })
