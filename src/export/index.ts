export { exportModel, type ExportedModel } from './export-model.js'
export type { ExportOptions } from './options.js'
