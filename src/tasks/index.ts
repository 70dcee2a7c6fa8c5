export { planClassifier } from './classifier-plan.js'
export { defaultBatchSize, ImageClassifier, type ImageSources } from './image-classifier.js'
export type {
  Answer,
  BatchTiming,
  Classification,
  ClassifierOptions,
  ClassifyOptions,
  Failure,
} from './options.js'
export type { Prediction } from './top-k.js'
