import { boolean } from '../options/index.js'
import { commandOf } from './command.js'
import { ensureInterpreter } from './ensure-interpreter.js'
import { ownFlags } from './flags/option-flags.js'
import { predictorFlags, predictorFlagsTogether, predictorOptionsOf } from './flags/predictor-flags.js'
import { printText } from './terminal/print.js'
import { groups, modelFlag, modelOr, pythonFlag } from './flags/shared-flags.js'

interface InspectArguments {
  readonly modelDir?: string | undefined
  readonly json?: boolean | undefined
  readonly python?: string | undefined
}

/** `paddle-ts inspect`: describes a model, and what the wheel does with it with the given flags. */
export const inspectCommand = commandOf<InspectArguments>({
  name: 'inspect',
  describe: 'Describe a model, and what the wheel does with it',
  guide: 'docs/formats.md',
  flags: {
    ...modelFlag,
    ...ownFlags(groups.answers, { json: [boolean, { common: true, describe: 'Print JSON' }] }),
    ...predictorFlags,
    ...pythonFlag,
  },
  positional: { flag: 'model-dir', shown: '[model]' },
  examples: [
    ['Inputs, outputs, operators and settings:', 'paddle-ts inspect model'],
    ['With other settings:', 'paddle-ts inspect model --cpu-threads 2 --no-one-dnn'],
    ['For a program:', 'paddle-ts inspect model --json'],
  ],
  check: predictorFlagsTogether,
  run: async (args) => {
    const { json, python } = args
    const modelDir = modelOr(args.modelDir)
    const options = predictorOptionsOf(args)
    const { locateModel } = await import('../model/index.js')
    // Report a missing model before installing a Python.
    await locateModel(modelDir, options.params)
    await ensureInterpreter({ python })
    const { examineModel } = await import('./inspect/examine-model.js')
    const answer = await examineModel({ ...options, model: modelDir, python })
    const { asText } = await import('./inspect/as-text.js')
    if (json) process.stdout.write(`${JSON.stringify(answer, undefined, 2)}\n`)
    else printText(asText(modelDir, answer))
  },
})
