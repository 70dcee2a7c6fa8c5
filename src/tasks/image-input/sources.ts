import { wrongType } from '../../errors.js'
import { isImageSource, sourceKinds, type ImageSource } from '../../image/index.js'

/** One image or several of them: what tasks take. */
export type ImageSources<Source extends ImageSource = ImageSource> =
  Source | Iterable<Source> | AsyncIterable<Source>

/** What is given, one by one. A stream is one image, unless it is one of objects. @throws TypeError */
export function imagesIn(images: ImageSources): Iterable<ImageSource> | AsyncIterable<ImageSource> {
  if (isImageSource(images)) return [images]
  if (isMany(images)) return images
  throw wrongType('images', `${sourceKinds}, or several of them`, images)
}

/** Whether there may be several, to be taken one by one. */
function isMany(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof value === 'object' && value !== null && (Symbol.iterator in value || Symbol.asyncIterator in value)
  )
}

/** What is given, one by one; what cannot be iterated over is one. */
export function inputsIn<Input>(
  inputs: Input | Iterable<Input> | AsyncIterable<Input>,
): Iterable<Input> | AsyncIterable<Input> {
  return !isImageSource(inputs) && isMany(inputs) ? inputs : [inputs]
}
