export type { Box } from './detect/boxes.js'
export { planClassifier } from './classify/classifier-plan.js'
export { planDetector } from './detect/detector-plan.js'
export { classifyTask, ImageClassifier } from './classify/image-classifier.js'
export { detectTask, ObjectDetector } from './detect/object-detector.js'
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
export type { ImageContext } from './pipeline/image-pipeline.js'
export {
  Pipeline,
  type ImagePipelineOptions,
  type PipelineOptions,
  type PipelineResult,
  type Preprocessed,
} from './pipeline/pipeline.js'
export type { Prediction } from './classify/predictions.js'
export { traceRun, type TracedRun } from './trace-run.js'
export type { ImageSources } from './image-input/sources.js'
export { taskFromConfig, type TaskName } from './task-from-config.js'
