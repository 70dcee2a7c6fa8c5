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
    demandOption: 'Set the folder of the model: --model-dir DIR.',
    describe: 'Folder of the model, its prefix, or its program’s file; not a .json [required]',
  },
  outputDir: {
    name: 'save-dir',
    demandOption: 'Set the folder to write to: --save-dir DIR.',
    describe: 'Folder to write into; it is made [required]',
  },
})

const precision = optionFlags<
  Pick<ConvertOptions, 'precision' | 'backend' | 'keepIoTypes' | 'blackList' | 'whiteList'>
>(
  'Precision:',
  // The form's own kinds of these are written for programs.
  { ...convertForm, keepIoTypes: boolean, blackList: texts, whiteList: texts },
  {
    precision: {
      demandOption: 'Set the precision: --precision fp16 or bf16.',
      describe: 'What the operators compute in: fp16 or bf16 [required]',
    },
    backend: 'Device that the result is for: gpu, xpu or custom; use a wheel for it',
    keepIoTypes: 'Leave inputs and outputs float32 [default]; --no-keep-io-types: convert them too',
    blackList: 'Operators that are not converted: conv2d,softmax',
    whiteList: 'Operators that are converted even if the wheel knows none for the device',
  },
)

/** `paddle-ts convert`: a float32 model becomes one of mixed precision. */
export const convertCommand = commandOf<ConvertArguments>({
  name: 'convert',
  describe: 'Convert a model to mixed precision, for a GPU',
  guide: 'docs/formats.md',
  flags: { ...asFlags(folders), ...asFlags(precision), ...pythonFlag },
  examples: [
    ['For a GPU:', 'paddle-ts convert --model-dir model --save-dir model-fp16 --precision fp16'],
    [
      'All but some operators:',
      'paddle-ts convert --model-dir model --save-dir fp16 --precision fp16 \\\n    --black-list softmax',
    ],
  ],
  run: async (args) => {
    const { modelDir, saveDir, python } = args
    const { locateModel } = await import('../model/index.js')
    // What is wrong there should not be found after a Python was set up.
    await locateModel(modelDir)
    const { path } = await ensureInterpreter({ python })
    const { convertToMixedPrecision } = await import('../inference/index.js')
    // Those that have to be given are.
    const options = optionsFromFlags({ ...folders, ...precision }, args) as ConvertOptions
    const { operators } = await convertToMixedPrecision({ ...options, python: path, signal: interruption })
    process.stdout.write(
      `${counted(operators, 'operator computes', 'operators compute')} in ${options.precision}; ` +
        `the model has been saved into ${saveDir}\n`,
    )
  },
})
