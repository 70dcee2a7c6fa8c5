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
 * How an image classifier is loaded. The options below default to the model's `inference.yml`, or without one
 * to the MobileNetV3 tutorial.
 */
export interface ClassifierOptions extends ImageTaskOptions {
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
  /** Number of best classes in a result. @default 1 */
  readonly topK?: number | undefined
  /**
   * Minimum probability of a class in a result, for a model whose `inference.yml` selects classes by a
   * threshold (ThreshOutput, MultiLabelThreshOutput); rejected for other models. @default that of the file
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
  /** Number of best classes in a result. @default as the classifier was loaded */
  readonly topK?: number | undefined
}

export const classifyForm = { topK: count(1), ...batchForm } satisfies Form<ClassifyOptions>

/** The best classes of an image, best first. */
export interface Answer<Source extends ImageSource = ImageSource> {
  /** The image as passed in. */
  readonly image: Source
  readonly topK: readonly Prediction[]
  readonly error?: never
}

/** The result of an image: its classes, or its error. */
export type Classification<Source extends ImageSource = ImageSource> =
  Answer<Source> | (Failure<Source> & { readonly topK?: never })
