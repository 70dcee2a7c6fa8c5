import { commandOf } from './command.js'
import { countOf, fractionOf, switchOf, under } from './flag.js'
import { predictorFlags } from './predictor-flags.js'
import { answerFlags, decodeFlags, groups, modelFlag, modelOr } from './shared-flags.js'
import { pythonFlag, sizeFlags, taskFlag } from './shared-flags.js'
import { imgPathFlag } from './infer/flags.js'
import { defaults, type GivenArguments } from './verify/arguments.js'
import { wrongTogether } from './verify/wrong-together.js'

/** `paddle-ts verify`: whether plain Python gives the same answers. */
export const verifyCommand = commandOf<GivenArguments>({
  name: 'verify',
  describe: 'Compare with plain Python: what is fed, what comes out, and the answers',
  guide: 'docs/verify.md',
  flags: {
    ...modelFlag,
    ...taskFlag,
    ...under(groups.images, {
      'img-path': {
        ...imgPathFlag,
        demandOption: 'Give the images to compare: --img-path PATH….',
        describe: 'Images: files, folders, patterns, or - for paths on standard input [required]',
      },
    }),
    ...sizeFlags,
    ...under(groups.images, {
      'auto-orient': {
        ...switchOf('auto-orient'),
        describe: 'Turn images as their EXIF orientation says, on both sides; --no-auto-orient: leave them',
      },
    }),
    ...decodeFlags,
    ...under(groups.answers, {
      topk: {
        ...countOf('topk', 1),
        describe: 'How many of the best classes to compare [default: inference.yml, else 1]',
      },
      threshold: {
        ...fractionOf('threshold'),
        describe:
          'Compare boxes, or classes, of a score above it, 0 to 1 [default: that of the model, else 0.5]',
      },
    }),
    ...answerFlags,
    ...under(groups.answers, { json: { ...switchOf('json'), describe: 'Print JSON Lines' } }),
    ...predictorFlags,
    ...pythonFlag,
  },
  examples: [
    ['One image:', 'paddle-ts verify --model-dir model --img-path images/demo.jpg'],
    ['A folder, the five best classes:', 'paddle-ts verify --model-dir model --img-path images --topk 5'],
  ],
  check: wrongTogether,
  run: async (args) => {
    const { verify } = await import('./verify/run.js')
    await verify({ ...defaults, ...args, modelDir: modelOr(args.modelDir) })
  },
})
