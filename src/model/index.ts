export { ambiguityOf } from './candidates.js'
export { readInferenceYml, type InferenceYml } from './inference-yml.js'
export { readLabels } from './labels.js'
export { bufferFormat, checkBytes, type ModelBuffers } from './model-buffers.js'
export { locateModel, type ModelFiles, type ModelFormat } from './locate-model.js'
export {
  tutorialPreprocessing,
  type Normalisation,
  type Preprocessing,
  type Size,
} from './preprocessing.js'
