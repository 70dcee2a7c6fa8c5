import { join } from 'node:path'
import { homeFolder } from '../home-folder.js'

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

/** The paths below the home folder. */
export function homeOf(environment: NodeJS.ProcessEnv = process.env): Home {
  const folder = homeFolder(environment)
  return {
    folder,
    environments: join(folder, 'environments'),
    pointer: join(folder, 'environment.json'),
    lock: join(folder, 'lock'),
  }
}
