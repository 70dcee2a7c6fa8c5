import { hashOfNames } from '../labels.js'
import { asOpenTask } from '../open-task.js'
import { labelText } from '../result-text.js'
import type { TaskDefinition } from '../task-definition.js'
import { compareMaps } from './compare-maps.js'
import { ImageSegmenter, segmenting, segmentTask, type SegmenterFields } from './image-segmenter.js'
import type { SegmenterOptions } from './options.js'
import { planSegmenter, type SegmenterPlan } from './segmenter-plan.js'

/** The implementation of `segment`. */
export const segmentation: TaskDefinition<SegmenterOptions, SegmenterFields, SegmenterPlan> = {
  plan: planSegmenter,
  open: async (model, options) => {
    const segmenter = await ImageSegmenter.open(model, options)
    return asOpenTask(segmenter, {
      step: segmenting,
      run: (images, runOptions) => segmenter.segment(images, runOptions),
    })
  },
  steps: segmentTask,
  settings: ({ labels }) => ({ labels: hashOfNames(labels.names) }),
  results: {
    json: ({ size, segments }) => ({ size, segments }),
    text: ({ segments }, write) =>
      segments.map(
        ({ classId, pixels, share, label }) =>
          `class_id: ${classId}, pixels: ${pixels}, share: ${write(share, share.toFixed(4))}${labelText(label)}`,
      ),
    columns: { classId: 'count', label: 'text', pixels: 'count', share: 'float' },
    rows: ({ segments }) =>
      segments.map(({ classId, label, pixels, share }) => [classId, label, pixels, share]),
    marks: ({ segments }) =>
      segments.map(({ classId, label, share }) => ({
        classId,
        share,
        ...(label !== undefined && { label }),
      })),
    labelMap: ({ labelMap }) => labelMap,
  },
  reference: {
    postProcess: ({ restoredBy }) => ({ kind: 'segments', ...(restoredBy && { restoredBy }) }),
    compare: ({ labelMap }, { map }) => compareMaps(labelMap, map),
  },
}
