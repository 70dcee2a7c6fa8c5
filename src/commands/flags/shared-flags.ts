import { boolean, path } from '../../options/index.js'
import { defaultModelFolder } from '../../package-files.js'
import { webUrlOf } from '../../web-url.js'
import { logNote } from '../terminal/print.js'
import { always, textValue } from './flag.js'
import { ownFlags } from './option-flags.js'

/** Headings of the help that commands share. */
export const groups = {
  model: 'Model:',
  images: 'Images:',
  answers: 'Results:',
  speed: 'Speed:',
  trouble: 'Failures and recycling:',
  general: 'General:',
} as const

/** The Python that a command runs. */
export const pythonFlag = ownFlags(groups.general, {
  python: [
    path(),
    {
      common: true,
      runsCode: always,
      isName: (value) => !value.includes('/'),
      describe: 'The Python to use [default: PADDLE_TS_PYTHON, else the managed one]',
    },
  ],
})

/** The flags of every command. */
export const generalFlags = ownFlags(groups.general, {
  config: [
    path(),
    {
      common: true,
      coerce: (given) => given === false || textValue('config')(given),
      describe:
        'JSON file of defaults for flags; --no-config: none [default: paddle-ts.config.json or package.json]',
    },
  ],
  quiet: [
    boolean,
    { common: true, describe: 'Print results and errors only: no progress, notes or warnings' },
  ],
})

/** The model flag of commands with a default model. */
export const modelFlag = ownFlags(groups.model, {
  'model-dir': [
    path(),
    {
      common: true,
      // Refused, but not read as a path in the folder of a file of defaults.
      isName: (value) => webUrlOf(value) !== undefined,
      describe:
        'Folder of the model, its prefix, or its program’s file [default: the built-in model: printed characters, 0–9 and A–Z]',
    },
  ],
})

/** The given model, else the built-in one, with a note. */
export function modelOr(given: string | undefined): string {
  if (given !== undefined) return given
  logNote('Using the built-in model for printed characters (0–9, A–Z); choose another with --model-dir.\n')
  return defaultModelFolder
}
