import { decodeFlags, sizeFlags } from '../image-flags.js'
import { batchForm } from '../options.js'
import type { TaskSpec } from '../task-definition.js'
import { recognizerForm, type RecognizerOptions } from './options.js'

/** Images in, attributes out. */
export const recognize: TaskSpec<RecognizerOptions> = {
  modelKind: 'a model for attributes',
  className: 'AttributeRecognizer',
  resultField: 'attributes',
  form: recognizerForm,
  defaultBatchSize: batchForm.batchSize.default,
  flags: { ...sizeFlags, ...decodeFlags },
  refused: {
    topK: 'it returns one value for each attribute',
    threshold: 'its inference.yml sets one for each attribute',
    labels: 'PaddleClas names its attributes',
    boxUnit: 'it returns no boxes',
  },
  hasFixedSize: true,
  canDraw: true,
  hasVectors: false,
  recognises: (config) => config?.postProcess?.kind === 'attributes',
  load: async () => (await import('./definition.js')).recognition,
}
