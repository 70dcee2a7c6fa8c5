import type { TensorInfo } from '../../bridge/index.js'
import { PaddleError } from '../../errors.js'
import { elementCount, tensor, type DType, type Lod } from '../../tensor/index.js'
import type { Feed, Feeds } from './feed-types.js'

/** Width and height of images if the program declares them dynamic. */
const imageSize = 224

/** The length of a sequence, and of any other dimension that nothing determines: a short text. */
const sampleLength = 16

/** The most elements of a generated feed: 2 GiB of float32; others are made of an array of numbers or strings. */
const [mostFloats, mostOthers] = [2 ** 29, 2 ** 26]

/**
 * Fills in a declared shape: a batch of 1, which of an input with LoD levels is one sequence; images of
 * 224 × 224; other dynamic dimensions stay -1.
 */
export function sampleShape({ shape: declared, lodLevel = 0 }: Omit<TensorInfo, 'name' | 'dtype'>): number[] {
  const [, channels, ...sizes] = declared
  const isImage = sizes.length === 2 && (channels === 1 || channels === 3)
  return declared.map((size, index) => {
    if (size !== -1) return size
    if (index === 0) return lodLevel > 0 ? sampleLength : 1
    return isImage ? imageSize : -1
  })
}

/**
 * Generates a feed for an input: floats from 0 to 1, the same on every call, and ones for integers, which are
 * valid as indices and lengths. An input with LoD levels gets `sequences` of equal length, each of which is the
 * only one of its list on every level.
 *
 * @throws PaddleError DTYPE_UNSUPPORTED, MODEL_UNSUITABLE for a shape of too many elements
 */
export function sampleFeed(
  { name, dtype, lodLevel }: TensorInfo,
  shape: readonly number[],
  sequences = 1,
): Feed {
  const length = elementCount(shape)
  const most = dtype === 'float32' ? mostFloats : mostOthers
  if (length > most) {
    const what = `A made-up ${dtype} [${shape.join(',')}] for input ${name} has ${length} elements, more than the limit of ${most}.`
    throw new PaddleError('MODEL_UNSUITABLE', what, { advice: 'Choose a smaller shape or batch.' })
  }
  if (dtype === 'string') return Array.from({ length }, () => 'paddle')
  const lod = lodLevel === undefined ? undefined : sampleLod(lodLevel, shape[0] ?? 0, sequences)
  const element = dtype.includes('float') ? random(1) : () => 1
  if (dtype === 'float32') {
    // Float32 is the dtype of images, which may have many elements: an array of numbers takes ten times the
    // memory.
    const data = new Float32Array(length)
    for (let index = 0; index < length; index += 1) data[index] = element()
    return tensor(dtype, shape, data, lod)
  }
  // `tensor` checks the dtype that the program declares.
  return tensor(dtype as DType, shape, Array.from({ length }, element), lod)
}

/**
 * Generates feeds for all inputs: one sample, in which dynamic dimensions that nothing determines are 16.
 *
 * @throws PaddleError as `sampleFeed`
 */
export function sampleFeeds(inputs: readonly TensorInfo[]): Feeds {
  const shapeOf = (input: TensorInfo): number[] =>
    sampleShape(input).map((size) => (size === -1 ? sampleLength : size))
  return Object.fromEntries(inputs.map((input) => [input.name, sampleFeed(input, shapeOf(input))]))
}

function sampleLod(levels: number, rows: number, sequences: number): Lod {
  return Array.from({ length: levels }, (_, level) =>
    Array.from({ length: sequences + 1 }, (_, index) =>
      level === levels - 1 ? Math.round((index * rows) / sequences) : index,
    ),
  )
}

/** Numbers from 0 to 1, the same for the same seed (mulberry32). */
function random(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32
  }
}
