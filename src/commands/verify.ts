import { boolean } from '../options/index.js'
import { commandOf } from './command.js'
import { ownFlags } from './flags/option-flags.js'
import { predictorFlags } from './flags/predictor-flags.js'
import { groups, modelFlag, modelOr, pythonFlag } from './flags/shared-flags.js'
import { imageFlags, resultFlags, taskFlag } from './flags/task-flags.js'
import { imgPathFlag } from './infer/flags.js'
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
      demandOption: 'Set the images to compare: --img-path PATH….',
      describe: 'Images: files, folders, patterns, or - for paths on standard input [required]',
    },
    ...imageFlags,
    ...resultFlags,
    ...ownFlags(groups.answers, { json: [boolean, 'Print JSON Lines'] }),
    ...predictorFlags,
    ...pythonFlag,
  },
  examples: [
    ['One image:', 'paddle-ts verify --model-dir model --img-path images/demo.jpg'],
    [
      'The five best classes of a folder’s images:',
      'paddle-ts verify --model-dir model --img-path images --topk 5',
    ],
  ],
  check: checkVerifyFlags,
  run: async (args) => {
    const { verify } = await import('./verify/run.js')
    await verify({ ...defaults, ...args, modelDir: modelOr(args.modelDir) })
  },
})
