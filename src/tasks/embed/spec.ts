import { decodeFlags, sizeFlags } from '../image-flags.js'
import { batchForm } from '../options.js'
import type { TaskSpec } from '../task-definition.js'
import { embedderForm, featuresSection, type EmbedderOptions } from './options.js'

/** Images in, feature vectors out. */
export const embed: TaskSpec<EmbedderOptions> = {
  modelKind: 'a feature model',
  className: 'ImageEmbedder',
  resultField: 'embedding',
  form: embedderForm,
  defaultBatchSize: batchForm.batchSize.default,
  flags: { ...sizeFlags, ...decodeFlags },
  refused: {
    topK: 'it returns a vector, no classes',
    threshold: 'it returns a vector, no scores',
    labels: 'it returns a vector, no classes',
    boxUnit: 'it returns a vector, no boxes',
  },
  hasFixedSize: true,
  section: featuresSection,
  canDraw: false,
  hasVectors: true,
  recognises: (config) => config?.postProcess?.kind === 'features',
  load: async () => (await import('./definition.js')).embedding,
}
