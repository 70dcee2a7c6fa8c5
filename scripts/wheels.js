import { join } from 'node:path'
import { root, runBeside } from './run.js'

/** The wheels that the integration tests run on. */
export const wheels = ['2.6.2', '3.2.2', '3.3.1']

/** The home of the environment with that wheel. */
export function homeOfWheel(version) {
  return join(root, '.cache', 'matrix', version)
}

/**
 * Makes the environment with that wheel by `paddle-ts setup`, which keeps it as long as it is good; the exit code. What of it is never
 * imported need not be compiled.
 */
export function setUpWheel(version) {
  const env = { PADDLE_TS_HOME: homeOfWheel(version), PADDLE_TS_PYTHON: '', PIP_COMPILE: '0' }
  const args = ['bin/paddle-ts.js', 'setup', '--paddle-version', version]
  return runBeside(process.execPath, args, { env, together: true })
}
