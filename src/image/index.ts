export { sizedSteps } from './preprocess/float-geometry.js'
export { writeFloatInput } from './preprocess/float-steps.js'
export { inputCorner, inputSize, padded } from './preprocess/input-size.js'
export { openCvPositions } from './resample/nearest.js'
export type { RgbImage } from './preprocess/normalise.js'
export {
  imageTensor,
  readImage,
  resizeImage,
  type DecodeOptions,
  type ImageTensorOptions,
} from './image-functions.js'
export { readForm, type ReadOptions } from './read-options.js'
export { hasTurbo } from './decode/libjpeg-turbo.js'
export { readPixels, type PreparedImage } from './decode/read-pixels.js'
export { isUrlText } from './source/image-source.js'
export { KeptDownload } from './source/open-url.js'
export { sourceName } from './source/read-source.js'
export {
  isImageSource,
  sourceKinds,
  type CanvasPixels,
  type ImageBlob,
  type ImageBytes,
  type ImageSource,
  type ImageStream,
  type RawPixels,
} from './source/image-source.js'
export { writeInput } from './preprocess/normalise.js'
export { roundHalfToEven } from './preprocess/sizes.js'
export { resize, type Scale } from './preprocess/geometry.js'
export { EventLoopYielder, resample } from './resample/index.js'
