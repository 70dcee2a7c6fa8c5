import { isCallerError, PaddleError } from '../../errors.js'
import {
  readForm,
  readPixels,
  sourceName,
  type ImageSource,
  type PreparedImage,
  type ReadOptions,
} from '../../image/index.js'
import type { Preprocessing } from '../../model/index.js'
import { pick } from '../../options/index.js'
import { batchForm } from '../options.js'
import type { Task } from '../task.js'

type ImageSteps = Pick<
  Task<ImageSource, PreparedImage, never, never>,
  'defaultBatchSize' | 'nameOf' | 'prepare' | 'isInputs'
>

/** The steps that tasks for images share: images are read as the model's file describes. */
export function imageSteps(preprocessing: Preprocessing, options: ReadOptions): ImageSteps {
  const readOptions = pick(readForm, options)
  return {
    defaultBatchSize: batchForm.batchSize.default,
    nameOf: sourceName,
    prepare: (image, signal) => readPixels(image, preprocessing, readOptions, signal),
    // A value that is no image concerns its own place in a list.
    isInputs: (error): error is Error => error instanceof PaddleError || isCallerError(error),
  }
}

/** The same for tasks that need only the pixels of an image. */
export function pixelSteps(preprocessing: Preprocessing, options: ReadOptions) {
  const { prepare, ...steps } = imageSteps(preprocessing, options)
  return {
    ...steps,
    prepare: async (image: ImageSource, signal: AbortSignal) => (await prepare(image, signal)).pixels,
  }
}
