import { countValue, orWord, wordValue } from '../flag-values.js'
import { predictorFlags } from '../predictor-flags.js'
import { precisions } from '../../inference/options/tensor-rt.js'
import { valuesOf } from './list-values.js'
import { executors } from './settings.js'

const list = {
  type: 'string',
  requiresArg: true,
  kind: 'number',
  several: true,
  group: 'One value, or several with commas between them:',
} as const

/** The flags that are varied. */
export const listFlags = {
  workers: {
    ...list,
    words: ['auto'],
    coerce: valuesOf(orWord('auto', countValue('workers', 1))),
    describe: 'Python processes: numbers, or auto for the cores [default: 1]',
  },
  'cpu-threads': {
    ...list,
    words: ['auto'],
    coerce: valuesOf(orWord('auto', countValue('cpu-threads', 1))),
    describe: 'Threads that one run may use: numbers, or auto for all cores [default: 1]',
  },
  'batch-size': {
    ...list,
    coerce: valuesOf(countValue('batch-size', 1)),
    describe: 'Samples that are run at once [default: 1]',
  },
  precision: {
    ...list,
    kind: 'text',
    words: precisions.words,
    coerce: valuesOf(wordValue('precision', precisions.words)),
    describe: 'fp32, fp16 (GPU), bf16 or int8 [default: fp32]',
  },
  executor: {
    ...list,
    kind: 'text',
    words: executors,
    coerce: valuesOf(wordValue('executor', executors)),
    describe:
      'Who runs the program: default, new-executor (infer’s --new-executor) or new-ir (its --new-ir --new-executor) ' +
      '[default: default]',
  },
} as const

/** Flags of a predictor for which there is a list. */
export const listed = {
  precision: undefined,
  'cpu-threads': undefined,
  'new-ir': undefined,
  'new-executor': undefined,
} as const

/** The predictor's flags that go for all settings. */
export const commonFlags: Partial<typeof predictorFlags> = Object.fromEntries(
  Object.entries(predictorFlags).filter(([name]) => !(name in listed)),
)
