import { wording } from '../../wording.js'
import { decodeFlags, labelsFlag, sizeFlags, thresholdFlag } from '../image-flags.js'
import { batchForm } from '../options.js'
import type { TaskSpec } from '../task-definition.js'
import { classifierForm, type ClassifierOptions } from './options.js'

/** The kinds of post-processing that return classes; `undefined` when the file lists none. */
const kinds: readonly unknown[] = ['best', 'either', 'several', 'scores', undefined]

/** Images in, classes out. */
export const classify: TaskSpec<ClassifierOptions> = {
  modelKind: 'a classifier',
  className: 'ImageClassifier',
  resultField: 'topK',
  form: classifierForm,
  defaultBatchSize: batchForm.batchSize.default,
  flags: {
    ...sizeFlags,
    ...decodeFlags,
    topK: {
      group: 'answers',
      name: 'topk',
      common: true,
      describe: 'Number of best classes in a result [default: inference.yml, else 1]',
    },
    threshold: thresholdFlag,
    labels: labelsFlag,
  },
  refused: { boxUnit: wording`it returns no boxes` },
  hasFixedSize: true,
  canDraw: true,
  hasVectors: false,
  recognises: (config) => kinds.includes(config?.postProcess?.kind),
  load: async () => (await import('./definition.js')).classification,
}
