import { countOf, textOf } from './flag-values.js'

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
