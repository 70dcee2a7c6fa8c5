import { exportDefaults, exportFormats } from '../../export/options.js'
import { isOwnNetwork } from '../../export/own-network.js'
import { countOf, pathOf, switchOf, under, wordOf } from '../flag.js'
import { groups, pythonFlag } from '../shared-flags.js'
import { networkNames } from './network-names.js'
import { inputsValue, jsonValue, weightsValue } from './values.js'

/** The flags of `export`, in the order of its help. */
export const exportFlags = {
  ...under('Network:', {
    model: {
      ...pathOf('model'),
      default: exportDefaults.model,
      words: networkNames,
      isName: (value: string) => !isOwnNetwork(value),
      runsCode: isOwnNetwork,
      describe:
        'Network, by its name (an unknown one is answered with the list), or one of your own: FILE.py:NAME of a class ' +
        `or a function that gives a layer. It runs the file’s code [default: ${exportDefaults.model}]`,
    },
    'model-args': {
      type: 'string',
      requiresArg: true,
      kind: 'json',
      coerce: jsonValue('model-args'),
      describe:
        'What your own network is called with: a JSON object for keyword arguments, an array for others',
    },
    'input-spec': {
      type: 'string',
      array: true,
      requiresArg: true,
      kind: 'text',
      several: true,
      coerce: inputsValue,
      describe: 'An input of your own network, NAME:DTYPE[SHAPE] as x:float32[-1,3]; repeat it for several',
    },
    'img-size': {
      ...countOf('img-size', 1),
      describe: 'Height and width of the images in pixels [default: 224; 28 for LeNet]',
    },
    'num-classes': {
      ...countOf('num-classes', 1),
      describe: 'How many classes the answer has [default: 1000; 10 for LeNet]',
    },
    softmax: {
      ...switchOf('softmax'),
      describe:
        'Answer with probabilities [default, but for your own]; --no-softmax: with the network’s own output',
    },
  }),
  ...under('Weights:', {
    pretrained: {
      // Without a type, the flag alone is `true`, and differs from one with an empty value.
      kind: 'path',
      words: ['true', 'false'],
      runsCode: (value: string) => value !== 'true',
      coerce: weightsValue,
      describe:
        'Take Paddle’s own weights (downloaded), or those of a .pdparams FILE. Such a file can run code while it is ' +
        'read: give only one that you trust [default: random weights]',
    },
    seed: { ...countOf('seed', 0), describe: 'Make the random weights the same each time' },
  }),
  ...under('Files:', {
    'save-inference-dir': {
      ...pathOf('save-inference-dir'),
      default: exportDefaults.saveInferenceDir,
      describe: 'Folder to write into; it is made [default: .]',
    },
    format: {
      ...wordOf('format', exportFormats),
      default: exportDefaults.format,
      describe:
        'pdmodel: read by Paddle 2.6 and 3; json: by Paddle 3 only; both: with the same parameters [default: pdmodel]',
    },
    labels: {
      ...pathOf('labels'),
      describe: 'File with the names of the classes, one a line, for an inference.yml beside the model',
    },
  }),
  ...under(groups.general, {
    device: {
      ...wordOf('device', ['cpu', 'gpu']),
      default: exportDefaults.device,
      describe: 'Where to trace it: cpu or gpu [default: cpu]',
    },
  }),
  ...pythonFlag,
} as const
