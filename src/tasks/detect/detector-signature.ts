import { PaddleError } from '../../errors.js'
import type { Outputs } from '../../inference/index.js'
import { anyModelAdvice, type Preprocessing } from '../../model/index.js'
import { describeTensors, type Tensor } from '../../tensor/index.js'
import {
  imageInputs,
  returnsOriginal,
  type ImageInputs,
  type ModelSignature,
} from '../image-input/image-batch.js'
import { boxValues, noBoxes, type BoxRows } from './found-boxes.js'

/** The inputs and outputs of a model that detects objects. */
export interface DetectorPorts extends ImageInputs {
  readonly boxes: string
  /** Whether boxes are in pixels of the original image: the network has an input that tells it how. */
  readonly returnsOriginal: boolean
  /** The output with the number of boxes of each image. */
  readonly counts?: string
}

/**
 * Returns the ports of a model: a float32 [N,3,H,W] and optionally `im_shape` and `scale_factor`, each
 * float32 [N,2], or the inputs of PaddleDetection before 2.0. The first output is the boxes, the second may be their counts.
 *
 * @throws PaddleError MODEL_UNSUITABLE
 */
export function detectorPorts(
  model: string,
  network: ModelSignature,
  { planes, steps }: Pick<Preprocessing, 'planes' | 'steps'>,
): DetectorPorts {
  const { outputs } = network
  const found = imageInputs(network, planes)
  if (typeof found === 'string') throw unsuitable(model, found)
  const [boxes, counts] = outputs
  if (!boxes || !hasBoxShape(boxes.shape)) {
    const needed =
      'the first must be a float32 [boxes,6] of class, score, x1, y1, x2, y2, or have 7 or 8 columns, with a reading order'
    const rotated = boxes?.shape[1] === 10 ? '; boxes of 10 values are rotated ones' : ''
    throw unsuitable(model, `its outputs are ${describeTensors(outputs)}, but ${needed}${rotated}`)
  }
  const isOriginal = returnsOriginal(network)
  if (!isOriginal && steps.some(({ step }) => step === 'warp')) {
    const inputs = describeTensors(network.inputs)
    throw unsuitable(
      model,
      `its inputs are ${inputs}, but after WarpAffine without keep_res a scale_factor is needed`,
    )
  }
  return {
    ...found,
    returnsOriginal: isOriginal,
    boxes: boxes.name,
    ...(counts && isCounts(counts.dtype, counts.shape) && { counts: counts.name }),
  }
}

/** Programs may leave the shape undeclared. */
function hasBoxShape(shape: readonly number[]): boolean {
  const last = shape[1] ?? -1
  return shape.length === 0 || (shape.length === 2 && (isColumns(last) || last < 1))
}

function isColumns(count: number | undefined): count is number {
  return count !== undefined && count >= boxValues && count <= boxValues + 2
}

function isCounts(dtype: string, shape: readonly number[]): boolean {
  return (dtype === 'int32' || dtype === 'int64') && shape.length <= 1
}

/**
 * Returns the boxes of each image of a batch; `undefined` when neither counts nor a LoD assign them to images.
 *
 * @throws PaddleError MODEL_UNSUITABLE when the output holds no boxes
 */
export function rowsOf(
  model: string,
  { boxes: name, counts }: DetectorPorts,
  outputs: Outputs,
  images: number,
): BoxRows[] | undefined {
  const output = outputs[name]
  // When nothing is detected, older networks output one row of one value.
  const columns = output?.shape.length === 2 ? output.shape[1] : undefined
  const nothing = columns === 1
  if (output?.dtype !== 'float32' || !(nothing || isColumns(columns))) {
    const got = output ? `${output.dtype} [${output.shape.join(',')}]` : 'nothing'
    throw unsuitable(model, `its output \`${name}\` is ${got}, but a float32 [boxes,6] is needed`)
  }
  if (nothing) return Array.from({ length: images }, () => noBoxes)
  const ends = endsOf(output, counts === undefined ? undefined : outputs[counts], images)
  if (!ends) return images === 1 ? [{ data: output.data, columns }] : undefined
  return ends.map((end, index) => ({
    data: output.data.subarray(columns * (ends[index - 1] ?? 0), columns * end),
    columns,
  }))
}

/** Where the rows of each image end: from the counts, else from the LoD. */
function endsOf(
  { lod, shape: [rows = 0] }: Tensor,
  counts: Tensor | undefined,
  images: number,
): number[] | undefined {
  let ends: number[] | undefined
  if (counts) {
    let end = 0
    ends = Array.from(counts.data as Iterable<number | bigint>, (count) => (end += Number(count)))
  } else if (lod?.[0]) {
    ends = lod[0].slice(1)
  }
  // One count for each image, with no rows left over.
  return ends?.length === images && ends.at(-1) === rows ? ends : undefined
}

function unsuitable(model: string, why: string): PaddleError {
  return new PaddleError('MODEL_UNSUITABLE', `${model} is not an object detector: ${why}.`, {
    advice: anyModelAdvice,
  })
}
