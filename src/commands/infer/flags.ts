import { expectedHost, isHost } from '../../download/limits.js'
import { filePath, isFileUrl } from '../../file-url.js'
import { boolean, count, path, texts } from '../../options/index.js'
import { webUrlOf } from '../../web-url.js'
import { itemsValue, ownFlags } from '../flags/option-flags.js'
import { predictorFlags } from '../flags/predictor-flags.js'
import { groups, modelFlag, pythonFlag } from '../flags/shared-flags.js'
import { imageFlags, resultFlags, speedFlags, taskFlag, troubleFlags } from '../flags/task-flags.js'
import { standardInput } from '../images/find-images.js'
import { defaults } from './arguments.js'

/** The images of every command that takes some. */
export const imgPathFlag = {
  type: 'string',
  array: true,
  kind: 'path',
  several: true,
  common: true,
  isName: (value: string) => value === standardInput || isFileUrl(value) || webUrlOf(value) !== undefined,
  coerce: (given: unknown) => [given].flat().map((path) => filePath(String(path)) ?? path),
} as const

/** Which images of a folder a command takes. */
export const recursiveFlag = ownFlags(groups.images, {
  recursive: [
    boolean,
    { common: true, describe: 'Also take the images in subfolders of a folder [default: false]' },
  ],
})

/** The flags of `infer`, in the order of the help. */
export const inferFlags = {
  ...modelFlag,
  ...taskFlag,
  'img-path': {
    ...imgPathFlag,
    group: groups.images,
    describe: `Images: files, folders, patterns, or - for paths on standard input [default: ${defaults.imgPath[0]}]`,
  },
  ...recursiveFlag,
  ...ownFlags(groups.images, {
    'allow-urls': [boolean, 'Download images that are http: or https: URLs [default: false]'],
    'allow-hosts': [
      texts,
      {
        coerce: itemsValue('allow-hosts', expectedHost, (host) => (isHost(host) ? host : undefined)),
        describe:
          'Hosts without a public address that --allow-urls may reach: addresses, ranges or names, separated by commas',
      },
    ],
  }),
  ...imageFlags,
  ...resultFlags,
  ...ownFlags(groups.answers, {
    json: [boolean, { common: true, describe: 'Print JSON Lines' }],
    output: [
      path(),
      {
        common: true,
        describe:
          'Write the results to FILE.jsonl, FILE.csv or, for feature vectors, FILE.npy instead of standard output',
      },
    ],
    resume: [
      boolean,
      { common: true, describe: 'Continue where the FILE.jsonl of --output ends [default: false]' },
    ],
    'save-dir': [
      path(),
      {
        common: true,
        describe: 'Folder to also save each image to, annotated with its classes, boxes or segments',
      },
    ],
  }),
  ...speedFlags,
  ...ownFlags(groups.speed, {
    'max-batch-size': [count(1), { default: 16, describe: 'Upper limit for --batch-size [default: 16]' }],
    'use-gpu': [boolean, 'Run on the first GPU [default: false]'],
    warmup: [count(0), { default: 0, describe: 'Runs before the first image [default: 0]' }],
    benchmark: [boolean, 'Print how long each step took [default: false]'],
  }),
  ...ownFlags(groups.trouble, {
    verbose: [boolean, 'Log worker starts, exits, retries and recycling to standard error [default: false]'],
  }),
  ...troubleFlags,
  ...predictorFlags,
  // Replaces the predictor's flag of this name, which limits the loading of the model.
  ...ownFlags(groups.trouble, {
    'timeout-ms': [
      count(1),
      `Milliseconds that a batch may take to compute, before its worker is replaced [default: ${defaults.timeoutMs}]`,
    ],
  }),
  ...pythonFlag,
}
