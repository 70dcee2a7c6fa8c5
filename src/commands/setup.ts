import { environmentForm } from '../environment/environment-spec.js'
import type { EnvironmentOptions } from '../environment/index.js'
import { commandOf } from './command.js'
import { findFlagError } from './flags/flag-errors.js'
import { always } from './flags/flag.js'
import { asFlags, optionFlags, optionsFromFlags } from './flags/option-flags.js'
import { groups } from './flags/shared-flags.js'
import { interruption } from './terminal/interruption.js'
import { showProgress } from './terminal/progress.js'
import { logNote } from './terminal/stderr-log.js'

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
