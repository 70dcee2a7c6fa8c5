import type { Argv, CommandModule } from 'yargs'
import { countValue, orWord, switchValue, textValue } from './flag-values.js'
import type { InferArguments } from './infer/run.js'
import { predictorFlags, predictorFlagsTogether } from './predictor-flags.js'

/**
 * What is not given. yargs is not told: it would take its own default for a flag without a value, such as a switch.
 */
const defaults = {
  imgPath: ['./images/demo.jpg'],
  benchmark: false,
  autoOrient: true,
  json: false,
} as const

type GivenArguments = Omit<InferArguments, keyof typeof defaults> & Partial<InferArguments>

/** `paddle-ts infer`: images in, classes out, with the flags of the tutorial's `infer.py`. */
export const inferCommand: CommandModule<object, GivenArguments> = {
  command: 'infer',
  describe: 'Classify images with an exported model',
  // yargs' types know a flag by its name with dashes only.
  builder: (yargs) =>
    yargs
      // `--img-path a --img-path b` are both meant; of other flags the last one counts.
      .parserConfiguration({ 'dot-notation': false, 'duplicate-arguments-array': true })
      // The command's own flags come first in the help.
      .group('model-dir', 'Options:')
      .options({
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
        'resize-size': {
          ...countOf('resize-size', 1),
          describe: 'Pixels of the shorter side after resizing [default: inference.yml, else 256]',
        },
        'crop-size': {
          ...countOf('crop-size', 1),
          describe: 'Width and height of the part that is looked at [default: inference.yml, else 224]',
        },
        warmup: { ...countOf('warmup', 0), default: 0, describe: 'Runs before the first image' },
        benchmark: {
          ...switchOf('benchmark'),
          describe: 'Print how long each step took: true or false [default: false]',
        },
        topk: {
          ...countOf('topk', 1),
          describe: 'How many of the best classes to tell [default: inference.yml, else 1]',
        },
        labels: {
          type: 'string',
          coerce: textValue('labels'),
          describe: 'File with the names of the classes, one a line [default: inference.yml]',
        },
        'auto-orient': {
          ...switchOf('auto-orient'),
          describe: 'Turn images as their EXIF orientation says; --no-auto-orient: as infer.py does',
        },
        json: { ...switchOf('json'), describe: 'Print JSON Lines' },
        output: {
          type: 'string',
          coerce: textValue('output'),
          describe: 'Write the answers to FILE.jsonl or FILE.csv instead of standard output',
        },
        workers: {
          ...countOf('workers', 1),
          coerce: orWord('auto', countValue('workers', 1)),
          describe: 'Python processes to share the images [default: auto, by the cores; 1 for a few files]',
        },
        ...predictorFlags,
        python: {
          type: 'string',
          coerce: textValue('python'),
          describe: 'Python to use [default: PADDLE_TS_PYTHON, else the managed one]',
        },
      })
      .check(wrongTogether) as Argv<unknown> as Argv<GivenArguments>,
  handler: async (args) => {
    const { infer } = await import('./infer/run.js')
    await infer({ ...defaults, ...args })
  },
}

function switchOf(flag: string) {
  return { type: 'string', coerce: switchValue(flag) } as const
}

function countOf(flag: string, least: number) {
  return { type: 'string', requiresArg: true, coerce: countValue(flag, least) } as const
}

/** What is wrong with flags that are right each by itself: the message, or `true`. */
async function wrongTogether(args: object): Promise<true | string> {
  const { modelDir, imgPath, batchSize, maxBatchSize, resizeSize, cropSize, json, output } = {
    ...defaults,
    ...(args as GivenArguments),
  }
  if (imgPath.length === 0 || imgPath.includes('')) return 'Expected a path for --img-path.'
  if (batchSize !== undefined && batchSize > maxBatchSize)
    return `--batch-size ${batchSize} is above --max-batch-size ${maxBatchSize}.`
  const { isAnswerFile, isJsonFile } = await import('./infer/answer-sink.js')
  if (output !== undefined && !isAnswerFile(output))
    return `Expected FILE.jsonl or FILE.csv for --output, got ${output}.`
  if (json && output !== undefined && !isJsonFile(output))
    return `--json and --output ${output} contradict each other: the answers go there as CSV.`
  const together = await predictorFlagsTogether(args)
  if (together !== true) return together
  const { fitSizes } = await import('./infer/fit-sizes.js')
  return fitSizes(modelDir, { resizeSize, cropSize })
}
