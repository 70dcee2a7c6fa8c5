import { countOf, pathOf, switchOf, under } from '../flag.js'
import { predictorFlags } from '../predictor-flags.js'
import { groups, modelFlag, pythonFlag, taskFlag } from '../shared-flags.js'
import { answerFlags, decodeFlags, scoreFlags, sizeFlags, speedFlags, troubleFlags } from '../task-flags.js'
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
  ...decodeFlags,
  ...scoreFlags,
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
  ...speedFlags,
  ...under(groups.speed, {
    'max-batch-size': {
      ...countOf('max-batch-size', 1),
      default: 16,
      describe: 'The most that --batch-size may be [default: 16]',
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
  }),
  ...troubleFlags,
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
