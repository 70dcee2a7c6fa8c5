import { sizeSettings } from '../image-input/fixed-size.js'
import { asOpenTask } from '../open-task.js'
import { jsonNumber, pythonFloat } from '../result-text.js'
import type { TaskDefinition } from '../task-definition.js'
import {
  AttributeRecognizer,
  recognizeTask,
  recognizing as step,
  type RecognizerFields,
} from './attribute-recognizer.js'
import { compareAttributes } from './compare-attributes.js'
import type { RecognizerOptions } from './options.js'
import { planRecognizer, type RecognizerPlan } from './recognizer-plan.js'

/** The implementation of `recognize`. */
export const recognition: TaskDefinition<RecognizerOptions, RecognizerFields, RecognizerPlan> = {
  plan: planRecognizer,
  open: async (model, options) => {
    const recognizer = await AttributeRecognizer.open(model, options)
    return asOpenTask(recognizer, {
      step,
      run: (images, runOptions) => recognizer.recognize(images, runOptions),
      warmUp: (runs, runOptions) => recognizer.warmUp(runs, runOptions),
    })
  },
  steps: recognizeTask,
  settings: ({ preprocessing, reading: { scheme, thresholds } }) => ({
    attributes: scheme,
    thresholds,
    ...sizeSettings(preprocessing),
  }),
  results: {
    json: ({ attributes }) => ({
      attributes: attributes.map((found) => ({ ...found, score: jsonNumber(found.score) })),
    }),
    text: ({ attributes }, write) =>
      attributes.map(
        ({ name, value, score }) =>
          `attribute: ${name}, value: ${value}, score: ${write(score, pythonFloat(score))}`,
      ),
    columns: { name: 'text', value: 'text', score: 'float', classId: 'count' },
    rows: ({ attributes }) =>
      attributes.map(({ name, value, score, classId }) => [name, value, score, classId]),
    marks: ({ attributes }) =>
      attributes.map(({ name, value, score, classId }) => ({ classId, score, label: `${name}: ${value}` })),
  },
  reference: {
    postProcess: ({ reading }) => reading,
    compare: (fields, { attributes = [] }, { reading }) =>
      compareAttributes(fields.attributes, attributes, Object.values<number>(reading.thresholds)),
  },
}
