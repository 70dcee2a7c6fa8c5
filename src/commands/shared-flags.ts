import { defaultModelFolder } from '../package-files.js'
import { always, pathOf, switchOf, under, wordOf } from './flag.js'
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

/** What a model is taken for. */
export const taskFlag = under(groups.model, {
  task: {
    ...wordOf('task', ['classify', 'detect']),
    describe: "What to do: classify or detect [default: by the model's inference.yml or infer_cfg.yml]",
  },
})
