export { inputSize } from './input-size.js'
export type { RgbImage } from './normalise.js'
export {
  imageTensor,
  readImage,
  resizeImage,
  type DecodeOptions,
  type ImageTensorOptions,
} from './own-steps.js'
export { readForm, type ReadOptions } from './read-options.js'
export { readPixels, type PreparedImage } from './read-pixels.js'
export { sourceName } from './read-source.js'
export {
  isImageSource,
  sourceKinds,
  type ImageSource,
  type ImageStream,
  type RawPixels,
} from './source-kinds.js'
export { writeInput } from './write-input.js'
export { resize, type Scale } from './geometry.js'
