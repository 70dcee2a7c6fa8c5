import type { Argv, CommandModule } from 'yargs'
import type { BenchmarkArguments } from './benchmark/arguments.js'
import { commonFlags, listFlags } from './benchmark/list-flags.js'
import { secondsValue, shapesValue } from './benchmark/list-values.js'
import { countOf, switchOf, textOf } from './flag-values.js'
import { pythonFlag, sizeFlags } from './shared-flags.js'

/** What is not given. yargs is not told: it would take its own default for a flag without a value, such as a switch. */
const defaults = { tune: false, json: false, warmup: 3 } as const

type GivenArguments = Omit<BenchmarkArguments, keyof typeof defaults> & Partial<BenchmarkArguments>

/** `paddle-ts benchmark`: how fast a model is on this machine, and with which flags it is fastest. */
export const benchmarkCommand: CommandModule<object, GivenArguments> = {
  command: 'benchmark',
  describe: 'Measure how fast a model is here, and with which flags it is fastest',
  // yargs' types know a flag by its name with dashes only.
  builder: (yargs) =>
    yargs
      // `--workers 1 --workers 2` are both meant; of other flags the last one counts.
      .parserConfiguration({
        'dot-notation': false,
        'duplicate-arguments-array': true,
        'parse-numbers': false,
      })
      // The command's own flags come first in the help.
      .group('model-dir', 'Options:')
      .options({
        'model-dir': {
          ...textOf('model-dir'),
          demandOption: 'Give the folder of a model: --model-dir DIR.',
          describe: 'Folder of the model, its prefix, or its program’s file',
        },
        'img-path': {
          type: 'string',
          array: true,
          describe:
            'Measure the way from files to answers: files, folders, patterns, or - for paths on standard input ' +
            '[default: the network alone, fed with made tensors]',
        },
        ...sizeFlags,
        shape: {
          type: 'string',
          requiresArg: true,
          coerce: shapesValue('shape'),
          describe:
            'NAME=1,3,224,224: an input’s shape for a batch of one [default: as declared; images 224 × 224]',
        },
        ...listFlags,
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
        json: { ...switchOf('json'), describe: 'Print JSON instead of the table' },
        output: { ...textOf('output'), describe: 'Write the JSON to FILE.json' },
        report: { ...textOf('report'), describe: 'Write a page with plots to FILE.html' },
        ...commonFlags,
        ...pythonFlag,
      })
      .check(async (args) => {
        const { wrongTogether } = await import('./benchmark/wrong-together.js')
        return wrongTogether({ ...defaults, ...(args as unknown as GivenArguments) })
      }) as Argv<unknown> as Argv<GivenArguments>,
  handler: async (args) => {
    const { benchmark } = await import('./benchmark/run.js')
    await benchmark({ ...defaults, ...args })
  },
}

function secondsOf(flag: string) {
  return { type: 'string', requiresArg: true, coerce: secondsValue(flag) } as const
}
