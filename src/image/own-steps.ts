import { checkInteger } from '../errors.js'
import type { Normalisation, Padding, Preprocessing, Resampling, Size } from '../model/preprocessing.js'
import { tensor, type Tensor } from '../tensor/index.js'
import { inputSize } from './input-size.js'
import type { RgbImage } from './normalise.js'
import { readPixels, type ReadOptions } from './read-pixels.js'
import { resample } from './resample/index.js'
import type { ImageSource } from './source-kinds.js'
import { writeInput } from './write-input.js'

/** How an image is decoded. */
export interface DecodeOptions extends Omit<ReadOptions, 'exact'> {
  /** Whose pixels are wanted where OpenCV's and Pillow's differ: 16 bits, CMYK. @default 'opencv' */
  readonly as?: Preprocessing['decode'] | undefined
}

/** How pixels become a tensor. */
export interface ImageTensorOptions {
  /** The order of the channels. @default 'RGB' */
  readonly channels?: Preprocessing['channels'] | undefined
  /** `(value * scale - mean) / std`, for the channels in their order. @default values from 0 to 1 */
  readonly normalise?: Normalisation | undefined
  /** What is put to the right of the image and below it. @default nothing */
  readonly padding?: readonly Padding[] | undefined
}

/**
 * The pixels of an image: rows from the top, each pixel its R, G and B.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function readImage(
  source: ImageSource,
  { as = 'opencv', ...options }: DecodeOptions = {},
): Promise<RgbImage> {
  return (await readPixels(source, { ...asItIs, decode: as }, options)).pixels
}

/**
 * The image resized as `cv2.resize` or Pillow's `resize` does it.
 *
 * @param resampling - OpenCV's bilinear (INTER_LINEAR) when left out
 * @throws TypeError or RangeError for a size that is none
 */
export async function resizeImage(
  image: RgbImage,
  { width, height }: Size,
  resampling: Resampling = { library: 'opencv', method: 'linear' },
): Promise<RgbImage> {
  checkInteger('width', width, 1)
  checkInteger('height', height, 1)
  const size = { width, height }
  return resample(image, { size }, { left: 0, top: 0, ...size }, resampling)
}

/** The image as a network takes it: float32 [1,3,H,W]. */
export function imageTensor(
  image: RgbImage,
  { channels = 'RGB', normalise = toUnit, padding = [] }: ImageTensorOptions = {},
): Tensor<'float32'> {
  const how: Preprocessing = { ...asItIs, channels, normalise, padding }
  const { width, height } = inputSize(how, image)
  const data = new Float32Array(3 * width * height)
  writeInput(data, 0, image, how)
  return tensor('float32', [1, 3, height, width], data)
}

const toUnit: Normalisation = { scale: 1 / 255, mean: [0, 0, 0], std: [1, 1, 1] }

const asItIs: Preprocessing = {
  decode: 'opencv',
  channels: 'RGB',
  steps: [],
  normalise: toUnit,
  padding: [],
  planes: 3,
}
