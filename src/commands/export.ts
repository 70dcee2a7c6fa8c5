import { commandOf, type Checked } from './command.js'
import type { ExportFormat, InputSpec, ModelArgs } from '../export/index.js'
import { misplacedOption, placeOf } from '../export/own-network.js'
import { wording } from '../wording.js'
import { exportFlags } from './export/flags.js'
import { interruption } from './interruption.js'
import { readyInterpreter } from './ready-interpreter.js'
import { showProgress } from './show-progress.js'

interface ExportArguments {
  readonly model: string
  readonly modelArgs?: ModelArgs | undefined
  readonly inputSpec?: readonly InputSpec[] | undefined
  readonly imgSize?: number | undefined
  readonly 'save-inference-dir': string
  readonly pretrained?: string | boolean | undefined
  readonly numClasses?: number | undefined
  readonly device?: 'cpu' | 'gpu' | undefined
  readonly format?: ExportFormat | undefined
  readonly seed?: number | undefined
  readonly softmax?: boolean | undefined
  readonly labels?: string | undefined
  readonly python?: string | undefined
}

/** `paddle-ts export`: a network of paddle.vision.models, or of the user's own, becomes the files of an inference model. */
export const exportCommand = commandOf<ExportArguments>({
  name: 'export',
  describe: 'Export a network of paddle.vision.models, or one of your own, for inference',
  guide: 'docs/export.md',
  flags: exportFlags,
  examples: [
    ['The network of the tutorial:', 'paddle-ts export --save-inference-dir model'],
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
  run: async ({ 'save-inference-dir': saveInferenceDir, python, ...given }) => {
    const { path } = await readyInterpreter({ python })
    const { exportModel } = await import('../export/index.js')
    const { model, modelArgs, inputSpec, pretrained, seed } = given
    const { imgSize, numClasses, softmax, labels, device, format } = given
    await showProgress((onProgress) =>
      exportModel({
        ...{ model, modelArgs, inputSpec, pretrained, seed, imgSize, numClasses, softmax, labels },
        ...{ device, format, saveInferenceDir, python: path, signal: interruption, onProgress },
      }),
    )
    process.stdout.write(`inference model has been saved into ${saveInferenceDir}\n`)
  },
})

/** What is wrong with flags that are right each by itself: the message, or `true`. */
function wrongTogether({ model, ...others }: ExportArguments): Checked {
  const misplaced = misplacedOption(model, others)
  if (misplaced === undefined) return true
  const alone = misplaced === 'pretrained' ? ' without a file' : ''
  return wording`${{ flag: kebab(misplaced) }}${alone} ${placeOf(model)} only, not with ${model}.`
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}
