import { environmentForm } from '../environment/environment-spec.js'
import type { EnvironmentOptions } from '../environment/index.js'
import { commandOf } from './command.js'
import { findFlagError } from './flags/flag-errors.js'
import { always } from './flags/flag.js'
import { asFlags, optionFlags, optionsFromFlags } from './flags/option-flags.js'
import { groups } from './flags/shared-flags.js'
import { interruption } from './terminal/interruption.js'
import { showProgress } from './terminal/progress.js'
import { logNote } from './terminal/print.js'

const flags = optionFlags<Omit<EnvironmentOptions, 'verify' | 'signal' | 'onProgress'>>(
  'Paddle:',
  environmentForm,
  {
    paddleVersion: 'Version of Paddle, from 2.6 [default: the pinned one]',
    device: 'The wheel: cpu, gpu, or auto for the one that the NVIDIA driver can run',
    indexUrl: {
      runsCode: always,
      describe: 'Package index, instead of pip’s own setting, such as Paddle’s for a version of CUDA',
    },
    wheel: { runsCode: always, describe: 'A downloaded wheel to install' },
    basePython: {
      name: 'python',
      group: groups.general,
      runsCode: always,
      isName: (value: string) => !value.includes('/'),
      describe: 'The base Python [default: the newest suitable one on the PATH]',
    },
    force: { group: groups.general, describe: 'Recreate the environment even if it works' },
  },
)

/** `paddle-ts setup`: creates or repairs the managed Python. */
export const setupCommand = commandOf({
  name: 'setup',
  describe: 'Create or repair the managed Python',
  guide: 'docs/environment.md',
  flags: asFlags(flags),
  examples: [
    ['Create it, or check that it works:', 'paddle-ts setup'],
    ['With another version of Paddle:', 'paddle-ts setup --paddle-version 3.2.2'],
    ['With the wheel for this machine’s GPU, if it has one:', 'paddle-ts setup --device auto'],
    ['With a downloaded wheel:', 'paddle-ts setup --wheel paddlepaddle.whl'],
  ],
  check: async (args) => {
    const { environmentRequest } = await import('../environment/index.js')
    return findFlagError(() => environmentRequest(optionsFromFlags(flags, args) ?? {}))
  },
  run: async (args) => {
    const { homeOf, prepareManaged, readManifest } = await import('../environment/index.js')
    const { interpreter, choice } = await showProgress((onProgress) =>
      prepareManaged({ ...optionsFromFlags(flags, args), verify: true, signal: interruption, onProgress }),
    )
    const versions = (await readManifest(homeOf().pointer))?.versions
    if (choice !== null) process.stdout.write(`${choice}.\n`)
    process.stdout.write(
      `Python ${versions?.python ?? ''} with paddle ${versions?.paddle ?? ''} is ready: ${interpreter.path}\n`,
    )
    const named = process.env['PADDLE_TS_PYTHON']
    if (named) logNote(`PADDLE_TS_PYTHON names another Python, which is used instead: ${named}\n`)
  },
})
