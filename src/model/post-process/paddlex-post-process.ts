import { UnsupportedConfig } from '../config-errors.js'
import type { PostProcess } from '../model-config.js'
import type { RawOperator } from '../operator-list.js'
import type { PaddleXModel } from '../paddlex-model.js'
import type { ParsedPostProcess } from './class-names.js'

/** The threshold of PaddleX' `visualize`, which drops boxes below it. */
const leastScore = 0.5

/**
 * How PaddleX reads the outputs of a model: `postprocess` of `deploy.py` (1.3.11 and 2.1.0).
 *
 * @throws UnsupportedConfig
 */
export function parsePaddleXReading(
  model: PaddleXModel,
  operators: readonly RawOperator[],
): ParsedPostProcess {
  return {
    postProcess: postProcessOf(model, operators),
    ...(model.labels && { labels: model.labels }),
  }
}

function postProcessOf(model: PaddleXModel, operators: readonly RawOperator[]): PostProcess {
  const { generation, type, family } = model
  if (type === 'classifier') return { kind: 'best' }
  if (type === 'segmenter') {
    checkSegmenter(model, operators)
    // PaddleX 1 passes cv2.INTER_NEAREST in the place of `dst`: the default, linear, counts.
    return { kind: 'segments', restoredBy: generation === 1 ? 'linear' : 'nearest' }
  }
  if (family === 'MaskRCNN')
    throw new UnsupportedConfig(
      `its network outputs masks of objects (Model: ${family}), but only boxes are supported`,
    )
  if (generation === 1 && family === 'FasterRCNN')
    throw new UnsupportedConfig(
      `its network is a FasterRCNN of PaddleX 1, whose im_info is the size before the padding, which is not supported`,
    )
  if (operators.filter(({ name }) => name.startsWith('Resize')).length > 1)
    throw new UnsupportedConfig('its detector resizes images twice, but only one scale_factor is supported')
  return { kind: 'boxes', threshold: leastScore, keepsThreshold: true, arch: family }
}

/** PaddleX 2 restores the size of a map from the transforms, and ignores what these do. */
function checkSegmenter({ generation }: PaddleXModel, operators: readonly RawOperator[]): void {
  if (generation === 1) return
  const ignored = operators.some(({ name }) => name === 'CenterCrop')
    ? 'CenterCrop'
    : operators.some(({ parameters }) => parameters['keep_ratio'] === true) &&
        operators.some(({ name }) => name === 'Padding')
      ? 'keep_ratio before Padding'
      : undefined
  if (ignored !== undefined)
    throw new UnsupportedConfig(
      `PaddleX restores the size of a map of classes wrongly after ${ignored}, so it is not supported`,
    )
}
