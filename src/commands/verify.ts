import { boolean } from '../options/index.js'
import { commandOf } from './command.js'
import { ownFlags } from './flags/option-flags.js'
import { predictorFlags } from './flags/predictor-flags.js'
import { groups, modelFlag, modelOr, pythonFlag } from './flags/shared-flags.js'
import { imageFlags, resultFlags, taskFlag } from './flags/task-flags.js'
import { imgPathFlag, recursiveFlag } from './infer/flags.js'
import { defaults, type GivenArguments } from './verify/arguments.js'
import { checkVerifyFlags } from './verify/flag-conflicts.js'

/** `paddle-ts verify`: compares results with those of plain Python. */
export const verifyCommand = commandOf<GivenArguments>({
  name: 'verify',
  describe: 'Compare inputs, outputs and results with plain Python',
  guide: 'docs/verify.md',
  flags: {
    ...modelFlag,
    ...taskFlag,
    'img-path': {
      ...imgPathFlag,
      group: groups.images,
      describe: 'Images: files, folders, patterns, or - for paths on standard input [required]',
    },
    ...recursiveFlag,
    ...imageFlags,
    ...resultFlags,
    ...ownFlags(groups.answers, { json: [boolean, { common: true, describe: 'Print JSON Lines' }] }),
    ...predictorFlags,
    ...pythonFlag,
  },
  positional: { flag: 'img-path', shown: '<image…>' },
  examples: [
    ['One image:', 'paddle-ts verify images/demo.jpg -m model'],
    ['The five best classes of a folder’s images:', 'paddle-ts verify images -m model -k 5'],
  ],
  check: checkVerifyFlags,
  run: async (args) => {
    const { verify } = await import('./verify/run.js')
    await verify({ ...defaults, ...args, modelDir: modelOr(args.modelDir) })
  },
})
