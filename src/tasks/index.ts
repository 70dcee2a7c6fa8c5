export type { Attribute } from './recognize/attribute.js'
export type { Recognition, Recognized, RecognizerOptions } from './recognize/options.js'
export type { Box } from './detect/boxes.js'
export type { Embedded, EmbedderOptions, Embedding } from './embed/options.js'
export type { Segmentation, Segmented, SegmenterOptions } from './segment/options.js'
export type { LabelMap } from '../image/annotate/index.js'
export type { Segment, SegmentMask } from './segment/segments.js'
export type { Answer, Classification, ClassifierOptions, ClassifyOptions } from './classify/options.js'
export type { Detected, Detection, DetectOptions, DetectorOptions } from './detect/options.js'
export {
  type BatchOptions,
  type BatchTiming,
  type Failure,
  type ImageInputOptions,
  type ImageTaskOptions,
  type OneInputOptions,
  type OneOptions,
  type QuarantineEvent,
  type SplitEvent,
  type TaskEvent,
  type TaskOptions,
} from './options.js'
export type { ImageContext } from './pipeline/image-pipeline.js'
export type {
  ImagePipelineOptions,
  PipelineContext,
  PipelineInput,
  PipelineOptions,
  PipelineResult,
  Preprocessed,
} from './pipeline/pipeline.js'
export type { Prediction } from './classify/predictions.js'
export { traceRun, type TracedRun } from './trace-run.js'
export type { ImageSources } from './image-input/sources.js'
export type { Verdict } from './comparison.js'
export { taskDefinition, taskNames, taskSpec, type TaskName } from './registry.js'
export { exactNumber, onOneLine, pythonFloat, roundedNumber, type WriteNumber } from './result-text.js'
export type { ImageResult, OpenTask, ResultForms } from './task-definition.js'
export { taskFromConfig } from './task-from-config.js'
