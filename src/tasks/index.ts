export { planClassifier } from './classifier-plan.js'
export { defaultBatchSize, ImageClassifier, type ImageSources } from './image-classifier.js'
export type {
  Answer,
  BatchTiming,
  Classification,
  ClassifierEvent,
  ClassifierOptions,
  ClassifyOptions,
  Failure,
  QuarantineEvent,
  SplitEvent,
} from './options.js'
export type { Prediction } from './top-k.js'
