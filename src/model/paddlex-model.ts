import { z } from 'zod'
import { ConfigMismatch, describeZodIssue, UnsupportedConfig } from './config-errors.js'
import { label, labelList } from './post-process/class-names.js'

/** What a `model.yml` of PaddleX 1 or 2 says of its model. */
export interface PaddleXModel {
  readonly generation: 1 | 2
  readonly type: 'classifier' | 'detector' | 'segmenter'
  /** The class of the model, such as YOLOv3. */
  readonly family: string
  readonly channels: 'RGB' | 'BGR'
  /** Both sides are padded with zeros to the next multiple of it at last. */
  readonly stride?: number
  readonly labels?: readonly string[]
}

const modelSchema = z.looseObject({
  version: label,
  status: z.string(),
  Model: z.string(),
  TransformsMode: z.string().optional(),
  BatchTransforms: z.unknown().optional(),
  _Attributes: z.looseObject({
    model_type: z.enum(['classifier', 'detector', 'segmenter']),
    labels: labelList.nullish(),
  }),
  _init_params: z
    .looseObject({ input_channel: z.int().nullish(), with_fpn: z.boolean().nullish() })
    .nullish(),
})

/** The detectors of each generation, except for R-CNN. */
const yolo: Readonly<Record<PaddleXModel['generation'], readonly string[]>> = {
  1: ['YOLOv3', 'PPYOLO'],
  2: ['YOLOv3', 'PPYOLO', 'PPYOLOTiny', 'PPYOLOv2', 'PicoDet'],
}

const rCnn: readonly string[] = ['FasterRCNN', 'MaskRCNN']

/**
 * Reads what the `Predictor` of PaddleX (`deploy.py` of 1.3.11 and 2.1.0) reads of a `model.yml` besides its
 * transforms.
 *
 * @throws ConfigMismatch, ZodError
 */
export function readPaddleXModel(content: unknown): PaddleXModel {
  const parsed = modelSchema.parse(content, { error: describeZodIssue })
  const { version, status, Model: family, TransformsMode, _Attributes, _init_params } = parsed
  const { model_type: type, labels } = _Attributes
  const generation = generationOf(version)
  if (parsed.BatchTransforms != null)
    throw new UnsupportedConfig('it has BatchTransforms, which only PaddleX before 1.0 writes')
  if (status !== 'Infer' && !(status === 'Quant' && generation === 1))
    throw new ConfigMismatch(
      `it has the status ${status}, but PaddleX predicts with exported models only (Infer)`,
    )
  const { input_channel: planes, with_fpn: isPyramid } = _init_params ?? {}
  if (planes != null && planes !== 3)
    throw new UnsupportedConfig(`its network takes images of ${planes} channels, but only 3 are supported`)
  if (type === 'detector' && ![...yolo[generation], ...rCnn].includes(family))
    throw new UnsupportedConfig(`the detector ${family} is not one of PaddleX ${generation}`)
  const isPadded = family === 'PicoDet' || (rCnn.includes(family) && isPyramid !== false)
  return {
    ...{ generation, type, family },
    // PaddleX 1 trained segmenters with BGR; PaddleX 2 always uses RGB.
    channels: generation === 2 || (TransformsMode ?? 'RGB') === 'RGB' ? 'RGB' : 'BGR',
    ...(generation === 2 && type === 'detector' && isPadded && { stride: 32 }),
    ...(labels && labels.length > 0 && { labels }),
  }
}

function generationOf(version: string): PaddleXModel['generation'] {
  const first = version.split('.')[0]
  if (first === '1' || first === '2') return first === '1' ? 1 : 2
  throw new UnsupportedConfig(`it is of PaddleX ${version}, but only versions 1 and 2 are supported`)
}
