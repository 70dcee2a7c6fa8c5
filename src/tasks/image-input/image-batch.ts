import { setImmediate as nextTurn } from 'node:timers/promises'
import {
  inputSize,
  writeFloatInput,
  writeInput,
  type PreparedImage,
  type RgbImage,
} from '../../image/index.js'
import {
  trustedWriter,
  type Feeds,
  type FeedTensor,
  type FeedWriter,
  type TensorInfo,
  type WriteTimes,
} from '../../inference/index.js'
import type { Preprocessing, Size } from '../../model/index.js'
import { describeTensors } from '../../tensor/index.js'

/** The inputs of a network that takes an image and optionally its resized size and scale. */
export interface ImageInputs {
  readonly image: string
  /** Whether the network has the input `im_shape`: the size of the image after resizing. */
  readonly imShape: boolean
  /** Whether the network has the input `scale_factor`: the ratio of that size to the original. */
  readonly scaleFactor: boolean
}

/**
 * Returns the inputs: a float32 [N,C,H,W] and optionally `im_shape` and `scale_factor`; else the reason, as
 * text.
 */
export function imageInputs({ inputs }: ModelSignature, planes: number): ImageInputs | string {
  const images = inputs.filter((input) => isImageInput(input, planes))
  const others = inputs.filter((input) => !images.includes(input)).map(({ name }) => name)
  const [image] = images
  if (!image || images.length > 1 || others.some((name) => name !== 'im_shape' && name !== 'scale_factor')) {
    const needed = `one float32 [N,${planes},H,W] is needed, optionally with \`im_shape\` and \`scale_factor\``
    return `its inputs are ${describeTensors(inputs)}, but ${needed}`
  }
  return {
    image: image.name,
    imShape: others.includes('im_shape'),
    scaleFactor: others.includes('scale_factor'),
  }
}

/** The feeds of a batch of images of one size. */
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

/** Two numbers for each image, height first, as paddle expects them. */
function pairs(
  batch: readonly PreparedImage[],
  of: (image: PreparedImage) => readonly [number, number],
): FeedTensor<'float32'> {
  return { dtype: 'float32', shape: [batch.length, 2], data: Float32Array.from(batch.flatMap(of)) }
}

/** Images of one size when they are fed, as the network's input: float32 [N,C,H,W], written into the worker's memory. */
export function imageFeed(
  images: readonly RgbImage[],
  preprocessing: Preprocessing,
  times: WriteTimes,
): FeedWriter<'float32'> {
  const { width, height } = inputSize(preprocessing, images[0] ?? { width: 0, height: 0 })
  const { planes, floatSteps } = preprocessing
  return trustedWriter({
    dtype: 'float32',
    shape: [images.length, planes, height, width],
    write: async (data) => {
      for (const [index, image] of images.entries()) {
        // Yields to other work of the process between two images.
        if (index > 0) await nextTurn()
        const start = performance.now()
        const offset = index * planes * width * height
        if (floatSteps) await writeFloatInput(data, offset, image, floatSteps)
        else writeInput(data, offset, image, preprocessing)
        times.written = performance.now()
        times.writing += times.written - start
      }
    },
  })
}

/** Images of the same kind have the same size. */
export function sizeKind({ width, height }: Size): string {
  return `${width}×${height}`
}

/** A blank image for warm-up runs. */
export function blankImage({ width, height }: Size): RgbImage {
  return { width, height, data: new Uint8Array(3 * width * height) }
}

/** The inputs and outputs of a network, as its program declares them. */
export interface ModelSignature {
  readonly inputs: readonly TensorInfo[]
  readonly outputs: readonly TensorInfo[]
}

/** Whether the program declares a batch of one: paddle runs larger ones, perhaps wrongly. */
export function takesOneByOne({ inputs }: ModelSignature): boolean {
  return inputs.some(({ shape }) => shape[0] === 1)
}

/** Whether the input takes images of so many planes: float32 [N,C,H,W]. */
export function isImageInput({ dtype, shape }: TensorInfo, planes: number): boolean {
  return dtype === 'float32' && shape.length === 4 && (shape[1] === planes || shape[1] === -1)
}
