import { callerTypeError, wrongType } from '../../errors.js'
import { isImageSource, sourceKinds, type ImageSource } from '../../image/index.js'

/** One image or several: the input of an image task. */
export type ImageSources<Source extends ImageSource = ImageSource> =
  Source | Iterable<Source> | AsyncIterable<Source>

/** Iterates over the images. A stream is one image, unless it is in object mode. @throws TypeError */
export function imagesIn(images: ImageSources): Iterable<ImageSource> | AsyncIterable<ImageSource> {
  if (isImageSource(images)) return [images]
  if (isMany(images)) return images
  throw wrongType('images', `${sourceKinds}, or several of them`, images)
}

/**
 * @param methods - the method that takes one image, and the one that takes several
 * @throws TypeError unless it is one image
 */
export function checkOneImage(
  image: unknown,
  { one, several }: { readonly one: string; readonly several: string },
): void {
  if (isImageSource(image)) return
  if (!isMany(image)) throw wrongType('image', sourceKinds, image)
  throw callerTypeError(`\`${one}\` takes one image, not several: use \`${several}\`, which takes a list.`)
}

/** Whether the value can be iterated over. */
function isMany(value: unknown): value is Iterable<unknown> | AsyncIterable<unknown> {
  return (
    typeof value === 'object' &&
    value !== null &&
    // The numbers of a typed array are no images.
    !ArrayBuffer.isView(value) &&
    (Symbol.iterator in value || Symbol.asyncIterator in value)
  )
}

/** Iterates over the inputs; a value that is not iterable is a single input. */
export function inputsIn<Input>(
  inputs: Input | Iterable<Input> | AsyncIterable<Input>,
): Iterable<Input> | AsyncIterable<Input> {
  return !isImageSource(inputs) && isMany(inputs) ? inputs : [inputs]
}
