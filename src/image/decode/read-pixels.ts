import { PaddleError } from '../../errors.js'
import type { Preprocessing, Size } from '../../model/index.js'
import { checkOptions } from '../../options/index.js'
import { sizedSteps } from '../preprocess/float-geometry.js'
import type { Scale } from '../preprocess/geometry.js'
import { checkInputSize } from '../preprocess/input-size.js'
import type { RgbImage } from '../preprocess/normalise.js'
import { checkResizePlan, planResize, runResizePlan, type ResizePlan } from '../preprocess/resize-plan.js'
import { readForm, type ReadOptions } from '../read-options.js'
import type { ImageSource } from '../source/image-source.js'
import { serializeAbove, sourceName, withSource } from '../source/read-source.js'
import { readBmp } from './bmp.js'
import { decodeFailure } from './decode-errors.js'
import { decodeWithSharp } from './decode-with-sharp.js'
import { checkPixels, readHeader } from './image-header.js'
import { decodeJpeg, plainJpegSize } from './jpeg.js'
import { releaseBuffer } from './pixel-buffers.js'

/** An image ready for a network. */
export interface PreparedImage {
  /** After all steps; RGB, whatever order the network expects. */
  readonly pixels: RgbImage
  /** The size after decoding and applying the orientation. */
  readonly original: Size
  /** The size after the last resize, before any crop: PaddleDetection's `im_shape`. */
  readonly resized: Size
  /** The scale of that along each side: PaddleDetection's `scale_factor`. */
  readonly scale: Scale
}

/**
 * Reads an image as RGB and applies the steps of `preprocessing`.
 *
 * A JPEG that Pillow's bilinear resampling reduces more than five times is halved one to three times while
 * decoding, as Pillow does after `draft()`, unless `exact` is set. Colour profiles are ignored and alpha is
 * dropped; of an animation, only the first frame is used.
 *
 * @param signal - stops reading a stream; the rest is quick and is not interrupted
 * @throws PaddleError IMAGE_NOT_FOUND, IMAGE_UNREADABLE, IMAGE_TOO_LARGE, IMAGE_TOO_SMALL
 */
export async function readPixels(
  source: ImageSource,
  preprocessing: Preprocessing,
  options: ReadOptions = {},
  signal?: AbortSignal,
): Promise<PreparedImage> {
  const { autoOrient, maxPixels, exact, allowUrls } = checkOptions(readForm, options)
  const name = sourceName(source)
  const reading: Reading = {
    name,
    decodeAs: preprocessing.decode,
    autoOrient,
    exact,
    planFor: (size) => {
      checkPixels(name, size, maxPixels)
      const plan = withFloatSteps(planResize(name, size, preprocessing.steps), size, preprocessing)
      checkInputSize(name, preprocessing, plan.stages.at(-1)?.part ?? size)
      checkResizePlan(size, plan.stages)
      return plan
    },
  }
  const fromBytes = async (bytes: Uint8Array): Promise<PreparedImage> => {
    try {
      return (
        (await readPlainJpeg(bytes, reading)) ??
        (await readBitmap(bytes, reading)) ??
        (await readAny(bytes, reading))
      )
    } catch (error) {
      throw error instanceof PaddleError ? error : decodeFailure(name, error)
    }
  }
  const fromPixels = async (image: RgbImage): Promise<PreparedImage> => {
    const plan = reading.planFor(image)
    return prepared(await runResizePlan(image, plan.stages), image, plan)
  }
  return withSource(source, fromBytes, fromPixels, { signal, allowUrls })
}

/** Float steps run later, but their sizes are known. */
function withFloatSteps(plan: ResizePlan, size: Size, { floatSteps = [] }: Preprocessing): ResizePlan {
  const decoded = plan.stages.at(-1)?.part ?? size
  const last = sizedSteps(floatSteps, decoded).findLast(({ step }) => step.step === 'resize')
  if (!last) return plan
  const resized = last.to
  const scale = last.scale ?? { x: resized.width / size.width, y: resized.height / size.height }
  return { ...plan, resized, scale }
}

interface Reading {
  readonly name: string
  readonly decodeAs: Preprocessing['decode']
  readonly autoOrient: boolean
  readonly exact: boolean
  readonly planFor: (size: Size) => ResizePlan
}

/**
 * Undefined if this is not such a JPEG or has any problem: sharp then decides how to read it, or reports the
 * error.
 */
async function readPlainJpeg(
  bytes: Uint8Array,
  { autoOrient, exact, planFor }: Reading,
): Promise<PreparedImage | undefined> {
  const size = plainJpegSize(bytes, autoOrient)
  if (!size) return undefined
  const plan = planFor(size)
  return inTurn(size.width * size.height, async () => {
    const image = await decodeJpeg(bytes, size, exact ? size : leastSize(size, plan))
    if (!image) return undefined
    const result = prepared(await runResizePlan(image, plan.stages), size, plan)
    // The result keeps its memory.
    if (result.pixels.data !== image.data) releaseBuffer(image.data)
    return result
  })
}

/**
 * The smallest decoded size for the first stage: only Pillow's bilinear resampling can use less than the
 * whole image.
 */
function leastSize(size: Size, { stages: [first] }: ResizePlan): Size {
  const { library, method } = first?.resize?.resampling ?? {}
  return library === 'pillow' && method === 'bilinear' && first?.resize ? first.resize.size : size
}

/** Undefined for another format. */
async function readBitmap(
  bytes: Uint8Array,
  { name, decodeAs, planFor }: Reading,
): Promise<PreparedImage | undefined> {
  const file = readBmp(name, bytes)
  if (!file) return undefined
  const plan = planFor(file.size)
  return inTurn(file.size.width * file.size.height, async () =>
    prepared(await runResizePlan(await file.decode(decodeAs), plan.stages), file.size, plan),
  )
}

async function readAny(
  bytes: Uint8Array,
  { name, decodeAs, autoOrient, planFor }: Reading,
): Promise<PreparedImage> {
  const file = await readHeader(name, bytes, autoOrient)
  const plan = planFor(file.size)
  return inTurn(file.size.width * file.size.height, async () =>
    prepared(await runResizePlan(await decodeWithSharp(file, decodeAs), plan.stages), file.size, plan),
  )
}

function prepared(
  { width, height, data }: RgbImage,
  { width: originalWidth, height: originalHeight }: Size,
  { resized, scale }: ResizePlan,
): PreparedImage {
  const pixels = { width, height, data: ownMemory(data, 3 * width * height) }
  return { pixels, original: { width: originalWidth, height: originalHeight }, resized, scale }
}

/**
 * Returns the first bytes in a buffer of their own: a reused buffer is longer, and contains data of another
 * image.
 */
function ownMemory(data: Uint8Array, bytes: number): Uint8Array {
  return data.buffer.byteLength === bytes ? data : new Uint8Array(data.subarray(0, bytes))
}

/** Images of more pixels are decoded one at a time. */
const inTurn = serializeAbove(2 ** 26)
