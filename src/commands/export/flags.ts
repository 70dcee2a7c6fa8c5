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
      'The network: a name (for an unknown one, the error lists the known ones), or your own: FILE.py:NAME of a ' +
      'class or a function that returns a layer. Runs the file’s code',
  },
  modelArgs: {
    kind: 'json',
    coerce: jsonValue('model-args'),
    describe:
      'Arguments for your own network: a JSON object for keyword arguments, an array for positional ones',
  },
  inputSpec: {
    array: true,
    several: true,
    coerce: inputsValue,
    describe: 'An input of your own network: NAME:DTYPE[SHAPE], such as x:float32[-1,3]; can be repeated',
  },
  imgSize: 'Height and width of the images in pixels [default: 224; 28 for LeNet]',
  numClasses: 'Number of classes in the output [default: 1000; 10 for LeNet]',
  softmax:
    'Output probabilities [default, except for your own network]; --no-softmax: the network’s own output',
})

const weights = optionFlags<Pick<ExportOptions, 'seed'>>('Weights:', exportForm, {
  seed: 'Seed that makes random weights reproducible',
})

const files = optionFlags<Pick<ExportOptions, 'saveInferenceDir' | 'format' | 'labels'>>(
  'Files:',
  exportForm,
  {
    saveInferenceDir: {
      default: exportForm.saveInferenceDir.default,
      describe: 'Folder to write to; it is created',
    },
    format: 'pdmodel: for Paddle 2.6 and 3; json: for Paddle 3 only; both: with the same parameters',
    labels: 'File of class names, one per line, for an inference.yml beside the model',
  },
)

const device = optionFlags<Pick<ExportOptions, 'device'>>(groups.general, exportForm, {
  device: 'Where the network is traced: cpu or gpu',
})

const pretrained: FlagsOf<Pick<ExportOptions, 'pretrained'>> = {
  pretrained: [
    'pretrained',
    {
      // Without a type, the flag alone is `true`, unlike an empty value.
      group: 'Weights:',
      kind: 'path',
      words: ['true', 'false'],
      runsCode: (value: string) => value !== 'true',
      coerce: weightsValue,
      describe:
        'Download Paddle’s own weights, or load those of a .pdparams FILE. Loading a file can run code: use only ' +
        'files that you trust [default: random weights]',
    },
  ],
}

/** The flags of the options of the export, in the order of the help. */
export const exportOptions: FlagsOf<Omit<ExportOptions, 'python' | 'signal' | 'onProgress' | 'onWarning'>> = {
  ...network,
  ...pretrained,
  ...weights,
  ...files,
  ...device,
}

/** The flags of `export`. */
export const exportFlags = { ...asFlags(exportOptions), ...pythonFlag }

/** A `coerce` for a JSON object or array. */
function jsonValue(flag: string): (given: unknown) => ModelArgs {
  return (given) => {
    const text = String(lastOf(given))
    const value = parseJson(text)
    if (typeof value === 'object' && value !== null) return value as ModelArgs
    throw new Error(`Expected a JSON object or array for --${flag}, got ${shown(text)}.`)
  }
}

/** A `coerce` for the inputs of a network, one per flag. */
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

/** A `coerce` for weights: a file, or `true` for the flag alone. */
function weightsValue(value: unknown): string | boolean {
  const given = lastOf(value)
  if (typeof given === 'boolean') return given
  if (typeof given === 'string' && given !== '') return given
  throw new Error('Expected a .pdparams file for --pretrained, or the flag alone, got an empty value.')
}
