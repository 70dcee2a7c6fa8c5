import { boolean, path } from '../../options/index.js'
import { defaultModelFolder } from '../../package-files.js'
import { logNote } from '../terminal/stderr-log.js'
import { always, textValue } from './flag.js'
import { ownFlags } from './option-flags.js'

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
export const pythonFlag = ownFlags(groups.general, {
  python: [
    path(),
    {
      runsCode: always,
      isName: (value) => !value.includes('/'),
      describe: 'Python to use [default: PADDLE_TS_PYTHON, else the managed one]',
    },
  ],
})

/** The flags of every command. */
export const generalFlags = ownFlags(groups.general, {
  config: [
    path(),
    {
      coerce: (given) => given === false || textValue('config')(given),
      describe:
        'JSON file of defaults for flags; --no-config: none [default: paddle-ts.config.json or package.json]',
    },
  ],
  quiet: [boolean, 'Print answers and errors only, no progress, notes or warnings; as -q'],
})

/** The model of those commands that have one by default. */
export const modelFlag = ownFlags(groups.model, {
  'model-dir': [
    path(),
    'Folder of the model, its prefix, or its program’s file [default: that of printed characters, 0–9 and A–Z]',
  ],
})

/** The model, where none is named the one that comes with the package. */
export function modelOr(given: string | undefined): string {
  if (given !== undefined) return given
  logNote('The model is the default one, of printed characters (0–9, A–Z); name another with --model-dir.\n')
  return defaultModelFolder
}
