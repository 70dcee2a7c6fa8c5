import type { Argv, CommandModule } from 'yargs'
import type { InputSpec } from '../export/input-spec.js'
import type { ModelArgs } from '../export/model-args.js'
import { exportDefaults, exportFormats, type ExportFormat } from '../export/options.js'
import { misplacedOption, placeOf } from '../export/own-network.js'
import { inputsValue, jsonValue } from './export-values.js'
import { countValue, lastOf, switchValue, textValue } from './flag-values.js'
import { interruption } from './interruption.js'
import { readyInterpreter } from './ready-interpreter.js'
import { showProgress } from './show-progress.js'
import { pythonFlag } from './shared-flags.js'

interface ExportArguments {
  readonly model: string
  readonly modelArgs?: ModelArgs | undefined
  readonly inputSpec?: readonly InputSpec[] | undefined
  readonly imgSize?: number | undefined
  readonly 'save-inference-dir': string
  readonly pretrained?: string | boolean | undefined
  readonly numClasses?: number | undefined
  readonly device: 'cpu' | 'gpu'
  readonly format: ExportFormat
  readonly seed?: number | undefined
  readonly softmax?: boolean | undefined
  readonly labels?: string | undefined
  readonly python?: string | undefined
}

/** `paddle-ts export`: a network of paddle.vision.models, or of the user's own, becomes the files of an inference model. */
export const exportCommand: CommandModule<object, ExportArguments> = {
  command: 'export',
  describe: 'Export a network of paddle.vision.models, or one of your own, for inference',
  builder: (yargs) =>
    // File names that are numbers stay as they are written.
    yargs
      .parserConfiguration({
        'dot-notation': false,
        'parse-numbers': false,
        'duplicate-arguments-array': true,
      })
      .options({
        model: {
          type: 'string',
          requiresArg: true,
          default: exportDefaults.model,
          coerce: textValue('model'),
          describe:
            'Network, by its name (an unknown one is answered with the list), or one of your own: FILE.py:NAME of a class ' +
            'or a function that gives a layer. It runs the file’s code',
        },
        'model-args': {
          type: 'string',
          requiresArg: true,
          coerce: jsonValue('model-args'),
          describe:
            'What your own network is called with: a JSON object for keyword arguments, an array for others',
        },
        'input-spec': {
          type: 'string',
          array: true,
          requiresArg: true,
          coerce: inputsValue,
          describe:
            'An input of your own network, NAME:DTYPE[SHAPE] as x:float32[-1,3]; repeat it for several',
        },
        'img-size': {
          type: 'string',
          requiresArg: true,
          coerce: countValue('img-size', 1),
          describe: 'Height and width of the images in pixels [default: 224; 28 for LeNet]',
        },
        'save-inference-dir': {
          type: 'string',
          requiresArg: true,
          default: exportDefaults.saveInferenceDir,
          coerce: textValue('save-inference-dir'),
          describe: 'Folder to write into; it is made',
        },
        pretrained: {
          // Without a type, the flag alone is `true`, and differs from one with an empty value.
          coerce: weightsValue,
          describe:
            'Take Paddle’s own weights (downloaded), or those of a .pdparams FILE. Such a file can run code while it is ' +
            'read: give only one that you trust [default: random weights]',
        },
        'num-classes': {
          type: 'string',
          requiresArg: true,
          coerce: countValue('num-classes', 1),
          describe: 'How many classes the answer has [default: 1000; 10 for LeNet]',
        },
        device: {
          choices: ['cpu', 'gpu'],
          coerce: lastOf,
          requiresArg: true,
          default: exportDefaults.device,
          describe: 'Where to trace it',
        },
        format: {
          choices: exportFormats,
          coerce: lastOf,
          requiresArg: true,
          default: exportDefaults.format,
          describe:
            'pdmodel: read by Paddle 2.6 and 3; json: by Paddle 3 only; both: with the same parameters',
        },
        seed: {
          type: 'string',
          requiresArg: true,
          coerce: countValue('seed', 0),
          describe: 'Make the random weights the same each time',
        },
        softmax: {
          // yargs' own booleans would take `--softmax=True` for false.
          type: 'string',
          coerce: switchValue('softmax'),
          describe:
            'Answer with probabilities [default, but for your own]; --no-softmax: with the network’s own output',
        },
        labels: {
          type: 'string',
          requiresArg: true,
          coerce: textValue('labels'),
          describe: 'File with the names of the classes, one a line, for an inference.yml beside the model',
        },
        ...pythonFlag,
      })
      .check(wrongTogether) as Argv<unknown> as Argv<ExportArguments>,
  handler: async ({ 'save-inference-dir': saveInferenceDir, python, ...given }) => {
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
}

/** What is wrong with flags that are right each by itself: the message, or `true`. */
function wrongTogether(given: object): true | string {
  const { model, ...others } = given as ExportArguments
  const misplaced = misplacedOption(model, others)
  if (misplaced === undefined) return true
  const flag = misplaced === 'pretrained' ? 'pretrained without a file' : kebab(misplaced)
  return `--${flag} ${placeOf(model)} only, not with ${model}.`
}

function kebab(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)
}

/** `true` for the flag alone. */
function weightsValue(value: unknown): string | boolean {
  const given = lastOf(value)
  if (typeof given === 'boolean') return given
  if (typeof given === 'string' && given !== '') return given
  throw new Error('Expected a .pdparams file for --pretrained, or the flag alone, got an empty value.')
}
