import { defaultModelFolder } from '../package-files.js'
import { always, countOf, pathOf, switchOf, under, wordOf } from './flag.js'
import { textValue } from './flag-values.js'
import { tellNote } from './notes.js'

/** The headings of the help, where commands share them. */
export const groups = {
  model: 'Model:',
  images: 'Images:',
  answers: 'Answers:',
  speed: 'Speed:',
  trouble: 'When something goes wrong:',
  general: 'General:',
} as const

/** The Python that a command runs. */
export const pythonFlag = under(groups.general, {
  python: {
    ...pathOf('python'),
    runsCode: always,
    isName: (value: string) => !value.includes('/'),
    describe: 'Python to use [default: PADDLE_TS_PYTHON, else the managed one]',
  },
})

/** The flags of every command. */
export const generalFlags = under(groups.general, {
  config: {
    type: 'string',
    requiresArg: true,
    kind: 'path',
    coerce: (given: unknown) => given === false || textValue('config')(given),
    describe:
      'JSON file of defaults for flags; --no-config: none [default: paddle-ts.config.json or package.json]',
  },
  quiet: {
    ...switchOf('quiet'),
    describe: 'Print answers and errors only, no progress, notes or warnings; as -q',
  },
})

/** The model of those commands that have one by default. */
export const modelFlag = under(groups.model, {
  'model-dir': {
    ...pathOf('model-dir'),
    describe:
      'Folder of the model, its prefix, or its program’s file [default: that of printed characters, 0–9 and A–Z]',
  },
})

/** The model, where none is named the one that comes with the package. */
export function modelOr(given: string | undefined): string {
  if (given !== undefined) return given
  tellNote('The model is the default one, of printed characters (0–9, A–Z); name another with --model-dir.\n')
  return defaultModelFolder
}

/** How images are cut to the network's size. */
export const sizeFlags = under(groups.images, {
  'resize-size': {
    ...countOf('resize-size', 1),
    describe: 'Pixels of the shorter side after resizing [default: inference.yml, else 256]',
  },
  'crop-size': {
    ...countOf('crop-size', 1),
    describe: 'Width and height of the part that is looked at [default: inference.yml, else 224]',
  },
})

/** What a model is taken for. */
export const taskFlag = under(groups.model, {
  task: {
    ...wordOf('task', ['classify', 'detect']),
    describe: "What to do: classify or detect [default: by the model's inference.yml or infer_cfg.yml]",
  },
})

/** How its answers are read. */
export const answerFlags = under(groups.answers, {
  'box-unit': {
    ...wordOf('box-unit', ['pixel', 'fraction']),
    describe: 'What the coordinates are that a detector puts out: pixel or fraction [default: by its family]',
  },
  labels: {
    ...pathOf('labels'),
    describe: "File with the names of the classes: lines or JSON [default: that of the model's yml]",
  },
})

/** How images are decoded. */
export const decodeFlags = under(groups.images, {
  'max-pixels': {
    ...countOf('max-pixels', 1),
    describe: 'The most pixels that an image may have [default: 268402689]',
  },
  exact: {
    ...switchOf('exact'),
    describe: 'Decode large JPEGs in full before they are resized: slower',
  },
})
