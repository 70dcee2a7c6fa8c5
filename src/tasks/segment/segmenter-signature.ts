import { setImmediate as nextTurn } from 'node:timers/promises'
import { PaddleError } from '../../errors.js'
import { EventLoopYielder } from '../../image/index.js'
import type { Outputs, TensorInfo } from '../../inference/index.js'
import { anyModelAdvice, type Size } from '../../model/index.js'
import { describeTensors, type Tensor } from '../../tensor/index.js'
import { isImageInput, takesOneByOne, type ModelSignature } from '../image-input/image-batch.js'

/** The input and the output of a network that assigns a class to each pixel. */
export interface SegmenterPorts {
  readonly input: string
  readonly output: string
  /** The number of classes, where the program declares it. */
  readonly classes?: number
  /** Whether the program declares a batch of one image. */
  readonly oneByOne: boolean
}

const needed =
  'the first must be classes [N,H,W] of integers, or scores float32 [N,C,H,W] with C of at least 2'

/**
 * Returns the ports of a model: its only input, a float32 [N,3,H,W], and its first output.
 *
 * @throws PaddleError MODEL_UNSUITABLE
 */
export function segmenterPorts(
  model: string,
  { inputs, outputs }: ModelSignature,
  planes: number,
): SegmenterPorts {
  const [input, ...others] = inputs
  const [output] = outputs
  if (!input || others.length > 0 || !isImageInput(input, planes)) {
    const one = `one float32 [N,${planes},H,W] is needed`
    throw unsuitable(model, `its inputs are ${describeTensors(inputs)}, but ${one}`)
  }
  if (!output || !mayBeMap(output))
    throw unsuitable(model, `its outputs are ${describeTensors(outputs)}, but ${needed}`)
  const classes = output.shape.length === 4 ? (output.shape[1] ?? 0) : 0
  return {
    input: input.name,
    output: output.name,
    ...(classes > 1 && { classes }),
    oneByOne: takesOneByOne({ inputs, outputs }),
  }
}

/** Programs may leave the shape undeclared, and declare another type than they return. */
function mayBeMap({ dtype, shape }: TensorInfo): boolean {
  // One channel of scores: anomaly maps, for example.
  if (shape.length === 4) return !(dtype === 'float32' && shape[1] === 1)
  return shape.length === 0 || shape.length === 3
}

interface MapOptions {
  readonly images: number
  /** The size of the images when they were fed. */
  readonly fed: Size
  /** Receives the best score of each pixel of an image: NaN where a score is NaN. */
  readonly checkBest?: (best: Float32Array, image: number) => void
}

const idsPerTurn = 2 ** 20

/** The greatest class: those of a label map are 16-bit integers. */
const mostClass = 0xffff

/**
 * Returns a function for the class of each pixel as fed of one image of a batch; `undefined` when the network
 * returns another number of images than it was fed.
 *
 * @throws PaddleError MODEL_UNSUITABLE when the output does not hold a class for each pixel
 */
export function classMaps(
  model: string,
  name: string,
  outputs: Outputs,
  { images, fed, checkBest }: MapOptions,
): ((image: number) => Promise<Uint16Array>) | undefined {
  const output = outputs[name]
  const form = output && formOf(output)
  if (!form) {
    const got = output ? shown(output) : 'nothing'
    throw unsuitable(model, `its output \`${name}\` is ${got}, but ${needed}`)
  }
  const [count, height, width] = form.shape
  if (height !== fed.height || width !== fed.width) {
    const size = `${fed.height},${fed.width}`
    throw unsuitable(
      model,
      `its output \`${name}\` is ${shown(output)}, but it was fed [${images},3,${size}], so [${images},${size}] or [${images},C,${size}] is needed`,
    )
  }
  if (count !== images) return undefined
  const pixels = height * width
  return async (image) =>
    form.scores
      ? bestClasses(form.scores.subarray(image * form.classes * pixels), form.classes, pixels, (best) => {
          checkBest?.(best, image)
        })
      : idsIn(model, name, form.ids, image * pixels, pixels)
}

type Form = { readonly shape: readonly [count: number, height: number, width: number] } & (
  | { readonly scores: Float32Array; readonly classes: number; readonly ids?: never }
  | { readonly ids: ArrayLike<number | bigint>; readonly scores?: never }
)

/** How an output holds classes; `undefined` if it does not. */
function formOf({ dtype, shape, data }: Tensor): Form | undefined {
  const [count = 0, second = 0, third = 0, fourth = 0] = shape
  if (dtype === 'float32')
    return shape.length === 4 && second > 1
      ? { shape: [count, third, fourth], scores: data, classes: second }
      : undefined
  if (dtype !== 'int32' && dtype !== 'int64' && dtype !== 'uint8') return undefined
  if (shape.length === 3) return { shape: [count, second, third], ids: data }
  return shape.length === 4 && second === 1 ? { shape: [count, third, fourth], ids: data } : undefined
}

/** numpy's `argmax` over the first axis: the first of equal scores, or the first that is not a number. */
async function bestClasses(
  scores: Float32Array,
  classes: number,
  pixels: number,
  check: (best: Float32Array) => void,
): Promise<Uint16Array> {
  const yielder = new EventLoopYielder()
  const best = scores.slice(0, pixels)
  const ids = new Uint16Array(pixels)
  for (let classId = 1; classId < classes; classId += 1) {
    const plane = scores.subarray(classId * pixels, (classId + 1) * pixels)
    for (let at = 0; at < pixels; at += 1) {
      const score = plane[at] ?? 0
      const before = best[at] ?? 0
      // False for NaN before: it stays the best.
      if (score > before || (Number.isNaN(score) && !Number.isNaN(before))) {
        best[at] = score
        ids[at] = classId
      }
    }
    if (yielder.isDue(pixels)) await yielder.pause()
  }
  check(best)
  return ids
}

async function idsIn(
  model: string,
  name: string,
  all: ArrayLike<number | bigint>,
  from: number,
  pixels: number,
): Promise<Uint16Array> {
  const ids = new Uint16Array(pixels)
  for (let at = 0; at < pixels; at += 1) {
    // 64-bit integers are slow to convert.
    if (at % idsPerTurn === 0) await nextTurn()
    const id = Number(all[from + at])
    if (!(id >= 0 && id <= mostClass))
      throw unsuitable(
        model,
        `its output \`${name}\` contains the class ${id}, but classes are from 0 to ${mostClass}`,
      )
    ids[at] = id
  }
  return ids
}

function shown({ dtype, shape }: Tensor): string {
  return `${dtype} [${shape.join(',')}]`
}

function unsuitable(model: string, why: string): PaddleError {
  return new PaddleError('MODEL_UNSUITABLE', `${model} is not a segmentation model: ${why}.`, {
    advice: anyModelAdvice,
  })
}
