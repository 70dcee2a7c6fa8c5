export type { Box } from './boxes.js'
export { planClassifier } from './classifier-plan.js'
export { planDetector } from './detector-plan.js'
export { classifyTask, ImageClassifier } from './image-classifier.js'
export { detectTask, ObjectDetector } from './object-detector.js'
export {
  batchForm,
  type Answer,
  type BatchOptions,
  type BatchTiming,
  type Classification,
  type ClassifierOptions,
  type ClassifyOptions,
  type Detected,
  type Detection,
  type DetectOptions,
  type DetectorOptions,
  type Failure,
  type ImageTaskOptions,
  type QuarantineEvent,
  type SplitEvent,
  type TaskEvent,
  type TaskOptions,
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
export { traceRun, type TracedRun } from './run-openly.js'
export type { ImageSources } from './sources.js'
export { taskFromConfig, type TaskName } from './task-of.js'
