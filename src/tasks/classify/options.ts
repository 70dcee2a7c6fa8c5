import type { ImageSource } from '../../image/index.js'
import { count, fraction, type Form } from '../../options/index.js'
import {
  batchForm,
  imageTaskForm,
  type BatchOptions,
  type Failure,
  type ImageTaskOptions,
} from '../options.js'
import type { Prediction } from './predictions.js'

/**
 * How an image classifier is loaded. What the model's `inference.yml` says is the default of its own options; where there is none, it is the
 * MobileNetV3 tutorial's treatment.
 */
export interface ClassifierOptions extends ImageTaskOptions {
  /** Pixels that the shorter side is resized to; both sides, where the model's file resizes to a fixed size. @default 256 */
  readonly resizeSize?: number | undefined
  /** Width and height of the part in the centre that the network sees. @default 224 */
  readonly cropSize?: number | undefined
  /** How many of the best classes an answer holds. @default 1 */
  readonly topK?: number | undefined
  /**
   * The probability from which on an answer holds a class, for a model whose `inference.yml` asks for classes by a threshold
   * (ThreshOutput, MultiLabelThreshOutput); others refuse it. @default that of the file
   */
  readonly threshold?: number | undefined
}

export const classifierForm = {
  resizeSize: count(1),
  cropSize: count(1),
  topK: count(1),
  threshold: fraction,
  ...imageTaskForm,
} satisfies Form<ClassifierOptions>

/** How images are classified. */
export interface ClassifyOptions extends BatchOptions {
  /** How many of the best classes an answer holds. @default as the classifier was loaded */
  readonly topK?: number | undefined
}

export const classifyForm = { topK: count(1), ...batchForm } satisfies Form<ClassifyOptions>

/** The best classes of an image, best first. */
export interface Answer<Source extends ImageSource = ImageSource> {
  /** The image as it was given. */
  readonly image: Source
  readonly topK: readonly Prediction[]
  readonly error?: never
}

/** What became of an image that was to be classified. */
export type Classification<Source extends ImageSource = ImageSource> =
  Answer<Source> | (Failure<Source> & { readonly topK?: never })
