import { withPrewarmed } from '../inference/worker/prewarm.js'
import { commandOf } from './command.js'
import { modelOr } from './flags/shared-flags.js'
import { defaults, type GivenArguments } from './infer/arguments.js'
import { inferFlags } from './infer/flags.js'

/** `paddle-ts infer`: classes, boxes or vectors of images, with the flags of the tutorial's `infer.py`. */
export const inferCommand = commandOf<GivenArguments>({
  name: 'infer',
  describe: 'Classify or segment images, detect objects, or compute feature vectors',
  guide: 'docs/infer.md',
  flags: inferFlags,
  positional: { flag: 'img-path', shown: '[image…]' },
  examples: [
    ['With the built-in model:', 'paddle-ts infer images/characters'],
    ['The five best classes of one image:', 'paddle-ts infer images/demo.jpg -m model -k 5'],
    [
      'A folder, with the results in a file, and annotated images:',
      'paddle-ts infer images -m model -o results.jsonl --save-dir drawn',
    ],
    ['Paths from another command:', 'ls images/*.jpg | paddle-ts infer - -m model --json'],
  ],
  check: async (args) => {
    const { checkInferFlags } = await import('./infer/flag-conflicts.js')
    return checkInferFlags(args)
  },
  run: async (args, { early }) => {
    const { infer } = await import('./infer/run.js')
    await infer(withPrewarmed({ ...defaults, ...args, modelDir: modelOr(args.modelDir) }, early))
  },
})
