import { isOwnNetwork, misplacedOption, placeOf } from '../export/options.js'
import { wording } from '../wording.js'
import { dashed } from './argv.js'
import { commandOf, type Checked } from './command.js'
import { ensureInterpreter } from './ensure-interpreter.js'
import { exportFlags, exportOptions } from './export/flags.js'
import { optionsFromFlags } from './flags/option-flags.js'
import { interruption } from './terminal/interruption.js'
import { logWarning } from './terminal/log-warning.js'
import { showProgress } from './terminal/progress.js'
import { logNote } from './terminal/print.js'

interface ExportArguments {
  readonly model: string
  readonly 'save-inference-dir': string
  readonly python?: string | undefined
}

/** `paddle-ts export`: writes a network of paddle.vision.models, or the user's own, as an inference model. */
export const exportCommand = commandOf<ExportArguments>({
  name: 'export',
  describe: 'Export a network of paddle.vision.models, or one of your own, for inference',
  guide: 'docs/export.md',
  flags: exportFlags,
  optionFlags: exportOptions,
  examples: [
    ['The tutorial’s network:', 'paddle-ts export --save-inference-dir model'],
    [
      'With Paddle’s own weights:',
      'paddle-ts export --model resnet18 --pretrained --save-inference-dir resnet18',
    ],
    [
      'A network of your own, in net.py:',
      "paddle-ts export --model net.py:Net --input-spec 'x:float32[-1,3]' \\\n    --save-inference-dir own",
    ],
  ],
  check: wrongTogether,
  run: async (args) => {
    const { python } = args
    await ensureInterpreter({ python })
    const { exportModel } = await import('../export/index.js')
    const given = optionsFromFlags(exportOptions, args)
    const options = { ...given, python, signal: interruption, onWarning: logWarning }
    await showProgress((onProgress) => exportModel({ ...options, onProgress }))
    process.stdout.write(`inference model has been saved into ${args['save-inference-dir']}\n`)
    const { model, pretrained = false } = given ?? {}
    // A network of the user's own may load its weights itself.
    if (pretrained === false && !isOwnNetwork(model ?? '')) logNote(untrained)
  },
})

const untrained =
  'The network is untrained: its weights are random, so its results mean nothing. Trained ones: --pretrained.\n'

/** Checks valid flags for conflicts. @returns the message of a conflict, or `true` */
function wrongTogether(args: ExportArguments): Checked {
  const { model } = args
  const misplaced = misplacedOption(model, optionsFromFlags(exportOptions, args) ?? {})
  if (misplaced === undefined) return true
  const alone = misplaced === 'pretrained' ? ' without a file' : ''
  return wording`${{ flag: dashed(misplaced) }}${alone} ${placeOf(model)} only, not to ${model}.`
}
