export { normaliseInto, type RgbImage } from './normalise.js'
export { defaultMaxPixels, readPixels } from './read-pixels.js'
export type { ImageSource } from './read-source.js'
