import { countOf, pathOf, switchOf, under } from '../flag.js'
import { imgPathFlag } from '../infer/flags.js'
import { groups, modelFlag, pythonFlag } from '../shared-flags.js'
import { sizeFlags } from '../task-flags.js'
import { commonFlags, listFlags } from './list-flags.js'
import { secondsValue, shapesValue } from './list-values.js'

/** What is not given. yargs is not told: it would take its own default for a flag without a value, such as a switch. */
export const defaults = { tune: false, json: false, warmup: 3 } as const

/** The flags of `benchmark`, in the order of its help. */
export const benchmarkFlags = {
  ...modelFlag,
  ...under('What is measured:', {
    'img-path': {
      ...imgPathFlag,
      describe:
        'Measure the way from files to answers: files, folders, patterns, or - for paths on standard input ' +
        '[default: the network alone, fed with made tensors]',
    },
    ...sizeFlags,
    shape: {
      type: 'string',
      requiresArg: true,
      kind: 'text',
      several: true,
      coerce: shapesValue('shape'),
      describe:
        'NAME=1,3,224,224: an input’s shape for a batch of one [default: as declared; images 224 × 224]',
    },
  }),
  ...listFlags,
  ...under('How long:', {
    tune: {
      ...switchOf('tune'),
      describe: 'Search for the best of them; a list restricts the search to its values',
    },
    'max-seconds': {
      ...secondsOf('max-seconds'),
      describe: 'Begin no other setting after this time [default: with --tune 60, else no limit]',
    },
    duration: {
      ...secondsOf('duration'),
      describe: 'Seconds that each of a setting’s two measurements takes [default: 2, with --tune 1]',
    },
    runs: {
      ...countOf('runs', 1),
      describe: 'So many runs for each measurement instead of a duration',
    },
    warmup: {
      ...countOf('warmup', 0),
      describe: `Runs of each worker before each setting [default: ${defaults.warmup}]`,
    },
  }),
  ...under(groups.answers, {
    json: { ...switchOf('json'), describe: 'Print JSON instead of the table' },
    output: { ...pathOf('output'), describe: 'Write the JSON to FILE.json' },
    report: { ...pathOf('report'), describe: 'Write a page with plots to FILE.html' },
  }),
  ...commonFlags,
  ...pythonFlag,
} as const

function secondsOf(flag: string) {
  return { type: 'string', requiresArg: true, kind: 'number', coerce: secondsValue(flag) } as const
}
