export { annotate, type AnnotateOptions, type ImageFormat } from './annotate.js'
export type { Mark } from './draw.js'
export { encodeLabelMap, type LabelMap } from './label-map.js'
export { isAnnotated } from './software-tag.js'
