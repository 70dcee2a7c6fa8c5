import type { CommandModule } from 'yargs'
import { textValue } from './flag-values.js'
import { interruption } from './interruption.js'
import { showProgress } from './show-progress.js'

interface SetupArguments {
  readonly paddleVersion?: string | undefined
  readonly device?: 'cpu' | 'gpu' | undefined
  readonly indexUrl?: string | undefined
  readonly wheel?: string | undefined
  readonly python?: string | undefined
  readonly force: boolean
}

/** `paddle-ts setup`: makes the managed Python, or sees that it works. */
export const setupCommand: CommandModule<object, SetupArguments> = {
  command: 'setup',
  describe: 'Make or repair the Python that paddle-ts runs',
  builder: (yargs) =>
    yargs
      .options({
        'paddle-version': {
          ...textOf('paddle-version'),
          describe: 'Version of Paddle’s wheel, from 2.6 [default: the pinned one]',
        },
        device: {
          choices: ['cpu', 'gpu'] as const,
          requiresArg: true,
          describe: 'Which wheel [default: cpu]',
        },
        'index-url': {
          ...textOf('index-url'),
          describe: 'Package index to install from, such as Paddle’s for a version of CUDA',
        },
        wheel: { ...textOf('wheel'), describe: 'Downloaded wheel file to install' },
        python: {
          ...textOf('python'),
          describe: 'Python to make it from [default: the newest suitable one on the PATH]',
        },
        force: { type: 'boolean', default: false, describe: 'Make it anew even if it works' },
      })
      .check(wrongValues),
  handler: async ({ paddleVersion, device, indexUrl, wheel, python, force }) => {
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
    if (named)
      process.stderr.write(`PADDLE_TS_PYTHON names another Python, which is used instead: ${named}\n`)
  },
}

function textOf(flag: string) {
  return { type: 'string', requiresArg: true, coerce: textValue(flag) } as const
}

/** What cannot be the value of its flag: the message, or `true`. */
async function wrongValues({ paddleVersion, indexUrl }: Partial<SetupArguments>): Promise<true | string> {
  const { expectedOfIndexUrl, expectedOfVersion } = await import('../environment/index.js')
  const version = paddleVersion !== undefined && expectedOfVersion(paddleVersion)
  if (version) return `Expected ${version} for --paddle-version, got ${paddleVersion}.`
  const url = indexUrl !== undefined && expectedOfIndexUrl(indexUrl)
  return url ? `Expected ${url} for --index-url, got ${indexUrl}.` : true
}
