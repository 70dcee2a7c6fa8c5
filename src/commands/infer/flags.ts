import { countOf, fractionOf, pathOf, switchOf, under } from '../flag.js'
import { countValue, orWord } from '../flag-values.js'
import { predictorFlags } from '../predictor-flags.js'
import {
  answerFlags,
  decodeFlags,
  groups,
  modelFlag,
  pythonFlag,
  sizeFlags,
  taskFlag,
} from '../shared-flags.js'
import { defaults } from './arguments.js'
import { standardInput } from './standard-input.js'

/** Images, whatever is done with them. */
export const imgPathFlag = {
  type: 'string',
  array: true,
  kind: 'path',
  several: true,
  isName: (value: string) => value === standardInput,
} as const

/** The flags of `infer`, in the order of its help. */
export const inferFlags = {
  ...modelFlag,
  ...taskFlag,
  ...under(groups.images, {
    'img-path': {
      ...imgPathFlag,
      describe: `Images: files, folders, patterns, or - for paths on standard input [default: ${defaults.imgPath[0]}]`,
    },
  }),
  ...sizeFlags,
  ...under(groups.images, {
    'auto-orient': {
      ...switchOf('auto-orient'),
      describe: 'Turn images as their EXIF orientation says; --no-auto-orient: as infer.py does',
    },
  }),
  ...decodeFlags,
  ...under(groups.answers, {
    topk: {
      ...countOf('topk', 1),
      describe: 'How many of the best classes to tell [default: inference.yml, else 1]',
    },
    threshold: {
      ...fractionOf('threshold'),
      describe: 'Tell boxes of a score above it, 0 to 1 [default: that of the model, else 0.5]',
    },
  }),
  ...answerFlags,
  ...under(groups.answers, {
    json: { ...switchOf('json'), describe: 'Print JSON Lines' },
    output: {
      ...pathOf('output'),
      describe: 'Write the answers to FILE.jsonl or FILE.csv instead of standard output',
    },
    resume: {
      ...switchOf('resume'),
      describe: 'Go on where the FILE.jsonl of --output ends, after a crash or Ctrl-C',
    },
    'save-dir': {
      ...pathOf('save-dir'),
      describe: 'Folder that each image is written to, with its classes or boxes drawn upon it',
    },
  }),
  ...under(groups.speed, {
    'batch-size': {
      ...countOf('batch-size', 1),
      describe: 'The most images that are run at once [default: 8]',
    },
    'max-batch-size': {
      ...countOf('max-batch-size', 1),
      default: 16,
      describe: 'The most that --batch-size may be [default: 16]',
    },
    workers: {
      ...countOf('workers', 1),
      coerce: orWord('auto', countValue('workers', 1)),
      words: ['auto'],
      describe: 'Python processes to share the images [default: auto, by the cores; 1 for a few files]',
    },
    'use-gpu': {
      ...switchOf('use-gpu'),
      describe: 'Run on the first GPU: true or false [default: false]',
    },
    warmup: { ...countOf('warmup', 0), default: 0, describe: 'Runs before the first image [default: 0]' },
    benchmark: {
      ...switchOf('benchmark'),
      describe: 'Print how long each step took: true or false [default: false]',
    },
  }),
  ...under(groups.trouble, {
    verbose: {
      ...switchOf('verbose'),
      describe: 'Tell on standard error what happens to the workers',
    },
    retries: {
      ...countOf('retries', 0),
      describe: 'How often images are tried again whose worker died or took too long [default: 2]',
    },
    'max-rss-mb': {
      ...countOf('max-rss-mb', 1),
      describe: 'Renew a worker that uses more memory, in MiB [default: no limit]',
    },
    'max-runs-per-worker': {
      ...countOf('max-runs-per-worker', 1),
      describe: 'Renew a worker after so many batches [default: no limit]',
    },
    'start-timeout-ms': {
      ...countOf('start-timeout-ms', 1),
      describe: 'Milliseconds that a worker may take to start [default: 300000]',
    },
  }),
  ...predictorFlags,
  // Of a predictor by itself it is the time of its start.
  ...under(groups.trouble, {
    'timeout-ms': {
      ...countOf('timeout-ms', 1),
      describe: `Milliseconds that a batch may take before its worker is replaced [default: ${defaults.timeoutMs}]`,
    },
  }),
  ...pythonFlag,
} as const
