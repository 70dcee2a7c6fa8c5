export { annotate, type AnnotateOptions, type ImageFormat } from './annotate.js'
export type { Mark } from './draw.js'
export { isAnnotated } from './annotate.js'
