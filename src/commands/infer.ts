import type { Argv, CommandModule } from 'yargs'
import { defaults, type GivenArguments } from './infer/arguments.js'
import { inferFlags } from './infer/flags.js'

/** `paddle-ts infer`: images in, classes or boxes out, with the flags of the tutorial's `infer.py`. */
export const inferCommand: CommandModule<object, GivenArguments> = {
  command: 'infer',
  describe: 'Classify images, or find objects in them',
  // yargs' types know a flag by its name with dashes only.
  builder: (yargs) =>
    yargs
      // `--img-path a --img-path b` are both meant; of other flags the last one counts.
      .parserConfiguration({ 'dot-notation': false, 'duplicate-arguments-array': true })
      // The command's own flags come first in the help.
      .group('model-dir', 'Options:')
      .options(inferFlags)
      .check(async (args) => {
        const { wrongTogether } = await import('./infer/wrong-together.js')
        return wrongTogether(args as unknown as GivenArguments)
      }) as Argv<unknown> as Argv<GivenArguments>,
  handler: async (args) => {
    const { infer } = await import('./infer/run.js')
    await infer({ ...defaults, ...args })
  },
}
