import { amount, boolean, count, path, text } from '../../options/index.js'
import { ownFlags } from '../flags/option-flags.js'
import { groups, modelFlag, pythonFlag } from '../flags/shared-flags.js'
import { imageFlags, taskFlag } from '../flags/task-flags.js'
import { imgPathFlag } from '../infer/flags.js'
import { commonFlags, listFlags, secondsValue, shapesValue } from './list-flags.js'

/** What is not given. yargs is not told: it would take its own default for a flag without a value, such as a switch. */
export const defaults = { tune: false, json: false, warmup: 3 } as const

const measured = 'What is measured:'

/** The flags of `benchmark`, in the order of its help. */
export const benchmarkFlags = {
  ...modelFlag,
  ...taskFlag,
  'img-path': {
    ...imgPathFlag,
    group: measured,
    describe:
      'Measure the way from files to answers: files, folders, patterns, or - for paths on standard input ' +
      '[default: the network alone, fed with made tensors]',
  },
  ...Object.fromEntries(
    Object.entries(imageFlags).map(([name, flag]) => [name, { ...flag, group: measured }]),
  ),
  ...ownFlags(measured, {
    shape: [
      text,
      {
        several: true,
        coerce: shapesValue('shape'),
        describe:
          'NAME=1,3,224,224: an input’s shape for a batch of one [default: as declared; images 224 × 224]',
      },
    ],
  }),
  ...listFlags,
  ...ownFlags('How long:', {
    tune: [boolean, 'Search for the best of them; a list restricts the search to its values'],
    'max-seconds': [
      amount,
      {
        coerce: secondsValue('max-seconds'),
        describe: 'Begin no other setting after this time [default: with --tune 60, else no limit]',
      },
    ],
    duration: [
      amount,
      {
        coerce: secondsValue('duration'),
        describe: 'Seconds that each of a setting’s two measurements takes [default: 2, with --tune 1]',
      },
    ],
    runs: [count(1), 'So many runs for each measurement instead of a duration'],
    warmup: [count(0), `Runs of each worker before each setting [default: ${defaults.warmup}]`],
  }),
  ...ownFlags(groups.answers, {
    json: [boolean, 'Print JSON instead of the table'],
    output: [path(), 'Write the JSON to FILE.json'],
    report: [path(), 'Write a page with plots to FILE.html'],
  }),
  ...commonFlags,
  ...pythonFlag,
}
