import type { Argv, CommandModule } from 'yargs'
import { listValue, switchOf, textOf } from './flag-values.js'
import { interruption } from './interruption.js'
import { readyInterpreter } from './ready-interpreter.js'
import { pythonFlag } from './shared-flags.js'

interface ConvertArguments {
  readonly modelDir: string
  readonly saveDir: string
  readonly precision: 'fp16' | 'bf16'
  readonly backend: 'gpu' | 'xpu' | 'custom'
  readonly keepIoTypes?: boolean | undefined
  readonly blackList?: string[] | undefined
  readonly whiteList?: string[] | undefined
  readonly python?: string | undefined
}

/** `paddle-ts convert`: a float32 model becomes one of mixed precision. */
export const convertCommand: CommandModule<object, ConvertArguments> = {
  command: 'convert',
  describe: 'Convert a model to mixed precision, for a GPU',
  builder: (yargs) =>
    yargs.parserConfiguration({ 'parse-numbers': false }).options({
      'model-dir': {
        ...textOf('model-dir'),
        demandOption: 'Give the folder of a model: --model-dir DIR.',
        describe: 'Folder of the model, its prefix, or its program’s file; not a .json',
      },
      'save-dir': {
        ...textOf('save-dir'),
        demandOption: 'Give the folder to write into: --save-dir DIR.',
        describe: 'Folder to write into; it is made',
      },
      precision: {
        choices: ['fp16', 'bf16'] as const,
        requiresArg: true,
        demandOption: 'Give the precision: --precision fp16 or bf16.',
        describe: 'What the operators compute in',
      },
      backend: {
        choices: ['gpu', 'xpu', 'custom'] as const,
        requiresArg: true,
        default: 'gpu' as const,
        describe: 'Device that the result is for; use a wheel for it',
      },
      'keep-io-types': {
        ...switchOf('keep-io-types'),
        describe: 'Leave inputs and outputs float32 [default]; --no-keep-io-types: convert them too',
      },
      'black-list': { ...listOf('black-list'), describe: 'Operators that are not converted: conv2d,softmax' },
      'white-list': {
        ...listOf('white-list'),
        describe: 'Operators that are converted even if the wheel knows none for the device',
      },
      ...pythonFlag,
    }) as Argv<unknown> as Argv<ConvertArguments>,
  handler: async (given) => {
    const { modelDir, saveDir, precision, backend, keepIoTypes, blackList, whiteList, python } = given
    const { locateModel } = await import('../model/index.js')
    // What is wrong there should not be found after a Python was set up.
    await locateModel(modelDir)
    const { path } = await readyInterpreter({ python })
    const { convertToMixedPrecision } = await import('../inference/index.js')
    const { operators } = await convertToMixedPrecision({
      ...{ precision, backend, keepIoTypes, blackList, whiteList },
      model: modelDir,
      outputDir: saveDir,
      python: path,
      signal: interruption,
    })
    process.stdout.write(
      `${operators} ${operators === 1 ? 'operator computes' : 'operators compute'} in ${precision}; ` +
        `the model has been saved into ${saveDir}\n`,
    )
  },
}

function listOf(flag: string) {
  return { type: 'string', requiresArg: true, coerce: listValue(flag) } as const
}
