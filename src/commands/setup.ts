import type { EnvironmentOptions } from '../environment/index.js'
import { environmentForm } from '../environment/options.js'
import { commandOf } from './command.js'
import { always } from './flag.js'
import { findFlagError } from './in-flags.js'
import { interruption } from './interruption.js'
import { logNote } from './notes.js'
import { asFlags, optionsFromFlags, optionFlags } from './option-flags.js'
import { groups } from './shared-flags.js'
import { showProgress } from './show-progress.js'

const flags = optionFlags<Omit<EnvironmentOptions, 'verify' | 'signal' | 'onProgress'>>(
  'Paddle:',
  environmentForm,
  {
    paddleVersion: 'Version of Paddle’s wheel, from 2.6 [default: the pinned one]',
    device: 'Which wheel: cpu or gpu',
    indexUrl: {
      runsCode: always,
      describe: 'Package index to install from, such as Paddle’s for a version of CUDA',
    },
    wheel: { runsCode: always, describe: 'Downloaded wheel file to install' },
    basePython: {
      name: 'python',
      group: groups.general,
      runsCode: always,
      isName: (value: string) => !value.includes('/'),
      describe: 'Python to make it from [default: the newest suitable one on the PATH]',
    },
    force: { group: groups.general, describe: 'Make it anew even if it works' },
  },
)

/** `paddle-ts setup`: makes the managed Python, or sees that it works. */
export const setupCommand = commandOf({
  name: 'setup',
  describe: 'Make or repair the Python that paddle-ts runs',
  guide: 'docs/environment.md',
  flags: asFlags(flags),
  examples: [
    ['Make it, or see that it works:', 'paddle-ts setup'],
    ['With another version of Paddle:', 'paddle-ts setup --paddle-version 3.2.2'],
    ['From a wheel that was downloaded:', 'paddle-ts setup --wheel paddlepaddle.whl'],
  ],
  check: async (args) => {
    const { environmentSpec } = await import('../environment/index.js')
    return findFlagError(() => environmentSpec(optionsFromFlags(flags, args) ?? {}))
  },
  run: async (args) => {
    const { ensureManaged, homeOf, readManifest } = await import('../environment/index.js')
    const { path } = await showProgress((onProgress) =>
      ensureManaged({ ...optionsFromFlags(flags, args), verify: true, signal: interruption, onProgress }),
    )
    const versions = (await readManifest(homeOf().pointer))?.versions
    process.stdout.write(
      `Python ${versions?.python ?? ''} with paddle ${versions?.paddle ?? ''} is ready: ${path}\n`,
    )
    const named = process.env['PADDLE_TS_PYTHON']
    if (named) logNote(`PADDLE_TS_PYTHON names another Python, which is used instead: ${named}\n`)
  },
})
