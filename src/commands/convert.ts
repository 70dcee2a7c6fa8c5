import { counted } from '../wording.js'
import { commandOf } from './command.js'
import { pathOf, switchOf, under, wordOf } from './flag.js'
import { listValue } from './flag-values.js'
import { interruption } from './interruption.js'
import { readyInterpreter } from './ready-interpreter.js'
import { groups, pythonFlag } from './shared-flags.js'

interface ConvertArguments {
  readonly modelDir: string
  readonly saveDir: string
  readonly precision: 'fp16' | 'bf16'
  readonly backend?: 'gpu' | 'xpu' | 'custom' | undefined
  readonly keepIoTypes?: boolean | undefined
  readonly blackList?: string[] | undefined
  readonly whiteList?: string[] | undefined
  readonly python?: string | undefined
}

/** `paddle-ts convert`: a float32 model becomes one of mixed precision. */
export const convertCommand = commandOf<ConvertArguments>({
  name: 'convert',
  describe: 'Convert a model to mixed precision, for a GPU',
  guide: 'docs/formats.md',
  flags: {
    ...under(groups.model, {
      'model-dir': {
        ...pathOf('model-dir'),
        demandOption: 'Give the folder of a model: --model-dir DIR.',
        describe: 'Folder of the model, its prefix, or its program’s file; not a .json [required]',
      },
      'save-dir': {
        ...pathOf('save-dir'),
        demandOption: 'Give the folder to write into: --save-dir DIR.',
        describe: 'Folder to write into; it is made [required]',
      },
    }),
    ...under('Precision:', {
      precision: {
        ...wordOf('precision', ['fp16', 'bf16']),
        demandOption: 'Give the precision: --precision fp16 or bf16.',
        describe: 'What the operators compute in: fp16 or bf16 [required]',
      },
      backend: {
        ...wordOf('backend', ['gpu', 'xpu', 'custom']),
        describe: 'Device that the result is for: gpu, xpu or custom; use a wheel for it [default: gpu]',
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
    }),
    ...pythonFlag,
  },
  examples: [
    ['For a GPU:', 'paddle-ts convert --model-dir model --save-dir model-fp16 --precision fp16'],
    [
      'All but some operators:',
      'paddle-ts convert --model-dir model --save-dir fp16 --precision fp16 \\\n    --black-list softmax',
    ],
  ],
  run: async (given) => {
    const { modelDir, saveDir, precision, backend = 'gpu', keepIoTypes } = given
    const { blackList, whiteList, python } = given
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
      `${counted(operators, 'operator computes', 'operators compute')} in ${precision}; ` +
        `the model has been saved into ${saveDir}\n`,
    )
  },
})

function listOf(flag: string) {
  return { type: 'string', requiresArg: true, kind: 'text', several: true, coerce: listValue(flag) } as const
}
