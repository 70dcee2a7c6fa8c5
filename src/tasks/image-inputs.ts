import type { PreparedImage } from '../image/index.js'
import type { Feeds, FeedTensor } from '../inference/index.js'
import type { Preprocessing } from '../model/index.js'
import { describeTensors } from '../tensor/index.js'
import { imageFeed } from './image-feed.js'
import { isImageInput, type ModelSignature } from './network.js'
import type { WriteTimes } from './task.js'

/** The inputs of a network that takes an image, and may want to know how it was resized. */
export interface ImageInputs {
  readonly image: string
  /** Whether it is told the size of the image as it was resized. */
  readonly imShape: boolean
  /** Whether it is told how the image was resized. */
  readonly scaleFactor: boolean
}

/** Finds them: a float32 [N,C,H,W], and perhaps `im_shape` and `scale_factor`; else what is wrong, in words. */
export function imageInputs({ inputs }: ModelSignature, planes: number): ImageInputs | string {
  const images = inputs.filter((input) => isImageInput(input, planes))
  const others = inputs.filter((input) => !images.includes(input)).map(({ name }) => name)
  const [image] = images
  if (!image || images.length > 1 || others.some((name) => name !== 'im_shape' && name !== 'scale_factor')) {
    const needed = `one float32 [N,${planes},H,W] is needed, and \`im_shape\` and \`scale_factor\` beside it at most`
    return `its inputs are ${describeTensors(inputs)}, but ${needed}`
  }
  return {
    image: image.name,
    imShape: others.includes('im_shape'),
    scaleFactor: others.includes('scale_factor'),
  }
}

/** What a batch of images of one size is fed as. */
export function imageFeeds(
  { image, imShape, scaleFactor }: ImageInputs,
  batch: readonly PreparedImage[],
  preprocessing: Preprocessing,
  times: WriteTimes,
): Feeds {
  const pixels = batch.map((prepared) => prepared.pixels)
  return {
    [image]: imageFeed(pixels, preprocessing, times),
    ...(imShape && { im_shape: pairs(batch, ({ resized }) => [resized.height, resized.width]) }),
    ...(scaleFactor && { scale_factor: pairs(batch, ({ scale }) => [scale.y, scale.x]) }),
  }
}

/** Two numbers for each image, as paddle is fed them: the height's first. */
function pairs(
  batch: readonly PreparedImage[],
  of: (image: PreparedImage) => readonly [number, number],
): FeedTensor<'float32'> {
  return { dtype: 'float32', shape: [batch.length, 2], data: Float32Array.from(batch.flatMap(of)) }
}
