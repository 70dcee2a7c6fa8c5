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

/** The inputs of a network that takes an image and optionally its sizes and scale. */
export interface ImageInputs {
  readonly image: string
  readonly sizes: readonly SizeInput[]
}

/** An input that tells a network of PaddleDetection about the sizes of an image. */
interface SizeInput {
  readonly name: string
  /** How it is fed: float32 unless it says otherwise. */
  readonly values: (image: PreparedImage, preprocessing: Preprocessing) => readonly number[]
  readonly dtype?: 'int32'
  /** Whether boxes are in pixels of the original image because of it. */
  readonly restores: boolean
}

const needed = 'optionally with `im_shape`, `scale_factor`, `im_size` and `im_info`'

/** Returns the inputs: a float32 [N,C,H,W] and optionally sizes; else the reason, as text. */
export function imageInputs({ inputs }: ModelSignature, planes: number): ImageInputs | string {
  const images = inputs.filter((input) => isImageInput(input, planes))
  const others = inputs.filter((input) => !images.includes(input))
  const isBefore2 = others.some(({ name }) => name === 'im_info')
  const sizes = others.map((input) => sizeInput(input, isBefore2))
  const [image] = images
  if (!image || images.length > 1 || sizes.includes(undefined))
    return `its inputs are ${describeTensors(inputs)}, but one float32 [N,${planes},H,W] is needed, ${needed}`
  return { image: image.name, sizes: sizes.filter((input) => input !== undefined) }
}

/**
 * The inputs of PaddleDetection's `deploy/python/infer.py`: `im_shape` and `scale_factor`, height first. Before 2.0
 * also `im_size` (YOLO), `im_info` (R-CNN and others) with an `im_shape` of three columns, and a `scale_factor` of four
 * (TTFNet).
 */
function sizeInput({ name, shape }: TensorInfo, isBefore2: boolean): SizeInput | undefined {
  switch (name) {
    case 'im_shape':
      return isBefore2 || shape.at(-1) === 3
        ? { name, values: ({ original: { height, width } }) => [height, width, 1], restores: false }
        : { name, values: ({ resized: { height, width } }) => [height, width], restores: false }
    case 'scale_factor':
      return shape.at(-1) === 4
        ? { name, values: ({ scale: { x, y } }) => [x, y, x, y], restores: true }
        : { name, values: ({ scale: { x, y } }) => [y, x], restores: true }
    case 'im_size':
      return {
        name,
        values: ({ original: { height, width } }) => [height, width],
        dtype: 'int32',
        restores: true,
      }
    case 'im_info':
      return { name, values: infoOf, restores: true }
    default:
      return undefined
  }
}

/**
 * Height, width and scale. The size is that after `PadStride`; without it, as before 2.0, the size of the image times
 * the scales, not rounded, and with the scales of width and height exchanged.
 */
function infoOf({ pixels, original, scale }: PreparedImage, preprocessing: Preprocessing): readonly number[] {
  const { padding, floatSteps = [] } = preprocessing
  const isStrided = [...padding, ...floatSteps].some((step) => 'to' in step && 'multipleOf' in step.to)
  const { height, width } = isStrided
    ? inputSize(preprocessing, pixels)
    : { height: scale.x * original.height, width: scale.y * original.width }
  return [height, width, scale.x]
}

/** Whether boxes are in pixels of the original image: the network has an input that tells it how. */
export function returnsOriginal({ inputs }: Pick<ModelSignature, 'inputs'>): boolean {
  return inputs.some((input) => sizeInput(input, false)?.restores === true)
}

/** The feeds of a batch of images of one size. */
export function imageFeeds(
  { image, sizes }: ImageInputs,
  batch: readonly PreparedImage[],
  preprocessing: Preprocessing,
  times: WriteTimes,
): Feeds {
  const pixels = batch.map((prepared) => prepared.pixels)
  return {
    [image]: imageFeed(pixels, preprocessing, times),
    ...Object.fromEntries(sizes.map((input) => [input.name, rowsOf(input, batch, preprocessing)])),
  }
}

/** One row for each image. */
function rowsOf(
  { values, dtype }: SizeInput,
  batch: readonly PreparedImage[],
  preprocessing: Preprocessing,
): FeedTensor {
  const rows = batch.map((image) => values(image, preprocessing))
  const shape = [batch.length, rows[0]?.length ?? 0]
  return dtype === 'int32'
    ? { dtype, shape, data: Int32Array.from(rows.flat()) }
    : { dtype: 'float32', shape, data: Float32Array.from(rows.flat()) }
}

/** Images of one size when they are fed, as the network's input: float32 [N,C,H,W], written into the worker's memory. */
export function imageFeed(
  images: readonly RgbImage[],
  preprocessing: Preprocessing,
  times: WriteTimes,
): FeedWriter<'float32'> {
  const { width, height } = inputSize(preprocessing, images[0] ?? { width: 0, height: 0 })
  const { planes } = preprocessing
  return trustedWriter({
    dtype: 'float32',
    shape: [images.length, planes, height, width],
    write: async (data) => {
      for (const [index, image] of images.entries()) {
        // Yields to other work of the process between two images.
        if (index > 0) await nextTurn()
        const start = performance.now()
        const offset = index * planes * width * height
        if (preprocessing.floatSteps) await writeFloatInput(data, offset, image, preprocessing)
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

/** Whether the input takes images of so many planes: float32 [N,C,H,W], without a LoD. */
export function isImageInput({ dtype, shape, lodLevel }: TensorInfo, planes: number): boolean {
  const isDense = lodLevel === undefined
  return isDense && dtype === 'float32' && shape.length === 4 && (shape[1] === planes || shape[1] === -1)
}
