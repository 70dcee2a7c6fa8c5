export type { Box } from './boxes.js'
export { defaultBatchSize } from './check-options.js'
export { planClassifier } from './classifier-plan.js'
export { planDetector } from './detector-plan.js'
export { classifying, ImageClassifier } from './image-classifier.js'
export { detecting, ObjectDetector } from './object-detector.js'
export type {
  Answer,
  BatchOptions,
  BatchTiming,
  Classification,
  ClassifierOptions,
  ClassifyOptions,
  Detected,
  Detection,
  DetectOptions,
  DetectorOptions,
  Failure,
  ImageTaskOptions,
  QuarantineEvent,
  SplitEvent,
  TaskEvent,
  TaskOptions,
} from './options.js'
export type { ImageContext } from './image-pipeline.js'
export {
  Pipeline,
  type ImagePipelineOptions,
  type PipelineOptions,
  type PipelineResult,
  type Preprocessed,
} from './pipeline.js'
export type { Prediction } from './predictions.js'
export { runOpenly, type OpenRun } from './run-openly.js'
export type { ImageSources } from './sources.js'
export { taskOf, type TaskName } from './task-of.js'
