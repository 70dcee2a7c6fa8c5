import type { ImageSource } from '../../image/index.js'
import type { ConfigSection } from '../../model/index.js'
import { fraction, word, type Form } from '../../options/index.js'
import {
  batchForm,
  imageTaskForm,
  type BatchOptions,
  type Failure,
  type ImageTaskOptions,
} from '../options.js'
import type { Box } from './boxes.js'

/**
 * How an object detector is loaded. Its own options default to the model's `infer_cfg.yml` or
 * `inference.yml`.
 */
export interface DetectorOptions extends ImageTaskOptions {
  /** Only boxes with a score above it are returned. @default `draw_threshold` of the file, else 0.5 */
  readonly threshold?: number | undefined
  /**
   * The unit of the network's coordinates: pixels, or fractions of the image's width and height. Pixels are
   * those of the original image when the network has the input `scale_factor`, else those of the image as
   * fed. @default 'fraction' for the families Face and SSD without a `scale_factor`, else 'pixel'
   */
  readonly boxUnit?: 'pixel' | 'fraction' | undefined
}

/** The section of a configuration file for two models. */
export const detectorSection: ConfigSection = 'DetPreProcess'

export const detectorForm = {
  threshold: fraction,
  boxUnit: word('pixel', 'fraction'),
  ...imageTaskForm,
} satisfies Form<DetectorOptions>

/** How objects are detected. */
export interface DetectOptions extends BatchOptions {
  /** Only boxes with a score above it are returned. @default as the detector was loaded */
  readonly threshold?: number | undefined
}

export const detectForm = { threshold: fraction, ...batchForm } satisfies Form<DetectOptions>

/** The objects in an image, best first, or in the reading order of a model for the layout of pages. */
export interface Detected<Source extends ImageSource = ImageSource> {
  /** The image as passed in. */
  readonly image: Source
  /** Its width and height in pixels, oriented by EXIF. */
  readonly size: { readonly width: number; readonly height: number }
  readonly boxes: readonly Box[]
  readonly error?: never
}

/** The result of an image: its boxes, or its error. */
export type Detection<Source extends ImageSource = ImageSource> =
  Detected<Source> | (Failure<Source> & { readonly size?: never; readonly boxes?: never })
