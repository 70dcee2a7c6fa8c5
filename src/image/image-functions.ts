import { wrongType, wrongValue } from '../errors.js'
import type { Normalisation, Padding, Preprocessing, Resampling, Size } from '../model/index.js'
import { checkOptions, count, finite, omit, or, word, type Form } from '../options/index.js'
import { tensor, type Tensor } from '../tensor/index.js'
import { checkRawPixels } from './decode/raw-pixels.js'
import { readPixels } from './decode/read-pixels.js'
import { checkInputSize, inputSize } from './preprocess/input-size.js'
import { writeInput, type RgbImage } from './preprocess/normalise.js'
import { readForm, type ReadOptions } from './read-options.js'
import { checkRoom, resample } from './resample/index.js'
import type { ImageSource } from './source/image-source.js'

/** How to decode an image. */
export interface DecodeOptions extends Omit<ReadOptions, 'exact'> {
  /**
   * The library whose pixels to reproduce where OpenCV and Pillow differ: 16 bits, CMYK. @default 'opencv'
   */
  readonly as?: Preprocessing['decode'] | undefined
}

const decodeForm = {
  as: or(word('opencv', 'pillow'), 'opencv'),
  ...omit({ exact: readForm.exact }, readForm),
} satisfies Form<DecodeOptions>

/** How pixels become a tensor. */
export interface ImageTensorOptions {
  /** The channel order. @default 'RGB' */
  readonly channels?: Preprocessing['channels'] | undefined
  /** `(value * scale - mean) / std`, for the channels in their order. @default values from 0 to 1 */
  readonly normalise?: Normalisation | undefined
  /** Padding to the right of the image and below it. @default none */
  readonly padding?: readonly Padding[] | undefined
}

/**
 * Decodes an image to pixels: rows from the top, R, G and B for each pixel.
 *
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE
 */
export async function readImage(source: ImageSource, options: DecodeOptions = {}): Promise<RgbImage> {
  const { as, ...reading } = checkOptions(decodeForm, options)
  return (await readPixels(source, { ...asItIs, decode: as }, reading)).pixels
}

/**
 * Resizes an image like `cv2.resize` or Pillow's `resize`.
 *
 * @param resampling - the default is OpenCV's bilinear (INTER_LINEAR)
 * @throws TypeError or RangeError for an invalid image, size or resampling, or one that would take too much
 * memory; PaddleError IMAGE_TOO_LARGE
 */
export async function resizeImage(
  image: RgbImage,
  { width, height }: Size,
  resampling: Resampling = { library: 'opencv', method: 'linear' },
): Promise<RgbImage> {
  checkRgbImage(image)
  count(1).check('width', width)
  count(1).check('height', height)
  checkResampling(resampling)
  const size = { width, height }
  const part = { left: 0, top: 0, ...size }
  checkInputSize('The image', { padding: [] }, size)
  checkRoom(image, { size }, part, resampling)
  return resample(image, { size }, part, resampling)
}

/**
 * Converts an image to a network's input: float32 [1,3,H,W].
 *
 * @throws TypeError or RangeError for an invalid image, normalisation or padding; PaddleError IMAGE_TOO_LARGE
 * when the image does not fit into the padding
 */
export function imageTensor(
  image: RgbImage,
  { channels = 'RGB', normalise = toUnit, padding = [] }: ImageTensorOptions = {},
): Tensor<'float32'> {
  checkRgbImage(image)
  word('RGB', 'BGR').check('channels', channels)
  checkNormalisation(normalise)
  checkPadding(padding)
  const how: Preprocessing = { ...asItIs, channels, normalise, padding }
  checkInputSize('The image', how, image)
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

/** @throws TypeError or RangeError unless there are three bytes for each pixel */
function checkRgbImage(image: RgbImage): void {
  if (typeof image !== 'object' || (image as unknown) === null) {
    throw wrongType('image', '{ width, height, data }', image)
  }
  checkRawPixels({ ...image, channels: 3 })
}

const libraries = word('opencv', 'pillow')
const methods = {
  opencv: word('nearest', 'linear', 'cubic', 'area', 'lanczos4'),
  pillow: word('nearest', 'box', 'bilinear', 'hamming', 'bicubic', 'lanczos'),
} as const
const sides = count(1)

/** @throws TypeError or RangeError for an unknown library or method */
function checkResampling(resampling: Resampling): void {
  if (typeof resampling !== 'object' || (resampling as unknown) === null) {
    throw wrongType('resampling', '{ library, method }', resampling)
  }
  const library = libraries.check('resampling.library', resampling.library)
  methods[library].check('resampling.method', resampling.method)
}

/** @throws TypeError or RangeError */
function checkNormalisation({ scale, mean, std, divisor = 1 }: Normalisation): void {
  finite.check('normalise.scale', scale)
  finite.check('normalise.divisor', divisor)
  if (divisor === 0) throw wrongValue('normalise.divisor', 'a number other than 0', divisor)
  checkTriple('normalise.mean', mean)
  checkTriple('normalise.std', std)
  if (std.includes(0)) throw wrongValue('normalise.std', 'numbers other than 0', std)
}

/** @throws TypeError or RangeError */
function checkPadding(padding: readonly Padding[]): void {
  const given: unknown = padding
  if (!Array.isArray(given)) throw wrongType('padding', 'a list', given)
  for (const [index, { to, fill, centred }] of padding.entries()) {
    const name = `padding[${index}]`
    if (centred !== undefined) word('cut', 'up').check(`${name}.centred`, centred)
    if ('multipleOf' in to) sides.check(`${name}.to.multipleOf`, to.multipleOf)
    else if ('multipleAbove' in to) sides.check(`${name}.to.multipleAbove`, to.multipleAbove)
    else {
      sides.check(`${name}.to.width`, to.width)
      sides.check(`${name}.to.height`, to.height)
    }
    checkTriple(`${name}.fill`, fill)
  }
}

function checkTriple(name: string, values: unknown): void {
  if (!Array.isArray(values) || values.length !== 3) throw wrongType(name, 'three numbers', values)
  for (const [index, value] of values.entries()) finite.check(`${name}[${index}]`, value)
}
