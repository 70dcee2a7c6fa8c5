import type { ImageSource } from '../../image/index.js'
import { fraction, word, type Form } from '../../options/index.js'
import {
  batchForm,
  imageTaskForm,
  type BatchOptions,
  type Failure,
  type ImageTaskOptions,
} from '../options.js'
import type { Box } from './boxes.js'

/** How an object detector is loaded. What the model's `infer_cfg.yml` or `inference.yml` says is the default of its own options. */
export interface DetectorOptions extends ImageTaskOptions {
  /** Boxes of a score above it are told. @default `draw_threshold` of the file, else 0.5 */
  readonly threshold?: number | undefined
  /**
   * What the network's coordinates are: pixels, or fractions of the image's width and height. Pixels are the original image's
   * when the network is fed `scale_factor`, else those of the image as it was fed. @default 'fraction' for the families Face and SSD without a
   * `scale_factor`, else 'pixel'
   */
  readonly boxUnit?: 'pixel' | 'fraction' | undefined
}

export const detectorForm = {
  threshold: fraction,
  boxUnit: word('pixel', 'fraction'),
  ...imageTaskForm,
} satisfies Form<DetectorOptions>

/** How objects are detected. */
export interface DetectOptions extends BatchOptions {
  /** Boxes of a score above it are told. @default as the detector was loaded */
  readonly threshold?: number | undefined
}

export const detectForm = { threshold: fraction, ...batchForm } satisfies Form<DetectOptions>

/** The objects in an image, best first. */
export interface Detected<Source extends ImageSource = ImageSource> {
  /** The image as it was given. */
  readonly image: Source
  /** Its width and height in pixels, as it was oriented. */
  readonly size: { readonly width: number; readonly height: number }
  readonly boxes: readonly Box[]
  readonly error?: never
}

/** What became of an image whose objects were to be found. */
export type Detection<Source extends ImageSource = ImageSource> =
  Detected<Source> | (Failure<Source> & { readonly size?: never; readonly boxes?: never })
