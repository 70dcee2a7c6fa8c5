import { parseInputSpec, type InputSpec } from '../../export/input-spec.js'
import { exportForm, isOwnNetwork, type ExportOptions, type ModelArgs } from '../../export/options.js'
import { parseJson } from '../../json.js'
import { lastOf, shown } from '../flags/flag.js'
import { asFlags, optionFlags, type FlagsOf } from '../flags/option-flags.js'
import { groups, pythonFlag } from '../flags/shared-flags.js'
import { networkNames } from './network-names.js'

const network = optionFlags<
  Pick<ExportOptions, 'model' | 'modelArgs' | 'inputSpec' | 'imgSize' | 'numClasses' | 'softmax'>
>('Network:', exportForm, {
  model: {
    kind: 'path',
    default: exportForm.model.default,
    words: networkNames,
    isName: (value: string) => !isOwnNetwork(value),
    runsCode: isOwnNetwork,
    describe:
      'Network, by its name (an unknown one is answered with the list), or one of your own: FILE.py:NAME of a class ' +
      'or a function that gives a layer. It runs the file’s code',
  },
  modelArgs: {
    kind: 'json',
    coerce: jsonValue('model-args'),
    describe:
      'What your own network is called with: a JSON object for keyword arguments, an array for others',
  },
  inputSpec: {
    array: true,
    several: true,
    coerce: inputsValue,
    describe: 'An input of your own network, NAME:DTYPE[SHAPE] as x:float32[-1,3]; repeat it for several',
  },
  imgSize: 'Height and width of the images in pixels [default: 224; 28 for LeNet]',
  numClasses: 'How many classes the answer has [default: 1000; 10 for LeNet]',
  softmax:
    'Answer with probabilities [default, but for your own]; --no-softmax: with the network’s own output',
})

const weights = optionFlags<Pick<ExportOptions, 'seed'>>('Weights:', exportForm, {
  seed: 'Make the random weights the same each time',
})

const files = optionFlags<Pick<ExportOptions, 'saveInferenceDir' | 'format' | 'labels'>>(
  'Files:',
  exportForm,
  {
    saveInferenceDir: {
      default: exportForm.saveInferenceDir.default,
      describe: 'Folder to write into; it is made',
    },
    format: 'pdmodel: read by Paddle 2.6 and 3; json: by Paddle 3 only; both: with the same parameters',
    labels: 'File with the names of the classes, one a line, for an inference.yml beside the model',
  },
)

const device = optionFlags<Pick<ExportOptions, 'device'>>(groups.general, exportForm, {
  device: 'Where to trace it: cpu or gpu',
})

const pretrained: FlagsOf<Pick<ExportOptions, 'pretrained'>> = {
  pretrained: [
    'pretrained',
    {
      // Without a type, the flag alone is `true`, and differs from one with an empty value.
      group: 'Weights:',
      kind: 'path',
      words: ['true', 'false'],
      runsCode: (value: string) => value !== 'true',
      coerce: weightsValue,
      describe:
        'Take Paddle’s own weights (downloaded), or those of a .pdparams FILE. Such a file can run code while it is ' +
        'read: give only one that you trust [default: random weights]',
    },
  ],
}

/** The flags of the export's options, in the order of the help. */
export const exportOptions: FlagsOf<Omit<ExportOptions, 'python' | 'signal' | 'onProgress'>> = {
  ...network,
  ...pretrained,
  ...weights,
  ...files,
  ...device,
}

/** The flags of `export`. */
export const exportFlags = { ...asFlags(exportOptions), ...pythonFlag }

/** A `coerce` for JSON that is an object or an array. */
function jsonValue(flag: string): (given: unknown) => ModelArgs {
  return (given) => {
    const text = String(lastOf(given))
    const value = parseJson(text)
    if (typeof value === 'object' && value !== null) return value as ModelArgs
    throw new Error(`Expected a JSON object or array for --${flag}, got ${shown(text)}.`)
  }
}

/** A `coerce` for the inputs of a network, one a flag. */
function inputsValue(given: unknown): InputSpec[] {
  const specs = (given as readonly unknown[]).map((text) => {
    try {
      return parseInputSpec(String(text))
    } catch (error) {
      throw new Error(`--input-spec: ${(error as Error).message}`, { cause: error })
    }
  })
  const names = specs.map(({ name }) => name)
  const twice = names.find((name, index) => names.indexOf(name) !== index)
  if (twice !== undefined) throw new Error(`--input-spec describes ${twice} twice.`)
  return specs
}

/** A `coerce` for weights: `true` for the flag alone. */
function weightsValue(value: unknown): string | boolean {
  const given = lastOf(value)
  if (typeof given === 'boolean') return given
  if (typeof given === 'string' && given !== '') return given
  throw new Error('Expected a .pdparams file for --pretrained, or the flag alone, got an empty value.')
}
