import type { Argv, CommandModule } from 'yargs'
import { countOf, fractionOf, switchOf, textOf } from './flag-values.js'
import { predictorFlags } from './predictor-flags.js'
import { answerFlags, decodeFlags, pythonFlag, sizeFlags, taskFlag } from './shared-flags.js'
import { defaults, type GivenArguments } from './verify/arguments.js'
import { wrongTogether } from './verify/wrong-together.js'

/** `paddle-ts verify`: whether plain Python gives the same answers. */
export const verifyCommand: CommandModule<object, GivenArguments> = {
  command: 'verify',
  describe: 'Compare with plain Python: what is fed, what comes out, and the answers',
  // yargs' types know a flag by its name with dashes only.
  builder: (yargs) =>
    yargs
      // `--img-path a --img-path b` are both meant; of other flags the last one counts.
      .parserConfiguration({ 'dot-notation': false, 'duplicate-arguments-array': true })
      // The command's own flags come first in the help.
      .group('model-dir', 'Options:')
      .options({
        'model-dir': {
          ...textOf('model-dir'),
          demandOption: 'Give the folder of a model: --model-dir DIR.',
          describe: 'Folder of the model, or its prefix',
        },
        'img-path': {
          type: 'string',
          array: true,
          demandOption: 'Give the images to compare: --img-path PATH….',
          describe: 'Images: files, folders, patterns, or - for paths on standard input',
        },
        ...taskFlag,
        ...sizeFlags,
        topk: {
          ...countOf('topk', 1),
          describe: 'How many of the best classes to compare [default: inference.yml, else 1]',
        },
        threshold: {
          ...fractionOf('threshold'),
          describe:
            'Compare boxes, or classes, of a score above it, 0 to 1 [default: that of the model, else 0.5]',
        },
        ...answerFlags,
        'auto-orient': {
          ...switchOf('auto-orient'),
          describe: 'Turn images as their EXIF orientation says, on both sides; --no-auto-orient: leave them',
        },
        ...decodeFlags,
        json: { ...switchOf('json'), describe: 'Print JSON Lines' },
        ...predictorFlags,
        ...pythonFlag,
      })
      .check(async (args) =>
        wrongTogether(args as unknown as GivenArguments),
      ) as Argv<unknown> as Argv<GivenArguments>,
  handler: async (args) => {
    const { verify } = await import('./verify/run.js')
    await verify({ ...defaults, ...args })
  },
}
