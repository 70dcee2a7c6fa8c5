import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/** The operation, as the start of an error message. */
export const making = 'Installing the managed Python'

/** The paths of the managed Python. */
export interface Home {
  readonly folder: string
  /** One folder for each environment; all but the current one are leftovers. */
  readonly environments: string
  /** Names the current environment; replaced atomically. */
  readonly pointer: string
  /** Held by the one process that installs an environment. */
  readonly lock: string
}

/** `PADDLE_TS_HOME`, or the platform's usual folder for user data. */
export function homeOf(environment: NodeJS.ProcessEnv = process.env): Home {
  const asked = environment['PADDLE_TS_HOME']
  const folder = asked ? resolve(asked) : envPaths('paddle-ts', { suffix: '' }).data
  return {
    folder,
    environments: join(folder, 'environments'),
    pointer: join(folder, 'environment.json'),
    lock: join(folder, 'lock'),
  }
}
