import { countOf, countValue, fractionOf, orWord, switchOf, textOf, textValue } from '../flag-values.js'
import { predictorFlags } from '../predictor-flags.js'
import { defaults } from './arguments.js'
import { answerFlags, decodeFlags, pythonFlag, sizeFlags, taskFlag } from '../shared-flags.js'

const reliability = 'When something goes wrong:'

/** The flags of `infer`, as yargs takes them, in the order of its help. */
export const inferFlags = {
  'model-dir': {
    type: 'string',
    demandOption:
      'Give the folder of a model: --model-dir DIR (make one: paddle-ts export --save-inference-dir DIR).',
    coerce: textValue('model-dir'),
    describe: 'Folder of the model, or its prefix',
  },
  'img-path': {
    type: 'string',
    array: true,
    describe: `Images: files, folders, patterns, or - for paths on standard input [default: ${defaults.imgPath[0]}]`,
  },
  ...taskFlag,
  'use-gpu': {
    ...switchOf('use-gpu'),
    describe: 'Run on the first GPU: true or false [default: false]',
  },
  'batch-size': {
    ...countOf('batch-size', 1),
    describe: 'The most images that are run at once [default: 8]',
  },
  'max-batch-size': {
    ...countOf('max-batch-size', 1),
    default: 16,
    describe: 'The most that --batch-size may be',
  },
  ...sizeFlags,
  warmup: { ...countOf('warmup', 0), default: 0, describe: 'Runs before the first image' },
  benchmark: {
    ...switchOf('benchmark'),
    describe: 'Print how long each step took: true or false [default: false]',
  },
  topk: {
    ...countOf('topk', 1),
    describe: 'How many of the best classes to tell [default: inference.yml, else 1]',
  },
  threshold: {
    ...fractionOf('threshold'),
    describe: 'Tell boxes of a score above it, 0 to 1 [default: that of the model, else 0.5]',
  },
  ...answerFlags,
  'auto-orient': {
    ...switchOf('auto-orient'),
    describe: 'Turn images as their EXIF orientation says; --no-auto-orient: as infer.py does',
  },
  ...decodeFlags,
  json: { ...switchOf('json'), describe: 'Print JSON Lines' },
  output: {
    ...textOf('output'),
    describe: 'Write the answers to FILE.jsonl or FILE.csv instead of standard output',
  },
  resume: {
    ...switchOf('resume'),
    describe: 'Go on where the FILE.jsonl of --output ends, after a crash or Ctrl-C',
  },
  'save-dir': {
    ...textOf('save-dir'),
    describe: 'Folder that each image is written to, with its classes or boxes drawn upon it',
  },
  workers: {
    ...countOf('workers', 1),
    coerce: orWord('auto', countValue('workers', 1)),
    describe: 'Python processes to share the images [default: auto, by the cores; 1 for a few files]',
  },
  retries: {
    ...countOf('retries', 0),
    group: reliability,
    describe: 'How often images are tried again whose worker died or took too long [default: 2]',
  },
  'max-rss-mb': {
    ...countOf('max-rss-mb', 1),
    group: reliability,
    describe: 'Renew a worker that uses more memory, in MiB [default: no limit]',
  },
  'max-runs-per-worker': {
    ...countOf('max-runs-per-worker', 1),
    group: reliability,
    describe: 'Renew a worker after so many batches [default: no limit]',
  },
  'start-timeout-ms': {
    ...countOf('start-timeout-ms', 1),
    group: reliability,
    describe: 'Milliseconds that a worker may take to start [default: 300000]',
  },
  ...predictorFlags,
  // Of a predictor by itself it is the time of its start.
  'timeout-ms': {
    ...countOf('timeout-ms', 1),
    group: reliability,
    describe: `Milliseconds that a batch may take before its worker is replaced [default: ${defaults.timeoutMs}]`,
  },
  verbose: {
    ...switchOf('verbose'),
    group: reliability,
    describe: 'Tell on standard error what happens to the workers',
  },
  ...pythonFlag,
} as const
