import { returnsOriginal } from '../image-input/image-batch.js'
import { hashOfNames } from '../labels.js'
import { asOpenTask } from '../open-task.js'
import { jsonNumber, labelText, pythonFloat } from '../result-text.js'
import type { TaskDefinition } from '../task-definition.js'
import { compareBoxes } from './compare-boxes.js'
import { planDetector, type DetectorPlan } from './detector-plan.js'
import { detecting, detectTask, ObjectDetector, type DetectorFields } from './object-detector.js'
import type { DetectorOptions } from './options.js'

/** The implementation of `detect`. */
export const detection: TaskDefinition<DetectorOptions, DetectorFields, DetectorPlan> = {
  plan: planDetector,
  open: async (model, options) => {
    const detector = await ObjectDetector.open(model, options)
    return asOpenTask(detector, {
      step: detecting,
      run: (images, runOptions) => detector.detect(images, runOptions),
    })
  },
  steps: detectTask,
  settings: ({ limits, labels }, { boxUnit }) => ({
    threshold: limits.threshold,
    labels: hashOfNames(labels.names),
    'box-unit': boxUnit ?? 'by the model',
  }),
  results: {
    json: ({ boxes }) => ({
      boxes: boxes.map((box) => ({
        ...box,
        score: jsonNumber(box.score),
        ...{ x1: jsonNumber(box.x1), y1: jsonNumber(box.y1), x2: jsonNumber(box.x2), y2: jsonNumber(box.y2) },
      })),
    }),
    text: ({ boxes }, write) =>
      boxes.length === 0
        ? ['no box']
        : boxes.map(({ classId, score, label, x1, y1, x2, y2 }) => {
            const corners = [x1, y1, x2, y2].map((value) => write(value, value.toFixed(2))).join(', ')
            return `class_id: ${classId}, score: ${write(score, pythonFloat(score))}, box: [${corners}]${labelText(label)}`
          }),
    columns: {
      ...{ rank: 'count', classId: 'count', score: 'float', label: 'text' },
      ...{ x1: 'float', y1: 'float', x2: 'float', y2: 'float' },
    },
    rows: ({ boxes }) =>
      boxes.map(({ classId, score, label, x1, y1, x2, y2 }, index) => [
        ...[index + 1, classId, score, label],
        ...[x1, y1, x2, y2],
      ]),
    marks: ({ boxes }) =>
      boxes.map(({ x1, y1, x2, y2, ...prediction }) => ({ ...prediction, box: { x1, y1, x2, y2 } })),
  },
  reference: {
    postProcess: ({ limits, labels, boxUnit }, { inputs }) => {
      const isOriginal = returnsOriginal({ inputs })
      const pixels = isOriginal ? 'original' : 'fed'
      return {
        ...limits,
        kind: 'boxes',
        ...(limits.paddleX && { labels: labels.names }),
        unit: boxUnit(isOriginal) === 'fraction' ? 'fraction' : pixels,
      }
    },
    compare: ({ boxes }, { answer }, { limits }) => compareBoxes(boxes, answer, limits),
  },
}
