import { count, either, word } from '../../options/index.js'
import type { CommandFlags } from '../flag.js'
import { ownFlags } from '../option-flags.js'
import { predictorFlags } from '../predictor-flags.js'
import { precisions } from '../../inference/options/tensor-rt.js'
import { valuesOf } from './list-values.js'
import { executors } from './settings.js'

const single = ownFlags('One value, or several with commas between them:', {
  workers: [either(count(1), word('auto')), 'Python processes: numbers, or auto for the cores [default: 1]'],
  'cpu-threads': [
    either(count(1), word('auto')),
    'Threads that one run may use: numbers, or auto for all cores [default: 1]',
  ],
  'batch-size': [count(1), 'Samples that are run at once [default: 1]'],
  precision: [precisions, 'fp32, fp16 (GPU), bf16 or int8 [default: fp32]'],
  executor: [
    word(...executors),
    'Who runs the program: default, new-executor (infer’s --new-executor) or new-ir (its --new-ir --new-executor) ' +
      '[default: default]',
  ],
})

/** The flags that are varied. */
export const listFlags: CommandFlags = Object.fromEntries(
  Object.entries(single).map(([name, flag]) => [
    name,
    { ...flag, several: true, coerce: valuesOf((item) => flag.coerce?.(item)) },
  ]),
)

/** Flags of a predictor for which there is a list. */
export const listed = {
  precision: undefined,
  'cpu-threads': undefined,
  'new-ir': undefined,
  'new-executor': undefined,
} as const

/** The predictor's flags that go for all settings. */
export const commonFlags: CommandFlags = Object.fromEntries(
  Object.entries(predictorFlags).filter(([name]) => !(name in listed)),
)
