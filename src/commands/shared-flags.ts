import { countOf, switchOf, textOf, wordOf } from './flag-values.js'

/** The Python that a command runs. */
export const pythonFlag = {
  python: {
    ...textOf('python'),
    describe: 'Python to use [default: PADDLE_TS_PYTHON, else the managed one]',
  },
} as const

/** How images are cut to the network's size. */
export const sizeFlags = {
  'resize-size': {
    ...countOf('resize-size', 1),
    describe: 'Pixels of the shorter side after resizing [default: inference.yml, else 256]',
  },
  'crop-size': {
    ...countOf('crop-size', 1),
    describe: 'Width and height of the part that is looked at [default: inference.yml, else 224]',
  },
} as const

/** What a model is taken for. */
export const taskFlag = {
  task: {
    ...wordOf('task', ['classify', 'detect']),
    describe: "What to do: classify or detect [default: by the model's inference.yml or infer_cfg.yml]",
  },
} as const

/** How its answers are read. */
export const answerFlags = {
  'box-unit': {
    ...wordOf('box-unit', ['pixel', 'fraction']),
    describe: 'What the coordinates are that a detector puts out: pixel or fraction [default: by its family]',
  },
  labels: {
    ...textOf('labels'),
    describe: "File with the names of the classes: lines or JSON [default: that of the model's yml]",
  },
} as const

/** How images are decoded. */
export const decodeFlags = {
  'max-pixels': {
    ...countOf('max-pixels', 1),
    describe: 'The most pixels that an image may have [default: 268402689]',
  },
  exact: {
    ...switchOf('exact'),
    describe: 'Decode large JPEGs in full before they are resized: slower',
  },
} as const
