export { normaliseInto, type RgbImage } from './normalise.js'
export { defaultMaxPixels, readPixels, type ReadOptions } from './read-pixels.js'
export { sourceName, type ImageSource } from './read-source.js'
