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
