export { ambiguityWarning } from './rank-programs.js'
export { readLabels } from './labels.js'
export { bufferFormat, checkBytes, type ModelBuffers } from './model-files.js'
export { anyModelAdvice } from './model-errors.js'
export { locateModel } from './locate-model.js'
export type { ModelFiles, ModelFormat } from './model-files.js'
export type {
  AttributePostProcess,
  AttributeThresholds,
  BoxMerging,
  ModelConfig,
  PaddleXBoxes,
  PostProcess,
} from './model-config.js'
export { readDeclaredSize, type DeclaredSize } from './declared-image.js'
export { readModelConfig, readOperators } from './read-model-config.js'
export type { ConfigSection } from './operator-list.js'
export { configFileNames } from './config-file.js'
export {
  tutorialPreprocessing,
  type FloatResizeTo,
  type FloatStep,
  type Normalisation,
  type Padding,
  type PixelStep,
  type Preprocessing,
  type Resampling,
  type ResizeTo,
  type Size,
} from './preprocessing.js'
