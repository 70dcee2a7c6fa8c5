import type { ImageSource } from '../../image/index.js'
import { count, type Form } from '../../options/index.js'
import { imageInputForm, type Failure, type ImageInputOptions } from '../options.js'
import type { Attribute } from './attribute.js'

/** How a model for attributes is loaded. The sizes default to those of the model's `inference.yml`. */
export interface RecognizerOptions extends ImageInputOptions {
  /**
   * Pixels of both sides after resizing; of the shorter side where the model's file resizes that.
   * @default that of the file
   */
  readonly resizeSize?: number | undefined
  /** Width and height of the centre crop that is fed to the network. @default that of the file */
  readonly cropSize?: number | undefined
}

export const recognizerForm = {
  resizeSize: count(1),
  cropSize: count(1),
  ...imageInputForm,
} satisfies Form<RecognizerOptions>

/** The attributes of an image. */
export interface Recognized<Source extends ImageSource = ImageSource> {
  /** The image as passed in. */
  readonly image: Source
  /** In the order of PaddleClas' post-processing. */
  readonly attributes: readonly Attribute[]
  readonly error?: never
}

/** The result of an image: its attributes, or its error. */
export type Recognition<Source extends ImageSource = ImageSource> =
  Recognized<Source> | (Failure<Source> & { readonly attributes?: never })
