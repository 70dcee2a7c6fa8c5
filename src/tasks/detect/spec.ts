import { wording } from '../../wording.js'
import { decodeFlags, labelsFlag, thresholdFlag } from '../image-flags.js'
import type { TaskSpec } from '../task-definition.js'
import { detectorForm, type DetectorOptions } from './options.js'

/** Images in, boxes around objects out. */
export const detect: TaskSpec<DetectorOptions> = {
  modelKind: 'a detector',
  className: 'ObjectDetector',
  resultField: 'boxes',
  form: detectorForm,
  flags: {
    ...decodeFlags,
    threshold: thresholdFlag,
    boxUnit: {
      group: 'answers',
      describe:
        'What the coordinates are that a detector puts out: pixel or fraction [default: by its family]',
    },
    labels: labelsFlag,
  },
  refused: {
    topK: wording`it tells boxes by their scores; give ${{ option: 'threshold' }}`,
    cropSize: 'it looks at whole images',
    resizeSize: 'the size is that of its infer_cfg.yml',
  },
  hasFixedSize: false,
  canDraw: true,
  hasVectors: false,
  recognises: (config) => config?.postProcess?.kind === 'boxes',
  load: async () => (await import('./definition.js')).detection,
}
