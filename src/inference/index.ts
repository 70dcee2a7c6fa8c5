export { Config, InternalUtils, PrecisionType } from './config/index.js'
export type {
  ConfigOptions,
  ConfigRecord,
  DistConfig,
  DlnneArguments,
  IpuArguments,
  IpuConfigArguments,
  LiteEngineArguments,
  NamedTensor,
  NameSet,
  NativeConfig,
  Nnadapter,
  PassBuilder,
  QuantizerConfig,
  ShapesByName,
  TensorrtEngineArguments,
  XpuArguments,
  XpuConfig,
} from './config/index.js'
export type { CallOptions } from './call-options.js'
export { convertToMixedPrecision, type ConvertedModel } from './convert.js'
export type { ConvertOptions } from './convert-options.js'
export { inspectModel, type InspectOptions, type ModelInspection } from './inspect-model.js'
export {
  getNumBytesOfDataType,
  getTrtCompileVersion,
  getTrtRuntimeVersion,
  getVersion,
  type DataTypeName,
  type TrtVersion,
} from './module-functions.js'
export { createPredictor } from './create-predictor.js'
export { runsPerWorker } from '../bridge/index.js'
export type { Feed, Feeds, FeedTensor, FeedWriter } from './feed-types.js'
export { AllocatedTensor } from './arena.js'
export { InputHandle } from './input-handle.js'
export { OutputHandle } from './output-handle.js'
export type {
  DynamicShape,
  OneDnnOptions,
  PassOptions,
  Precision,
  PredictorOptions,
  RunningOptions,
  StartOptions,
  TensorRtOptions,
  WaitOptions,
} from './options.js'
export type { Outputs } from './outputs.js'
export type { PredictorHook } from './hooks.js'
export { Predictor, type PredictorInfo } from './predictor.js'
export { poolForm, type PoolOptions } from './pool/pool-options.js'
export type {
  PoolEvent,
  PoolEventListener,
  RecycleEvent,
  RetryEvent,
  WorkerExitEvent,
  WorkerStartEvent,
} from './pool/events.js'
export {
  createPool,
  ModelPool,
  type ModelPoolOptions,
  type ModelPoolStats,
  type PooledModelOptions,
} from './pool/model-pool.js'
export { PooledModel } from './pool/pooled-model.js'
export type { ModelStats, PoolStats, WorkerStats } from './pool/stats.js'
export { PredictorPool } from './pool/predictor-pool.js'
export type { PoolRunOptions, RunOptions } from './run-options.js'
export type { PredictorWarning, WarningListener } from './warnings.js'
export type { TensorInfo } from '../bridge/index.js'
export { predictorForm, toConfig } from './options.js'
export { prewarmedWorker, withPrewarmed } from './early-launch.js'
export { usableCores } from './usable-cores.js'
export { isRetryable } from './is-lost.js'
export { sampleFeed, sampleShape } from './made-feed.js'
export { trustedWriter } from './plain-writer.js'
export { emitter } from './pool/events.js'
export { dividedCores } from './pool/pool-options.js'
export { checkWait, waitForm } from './wait-options.js'
