import { decodeFlags, sizeFlags } from '../image-flags.js'
import type { TaskSpec } from '../task-definition.js'
import { embedderForm, type EmbedderOptions } from './options.js'

/** Images in, feature vectors out. */
export const embed: TaskSpec<EmbedderOptions> = {
  modelKind: 'a feature model',
  className: 'ImageEmbedder',
  resultField: 'embedding',
  form: embedderForm,
  flags: { ...sizeFlags, ...decodeFlags },
  refused: {
    topK: 'it gives a vector, and no classes',
    threshold: 'it gives a vector, and no scores',
    labels: 'it gives a vector, and no classes',
    boxUnit: 'it gives a vector, and no boxes',
  },
  hasFixedSize: true,
  canDraw: false,
  hasVectors: true,
  recognises: (config) => config?.postProcess?.kind === 'features',
  load: async () => (await import('./definition.js')).embedding,
}
