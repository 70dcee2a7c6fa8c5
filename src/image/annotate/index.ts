export { annotate, type AnnotateOptions, type PictureFormat } from './annotate.js'
export type { Mark } from './draw.js'
export { isDrawn } from './mark-of-ours.js'
