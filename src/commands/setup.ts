import { wording } from '../wording.js'
import { commandOf, type Checked } from './command.js'
import { always, pathOf, switchOf, textOf, under, wordOf } from './flag.js'
import { interruption } from './interruption.js'
import { tellNote } from './notes.js'
import { groups } from './shared-flags.js'
import { showProgress } from './show-progress.js'

interface SetupArguments {
  readonly paddleVersion?: string | undefined
  readonly device?: 'cpu' | 'gpu' | undefined
  readonly indexUrl?: string | undefined
  readonly wheel?: string | undefined
  readonly python?: string | undefined
  readonly force?: boolean | undefined
}

/** `paddle-ts setup`: makes the managed Python, or sees that it works. */
export const setupCommand = commandOf<SetupArguments>({
  name: 'setup',
  describe: 'Make or repair the Python that paddle-ts runs',
  guide: 'docs/environment.md',
  flags: {
    ...under('Paddle:', {
      'paddle-version': {
        ...textOf('paddle-version'),
        describe: 'Version of Paddle’s wheel, from 2.6 [default: the pinned one]',
      },
      device: { ...wordOf('device', ['cpu', 'gpu']), describe: 'Which wheel: cpu or gpu [default: cpu]' },
      'index-url': {
        ...textOf('index-url'),
        runsCode: always,
        describe: 'Package index to install from, such as Paddle’s for a version of CUDA',
      },
      wheel: { ...pathOf('wheel'), runsCode: always, describe: 'Downloaded wheel file to install' },
    }),
    ...under(groups.general, {
      python: {
        ...pathOf('python'),
        runsCode: always,
        isName: (value: string) => !value.includes('/'),
        describe: 'Python to make it from [default: the newest suitable one on the PATH]',
      },
      force: { ...switchOf('force'), describe: 'Make it anew even if it works' },
    }),
  },
  examples: [
    ['Make it, or see that it works:', 'paddle-ts setup'],
    ['With another version of Paddle:', 'paddle-ts setup --paddle-version 3.2.2'],
    ['From a wheel that was downloaded:', 'paddle-ts setup --wheel paddlepaddle.whl'],
  ],
  check: wrongValues,
  run: async ({ paddleVersion, device, indexUrl, wheel, python, force = false }) => {
    const { ensureManaged, homeOf, readPointer } = await import('../environment/index.js')
    const { path } = await showProgress((onProgress) =>
      ensureManaged({
        ...(paddleVersion !== undefined && { paddleVersion }),
        ...(device !== undefined && { device }),
        ...(indexUrl !== undefined && { indexUrl }),
        ...(wheel !== undefined && { wheel }),
        ...(python !== undefined && { basePython: python }),
        force,
        verify: true,
        signal: interruption,
        onProgress,
      }),
    )
    const versions = (await readPointer(homeOf().pointer))?.versions
    process.stdout.write(
      `Python ${versions?.python ?? ''} with paddle ${versions?.paddle ?? ''} is ready: ${path}\n`,
    )
    const named = process.env['PADDLE_TS_PYTHON']
    if (named) tellNote(`PADDLE_TS_PYTHON names another Python, which is used instead: ${named}\n`)
  },
})

/** What cannot be the value of its flag: the message, or `true`. */
async function wrongValues({ paddleVersion, indexUrl }: SetupArguments): Promise<Checked> {
  const { expectedOfIndexUrl, expectedOfVersion } = await import('../environment/index.js')
  const version = paddleVersion !== undefined && expectedOfVersion(paddleVersion)
  if (version) return wording`Expected ${version} for ${{ flag: 'paddle-version' }}, got ${paddleVersion}.`
  const url = indexUrl !== undefined && expectedOfIndexUrl(indexUrl)
  return url ? wording`Expected ${url} for ${{ flag: 'index-url' }}, got ${indexUrl}.` : true
}
