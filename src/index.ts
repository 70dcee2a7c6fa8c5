export { ImageClassifier, type ImageSources } from './tasks/index.js'
export type {
  Answer,
  BatchTiming,
  Classification,
  ClassifierOptions,
  ClassifyOptions,
  Failure,
  Prediction,
} from './tasks/index.js'
export type { ImageSource } from './image/index.js'
export { exportModel, type ExportedModel, type ExportOptions } from './export/index.js'
export { ensureEnvironment, type EnvironmentOptions, type Interpreter } from './environment/index.js'
export {
  Config,
  createPredictor,
  InputHandle,
  OutputHandle,
  Predictor,
  type Feed,
  type Feeds,
  type FeedWriter,
  type Outputs,
  type PredictorInfo,
  type PredictorOptions,
  type StartOptions,
  type TensorInfo,
  type WaitOptions,
} from './inference/index.js'
export { tensor, type DataOf, type DType, type Lod, type Tensor, type TensorData } from './tensor/index.js'
export { errorCodes, PaddleError, type ErrorCode } from './errors.js'
export type { Progress, ProgressListener } from './progress.js'
