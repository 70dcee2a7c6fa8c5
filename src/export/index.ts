export { exportModel, type ExportedModel } from './export-model.js'
export type { InputSpec } from './input-spec.js'
export type { ModelArgs } from './options.js'
export type { ExportFormat, ExportOptions } from './options.js'
