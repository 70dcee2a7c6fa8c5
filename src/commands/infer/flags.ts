import { boolean, count, path } from '../../options/index.js'
import { ownFlags } from '../flags/option-flags.js'
import { predictorFlags } from '../flags/predictor-flags.js'
import { groups, modelFlag, pythonFlag } from '../flags/shared-flags.js'
import { imageFlags, resultFlags, speedFlags, taskFlag, troubleFlags } from '../flags/task-flags.js'
import { standardInput } from '../images/find-images.js'
import { defaults } from './arguments.js'

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
  'img-path': {
    ...imgPathFlag,
    group: groups.images,
    describe: `Images: files, folders, patterns, or - for paths on standard input [default: ${defaults.imgPath[0]}]`,
  },
  ...imageFlags,
  ...resultFlags,
  ...ownFlags(groups.answers, {
    json: [boolean, 'Print JSON Lines'],
    output: [
      path(),
      'Write the answers to FILE.jsonl, FILE.csv or, of feature vectors, FILE.npy instead of standard output',
    ],
    resume: [boolean, 'Go on where the FILE.jsonl of --output ends, after a crash or Ctrl-C'],
    'save-dir': [path(), 'Folder that each image is written to, with its classes or boxes drawn upon it'],
  }),
  ...speedFlags,
  ...ownFlags(groups.speed, {
    'max-batch-size': [
      count(1),
      { default: 16, describe: 'The most that --batch-size may be [default: 16]' },
    ],
    'use-gpu': [boolean, 'Run on the first GPU: true or false [default: false]'],
    warmup: [count(0), { default: 0, describe: 'Runs before the first image [default: 0]' }],
    benchmark: [boolean, 'Print how long each step took: true or false [default: false]'],
  }),
  ...ownFlags(groups.trouble, { verbose: [boolean, 'Tell on standard error what happens to the workers'] }),
  ...troubleFlags,
  ...predictorFlags,
  // Of a predictor by itself it is the time of its start.
  ...ownFlags(groups.trouble, {
    'timeout-ms': [
      count(1),
      `Milliseconds that a batch may take before its worker is replaced [default: ${defaults.timeoutMs}]`,
    ],
  }),
  ...pythonFlag,
}
