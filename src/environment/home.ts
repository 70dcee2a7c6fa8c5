import { join, resolve } from 'node:path'
import envPaths from 'env-paths'

/** What is done, as an error begins that ends it. */
export const making = 'Making the managed Python'

/** Where everything of the managed Python lies. */
export interface Home {
  readonly folder: string
  /** One folder for each environment; all but the current one are leftovers. */
  readonly environments: string
  /** Says which environment is current; replaced in one step, so never seen half written. */
  readonly pointer: string
  /** Held by the one process that makes an environment. */
  readonly lock: string
}

/** `PADDLE_TS_HOME`, or the user's data folder by the platform's convention. */
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
