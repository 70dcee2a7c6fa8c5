import type { ResizeTo, Size } from '../../model/index.js'
import { hashOfNames } from '../labels.js'
import { asOpenTask } from '../open-task.js'
import { labelText, pythonFloat } from '../result-text.js'
import type { TaskDefinition } from '../task-definition.js'
import { planClassifier, type ClassifierPlan } from './classifier-plan.js'
import { compareClasses } from './compare-classes.js'
import { classifying, classifyTask, ImageClassifier, type ClassifierFields } from './image-classifier.js'
import type { ClassifierOptions } from './options.js'

/** All that is particular to classifying images. */
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
  settings: ({ preprocessing: { steps }, reading, labels }) => {
    const resize = steps.findLast(({ step }) => step === 'resize')
    const crop = steps.findLast(({ step }) => step === 'crop')
    return {
      ...(reading.kind === 'best' ? { topk: reading.topK } : { threshold: reading.threshold }),
      labels: hashOfNames(labels.names),
      // How the rest is done is said by the yml, which is a file of the model.
      'resize-size': resize?.step === 'resize' ? shownSize(resize.to) : 'none',
      'crop-size': crop?.step === 'crop' ? shownSize(crop.size) : 'none',
    }
  },
  results: {
    json: ({ topK }) => ({ topK }),
    text: ({ topK }) =>
      topK.length === 0
        ? ['no class']
        : topK.map(
            ({ classId, prob, label }) =>
              `class_id: ${classId}, prob: ${pythonFloat(prob)}${labelText(label)}`,
          ),
    columns: { rank: 'count', classId: 'count', prob: 'float', label: 'text' },
    rows: ({ topK }) => topK.map(({ classId, prob, label }, index) => [index + 1, classId, prob, label]),
    marks: ({ topK }) => topK.map(({ prob, ...prediction }) => ({ ...prediction, score: prob })),
  },
  reference: {
    postProcess: ({ reading }) => reading,
    compare: ({ topK }, { answer, outputs }, { reading }) =>
      compareClasses(topK, answer, outputs[0]?.data ?? [], reading),
  },
}

function shownSize(size: ResizeTo | Size): number | string {
  if ('long' in size) return `${size.short} to ${size.long}`
  if ('short' in size) return size.short
  const { width, height } = size
  return width === height ? width : `${width}×${height}`
}
