import type { ConvertOptions } from '../inference/index.js'
import { convertForm } from '../inference/one-shot/convert-options.js'
import { boolean, texts } from '../options/index.js'
import { counted } from '../wording.js'
import { commandOf } from './command.js'
import { ensureInterpreter } from './ensure-interpreter.js'
import { asFlags, optionFlags, optionsFromFlags } from './flags/option-flags.js'
import { groups, pythonFlag } from './flags/shared-flags.js'
import { interruption } from './terminal/interruption.js'

interface ConvertArguments {
  readonly modelDir: string
  readonly saveDir: string
  readonly python?: string | undefined
}

const folders = optionFlags<Pick<ConvertOptions, 'model' | 'outputDir'>>(groups.model, convertForm, {
  model: {
    name: 'model-dir',
    demandOption: 'Name the folder of the model: paddle-ts convert DIR.',
    describe: 'Folder of the model, its prefix, or its program’s file; not a .json [required]',
  },
  outputDir: {
    name: 'save-dir',
    demandOption: 'Set the folder to write to: --save-dir DIR.',
    describe: 'Folder to write to, other than the model’s own; it is created [required]',
  },
})

const precision = optionFlags<
  Pick<ConvertOptions, 'precision' | 'backend' | 'keepIoTypes' | 'blackList' | 'whiteList'>
>(
  'Precision:',
  // The kinds of these options are for programs, not for flags.
  { ...convertForm, keepIoTypes: boolean, blackList: texts, whiteList: texts },
  {
    precision: {
      demandOption: 'Set the precision: --precision fp16 or bf16.',
      describe: 'Precision of the converted operators: fp16 or bf16 [required]',
    },
    backend: 'Device that the result is for: gpu, xpu or custom; requires a wheel for this device',
    keepIoTypes: 'Keep inputs and outputs float32 [default]; --no-keep-io-types: convert them too',
    blackList: 'Operators not to convert, comma-separated',
    whiteList: 'Operators to convert even if the wheel has none for the device, comma-separated',
  },
)

const options = { ...folders, ...precision }

/** `paddle-ts convert`: converts a float32 model to mixed precision. */
export const convertCommand = commandOf<ConvertArguments>({
  name: 'convert',
  describe: 'Convert a model to mixed precision, for a GPU',
  guide: 'docs/formats.md',
  flags: { ...asFlags(options), ...pythonFlag },
  optionFlags: options,
  positional: { flag: 'model-dir', shown: '<model>' },
  examples: [
    ['For a GPU:', 'paddle-ts convert model --save-dir model-fp16 --precision fp16'],
    [
      'All but some operators:',
      'paddle-ts convert model --save-dir fp16 --precision fp16 \\\n    --black-list softmax',
    ],
  ],
  run: async (args) => {
    const { modelDir, saveDir, python } = args
    const { locateModel } = await import('../model/index.js')
    // Report a missing model before installing a Python.
    await locateModel(modelDir)
    await ensureInterpreter({ python })
    const { convertToMixedPrecision } = await import('../inference/index.js')
    // The parser has checked that the required flags are given.
    const given = optionsFromFlags(options, args) as ConvertOptions
    const { operators } = await convertToMixedPrecision({ ...given, python, signal: interruption })
    process.stdout.write(
      `${counted(operators, 'operator computes', 'operators compute')} in ${given.precision}; ` +
        `the model has been saved into ${saveDir}\n`,
    )
  },
})
