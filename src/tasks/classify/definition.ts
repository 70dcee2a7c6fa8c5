import { sizeSettings } from '../image-input/fixed-size.js'
import { hashOfNames } from '../labels.js'
import { asOpenTask } from '../open-task.js'
import { jsonNumber, labelText, pythonFloat } from '../result-text.js'
import type { TaskDefinition } from '../task-definition.js'
import { planClassifier, type ClassifierPlan } from './classifier-plan.js'
import { compareClasses } from './compare-classes.js'
import { classifying, classifyTask, ImageClassifier, type ClassifierFields } from './image-classifier.js'
import type { ClassifierOptions } from './options.js'

/** The implementation of `classify`. */
export const classification: TaskDefinition<ClassifierOptions, ClassifierFields, ClassifierPlan> = {
  plan: planClassifier,
  open: async (model, options) => {
    const classifier = await ImageClassifier.open(model, options)
    return asOpenTask(classifier, {
      step: classifying,
      run: (images, runOptions) => classifier.classify(images, runOptions),
      warmUp: (runs, runOptions) => classifier.warmUp(runs, runOptions),
    })
  },
  steps: classifyTask,
  settings: ({ preprocessing, reading, labels }) => ({
    ...(reading.kind === 'best' && { topk: reading.topK }),
    ...('threshold' in reading && { threshold: reading.threshold }),
    labels: hashOfNames(labels.names),
    ...sizeSettings(preprocessing),
  }),
  results: {
    json: ({ topK }) => ({
      topK: topK.map((found) => {
        const score = jsonNumber(found.score)
        return { ...found, score, prob: score }
      }),
    }),
    text: ({ topK }, write) =>
      topK.length === 0
        ? ['no class']
        : topK.map(
            ({ classId, score, label }) =>
              `class_id: ${classId}, prob: ${write(score, pythonFloat(score))}${labelText(label)}`,
          ),
    columns: { rank: 'count', classId: 'count', score: 'float', label: 'text' },
    rows: ({ topK }) => topK.map(({ classId, score, label }, index) => [index + 1, classId, score, label]),
    marks: ({ topK }) =>
      topK.map(({ classId, score, label }) => ({ classId, score, ...(label !== undefined && { label }) })),
  },
  reference: {
    postProcess: ({ reading }) => reading,
    compare: ({ topK }, { answer, outputs }, { reading }) =>
      compareClasses(topK, answer, outputs[0]?.data ?? [], reading),
  },
}
