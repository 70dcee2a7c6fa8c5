export { ambiguityWarning } from './candidates.js'
export { readLabels } from './labels.js'
export { bufferFormat, checkBytes, type ModelBuffers } from './model-buffers.js'
export { locateModel, type ModelFiles, type ModelFormat } from './locate-model.js'
export type { ModelConfig, PostProcess } from './model-config.js'
export { readModelConfig, readOperators } from './read-model-config.js'
export {
  tutorialPreprocessing,
  type Normalisation,
  type Padding,
  type PixelStep,
  type Preprocessing,
  type Resampling,
  type ResizeTo,
  type Size,
} from './preprocessing.js'
