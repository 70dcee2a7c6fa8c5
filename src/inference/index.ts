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
export type { CallOptions } from './options/call-options.js'
export { convertToMixedPrecision, type ConvertedModel } from './one-shot/convert.js'
export type { ConvertOptions } from './one-shot/convert-options.js'
export { inspectModel, type InspectOptions, type ModelInspection } from './one-shot/inspect-model.js'
export {
  getNumBytesOfDataType,
  getTrtCompileVersion,
  getTrtRuntimeVersion,
  getVersion,
  type DataTypeName,
  type TrtVersion,
} from './one-shot/wheel-info.js'
export { Batcher, type BatchLimits } from './batching/batcher.js'
export { BatchRunner } from './batching/batch-runner.js'
export type { WriteTimes } from './batching/batch-steps.js'
export { createPredictor } from './create-predictor.js'
export { runsPerWorker } from '../bridge/index.js'
export type { Feed, Feeds, FeedTensor, FeedWriter } from './io/feed-types.js'
export { AllocatedTensor } from './memory/arena.js'
export { InputHandle } from './io/handles.js'
export { OutputHandle } from './io/handles.js'
export type {
  ConfigOr,
  DynamicShape,
  OneDnnOptions,
  OptionsWithConfig,
  PassOptions,
  Precision,
  PredictorOptions,
  RunningOptions,
  StartOptions,
  TensorRtOptions,
  WaitOptions,
} from './options/index.js'
export type { Outputs } from './io/outputs.js'
export type { PredictorHook } from './io/hooks.js'
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
  type ModelPoolOptionsOf,
  type ModelPoolStats,
  type PooledModelOptions,
} from './pool/model-pool.js'
export { PooledModel } from './pool/pooled-model.js'
export type { ModelStats, PoolStats, WorkerStats } from './pool/pool-stats.js'
export { PredictorPool } from './pool/predictor-pool.js'
export type { PoolRunOptions, RunOptions } from './run-options.js'
export type { PredictorWarning, WarningListener } from '../warnings.js'
export type { TensorInfo } from '../bridge/index.js'
export { predictorForm, toConfig } from './options/index.js'
export { prewarmedWorker, withPrewarmed } from './worker/prewarm.js'
export { usableCores } from './usable-cores.js'
export { packSequences, type PackOptions, type Sequences } from './io/pack-sequences.js'
export { sampleFeed, sampleFeeds, sampleShape } from './io/sample-feed.js'
export { trustedWriter } from './io/feed-types.js'
export { emitter } from './pool/events.js'
export { dividedCores } from './pool/pool-options.js'
export { checkWait, waitForm } from './options/call-options.js'
