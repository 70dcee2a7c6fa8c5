import type { LabelMap } from '../../image/annotate/index.js'
import type { ImageSource } from '../../image/index.js'
import type { Form } from '../../options/index.js'
import { imageTaskForm, type Failure, type ImageTaskOptions } from '../options.js'
import type { Segment } from './segments.js'

/** How a segmentation model is loaded. The class names default to those of the model's own file. */
export type SegmenterOptions = ImageTaskOptions

/** Images are often fed at their full size, of which several would take gigabytes. */
export const defaultBatchSize = 1

export const segmenterForm = imageTaskForm satisfies Form<SegmenterOptions>

/** The segments of an image, largest first. */
export interface Segmented<Source extends ImageSource = ImageSource> {
  /** The image as passed in. */
  readonly image: Source
  /** Its width and height in pixels, oriented by EXIF. */
  readonly size: { readonly width: number; readonly height: number }
  /** One for each class that occurs; equal sizes are ordered by class. */
  readonly segments: readonly Segment[]
  /** The class of each pixel of the image. */
  readonly labelMap: LabelMap
  readonly error?: never
}

/** The result of an image: its segments, or its error. */
export type Segmentation<Source extends ImageSource = ImageSource> =
  | Segmented<Source>
  | (Failure<Source> & {
      readonly size?: never
      readonly segments?: never
      readonly labelMap?: never
    })
