import { amount, boolean, count, path, text } from '../../options/index.js'
import { ownFlags } from '../flags/option-flags.js'
import { groups, modelFlag, pythonFlag } from '../flags/shared-flags.js'
import { imageFlags, taskFlag } from '../flags/task-flags.js'
import { imgPathFlag, recursiveFlag } from '../infer/flags.js'
import { commonFlags, listFlags, secondsValue, shapesValue } from './list-flags.js'

/**
 * Defaults of the arguments. They are not passed to yargs, which would use them for a flag without a value.
 */
export const defaults = { tune: false, json: false, recursive: false, warmup: 3 } as const

const measured = 'What is measured:'

/** The flags of `benchmark`, in the order of the help. */
export const benchmarkFlags = {
  ...modelFlag,
  ...taskFlag,
  'img-path': {
    ...imgPathFlag,
    group: measured,
    describe:
      'Images to measure from files to results: files, folders, patterns, or - for paths on standard input ' +
      '[default: none; measure the network alone]',
  },
  recursive: { ...recursiveFlag.recursive, group: measured },
  ...Object.fromEntries(
    Object.entries(imageFlags).map(([name, flag]) => [name, { ...flag, group: measured }]),
  ),
  ...ownFlags(measured, {
    shape: [
      text,
      {
        several: true,
        common: true,
        coerce: shapesValue('shape'),
        describe:
          'Shape of an input for a batch of one: NAME=1,3,224,224 [default: as declared; images 224 × 224]',
      },
    ],
  }),
  ...listFlags,
  ...ownFlags('Search and duration:', {
    tune: [
      boolean,
      {
        common: true,
        describe: 'Search for the best setting; a list restricts the search to its values',
      },
    ],
    'max-seconds': [
      amount,
      {
        common: true,
        coerce: secondsValue('max-seconds'),
        describe: 'Start no further setting after this time [default: with --tune 60, else no limit]',
      },
    ],
    duration: [
      amount,
      {
        coerce: secondsValue('duration'),
        describe: 'Duration of each of the two measurements, in seconds [default: 2, with --tune 1]',
      },
    ],
    runs: [count(1), 'Measure this number of runs instead of a duration'],
    warmup: [count(0), `Runs of each worker before each setting [default: ${defaults.warmup}]`],
  }),
  ...ownFlags(groups.answers, {
    json: [boolean, { common: true, describe: 'Print JSON instead of the table' }],
    output: [path(), { common: true, describe: 'Write the JSON to FILE.json' }],
    report: [path(), { common: true, describe: 'Write a page with plots to FILE.html' }],
  }),
  ...commonFlags,
  ...pythonFlag,
}
