import type { Argv, CommandModule } from 'yargs'
import { textOf } from './flag-values.js'
import { predictorFlags, predictorFlagsTogether, predictorOptionsOf } from './predictor-flags.js'
import { readyInterpreter } from './ready-interpreter.js'
import { pythonFlag } from './shared-flags.js'

interface InspectArguments {
  readonly modelDir: string
  readonly json: boolean
  readonly python?: string | undefined
}

/** `paddle-ts inspect`: what a model is, and what the wheel would do with it, under the flags of a predictor. */
export const inspectCommand: CommandModule<object, InspectArguments> = {
  command: 'inspect',
  describe: 'Say what a model is, and what the wheel would do with it',
  builder: (yargs) =>
    yargs
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
        json: { type: 'boolean', default: false, describe: 'Print the answer as JSON' },
        ...predictorFlags,
        ...pythonFlag,
      })
      .check(predictorFlagsTogether) as Argv<unknown> as Argv<InspectArguments>,
  handler: async (args) => {
    const { modelDir, json, python } = args
    const options = predictorOptionsOf(args)
    const { locateModel } = await import('../model/index.js')
    // What is wrong there should not be found after a Python was set up.
    await locateModel(modelDir, options.params)
    const { path } = await readyInterpreter({ python })
    const { examineModel } = await import('./inspect/examine-model.js')
    const answer = await examineModel({ ...options, model: modelDir, python: path })
    const { asText } = await import('./inspect/as-text.js')
    process.stdout.write(json ? `${JSON.stringify(answer, undefined, 2)}\n` : asText(modelDir, answer))
  },
}
