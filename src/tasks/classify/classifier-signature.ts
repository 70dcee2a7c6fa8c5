import { PaddleError } from '../../errors.js'
import type { Outputs } from '../../inference/index.js'
import { anyModelAdvice } from '../../model/index.js'
import type { ModelSignature } from '../image-input/image-batch.js'
import { vectorPorts, vectorsIn, type VectorPorts } from '../image-input/vector-network.js'
import type { ScorePostProcess } from './predictions.js'

/**
 * Returns the ports of a model: its only input, a float32 [N,C,H,W], and its first output, [N,classes].
 *
 * @throws PaddleError MODEL_UNSUITABLE
 */
export function classifierPorts(model: string, network: ModelSignature, planes: number): VectorPorts {
  const ports = vectorPorts(network, planes, 'classes')
  if (typeof ports === 'string') throw unsuitable(model, ports)
  return ports
}

/**
 * Returns the scores of each image of a batch.
 *
 * @throws PaddleError MODEL_UNSUITABLE when the output is not what the program declares
 */
export function scoresOf(model: string, name: string, outputs: Outputs, images: number): Float32Array[] {
  const scores = vectorsIn(outputs, name, images, 'classes')
  if (typeof scores === 'string') throw unsuitable(model, scores)
  return scores
}

/**
 * @throws PaddleError MODEL_UNSUITABLE when the configuration file names a class that the network does not have
 */
export function checkPostProcess(model: string, reading: ScorePostProcess, classes: number): void {
  const beyond = namedClasses(reading, classes).find((classId) => classId >= classes)
  if (beyond === undefined) return
  throw unsuitable(model, `it has ${classes} classes, but its configuration file refers to class ${beyond}`)
}

function namedClasses(reading: ScorePostProcess, classes: number): number[] {
  if (reading.kind === 'either') return classes === 2 ? [] : [reading.otherwise ?? 0]
  return reading.kind === 'several' ? Object.keys(reading.ofClass ?? {}).map(Number) : []
}

function unsuitable(model: string, why: string): PaddleError {
  return new PaddleError('MODEL_UNSUITABLE', `${model} is not an image classifier: ${why}.`, {
    advice: [
      'A detector needs its infer_cfg.yml beside it, a segmentation model its deploy.yaml. ',
      anyModelAdvice,
    ],
  })
}
