import { decodeFlags, labelsFlag } from '../image-flags.js'
import type { TaskSpec } from '../task-definition.js'
import { defaultBatchSize, segmenterForm, type SegmenterOptions } from './options.js'

/** Images in, the class of each pixel out. */
export const segment: TaskSpec<SegmenterOptions> = {
  modelKind: 'a segmentation model',
  className: 'ImageSegmenter',
  resultField: 'segments',
  form: segmenterForm,
  defaultBatchSize,
  flags: { ...decodeFlags, labels: labelsFlag },
  refused: {
    topK: 'it returns every class that occurs',
    threshold: 'it returns one class for each pixel, no scores',
    boxUnit: 'it returns no boxes',
    cropSize: 'it uses whole images',
    resizeSize: 'its deploy.yaml, inference.yml or model.yml sets the size',
  },
  hasFixedSize: false,
  canDraw: true,
  hasVectors: false,
  recognises: (config) => config?.postProcess?.kind === 'segments',
  load: async () => (await import('./definition.js')).segmentation,
}
