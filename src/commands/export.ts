import type { CommandModule } from 'yargs'
import { exportDefaults } from '../export/options.js'
import { countValue, switchValue, textValue } from './flag-values.js'
import { interruption } from './interruption.js'
import { readyInterpreter } from './ready-interpreter.js'
import { showProgress } from './show-progress.js'

interface ExportArguments {
  readonly model: string
  readonly imgSize?: number | undefined
  readonly 'save-inference-dir': string
  readonly pretrained?: string | boolean | undefined
  readonly numClasses?: number | undefined
  readonly device: 'cpu' | 'gpu'
  readonly format: 'pdmodel' | 'json'
  readonly seed?: number | undefined
  readonly softmax?: boolean | undefined
  readonly labels?: string | undefined
  readonly python?: string | undefined
}

/** `paddle-ts export`: a network of paddle.vision.models becomes the files of an inference model. */
export const exportCommand: CommandModule<object, ExportArguments> = {
  command: 'export',
  describe: 'Export a network of paddle.vision.models for inference',
  builder: (yargs) =>
    // File names that are numbers stay as they are written.
    yargs.parserConfiguration({ 'dot-notation': false, 'parse-numbers': false }).options({
      model: {
        type: 'string',
        requiresArg: true,
        default: exportDefaults.model,
        coerce: textValue('model'),
        describe: 'Network, by its name; an unknown one is answered with the list',
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
        choices: ['cpu', 'gpu'] as const,
        requiresArg: true,
        default: exportDefaults.device,
        describe: 'Where to trace it',
      },
      format: {
        choices: ['pdmodel', 'json'] as const,
        requiresArg: true,
        default: exportDefaults.format,
        describe: 'pdmodel: read by Paddle 2.6 and 3; json: by Paddle 3 only',
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
        describe: 'Answer with probabilities [default]; --no-softmax: with the network’s own output',
      },
      labels: {
        type: 'string',
        requiresArg: true,
        coerce: textValue('labels'),
        describe: 'File with the names of the classes, one a line, for an inference.yml beside the model',
      },
      python: {
        type: 'string',
        requiresArg: true,
        coerce: textValue('python'),
        describe: 'Python to use [default: PADDLE_TS_PYTHON, else the managed one]',
      },
    }),
  handler: async ({ 'save-inference-dir': saveInferenceDir, pretrained, python, ...given }) => {
    const { path } = await readyInterpreter({ python })
    const { exportModel } = await import('../export/index.js')
    const { model, imgSize, numClasses, device, format, seed, softmax, labels } = given
    await showProgress((onProgress) =>
      exportModel({
        ...{ model, imgSize, saveInferenceDir, numClasses, device, format, seed, softmax, labels },
        pretrained,
        python: path,
        signal: interruption,
        onProgress,
      }),
    )
    process.stdout.write(`inference model has been saved into ${saveInferenceDir}\n`)
  },
}

/** `true` for the flag alone. */
function weightsValue(given: unknown): string | boolean {
  if (typeof given === 'boolean') return given
  if (typeof given === 'string' && given !== '') return given
  throw new Error('Expected a .pdparams file for --pretrained, or the flag alone, got an empty value.')
}
