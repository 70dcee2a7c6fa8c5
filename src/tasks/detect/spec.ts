import { wording } from '../../wording.js'
import { decodeFlags, labelsFlag, thresholdFlag } from '../image-flags.js'
import { batchForm } from '../options.js'
import type { TaskSpec } from '../task-definition.js'
import { detectorForm, detectorSection, type DetectorOptions } from './options.js'

/** Images in, boxes around objects out. */
export const detect: TaskSpec<DetectorOptions> = {
  modelKind: 'a detector',
  className: 'ObjectDetector',
  resultField: 'boxes',
  form: detectorForm,
  defaultBatchSize: batchForm.batchSize.default,
  flags: {
    ...decodeFlags,
    threshold: thresholdFlag,
    boxUnit: {
      group: 'answers',
      describe: "Unit of a detector's coordinates: pixel or fraction [default: by its family]",
    },
    labels: labelsFlag,
  },
  refused: {
    topK: wording`it selects boxes by score; use ${{ option: 'threshold' }}`,
    cropSize: 'it uses whole images',
    resizeSize: 'its infer_cfg.yml sets the size',
  },
  hasFixedSize: false,
  section: detectorSection,
  canDraw: true,
  hasVectors: false,
  recognises: (config) => config?.postProcess?.kind === 'boxes',
  load: async () => (await import('./definition.js')).detection,
}
