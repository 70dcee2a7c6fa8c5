import { join } from 'node:path'
import { findPythons } from './find-pythons.js'
import { root, runBeside } from './run.js'

/** The wheels that the integration tests run on. */
export const wheels = ['2.6.2', '3.2.2', '3.3.1']

/** The newest GPU wheel on PyPI, which `npm run test:gpu-wheel` tests. */
export const gpuWheel = '2.6.2'

/** The `PADDLE_TS_HOME` of the environment with that wheel. */
export function homeOfWheel(version, device = 'cpu') {
  return join(root, '.cache', 'matrix', device === 'cpu' ? version : `${version}-${device}`)
}

/**
 * Returns the Python that a wheel is tested on: the oldest for 2.6.2 and the newest for 3.2.2, among those
 * that the wheel supports. Undefined: `paddle-ts setup` chooses.
 */
export function pythonFor(version, pythons) {
  if (version === '2.6.2') return pythons.find(({ minor }) => minor <= 12)
  if (version === '3.2.2') return pythons.findLast(({ minor }) => minor <= 13)
  return undefined
}

/**
 * Creates the environment with that wheel by `paddle-ts setup`, which keeps a valid one; returns the exit
 * code. Modules that are never imported are not compiled.
 */
export async function setUpWheel(version, device = 'cpu') {
  const env = { PADDLE_TS_HOME: homeOfWheel(version, device), PADDLE_TS_PYTHON: '', PIP_COMPILE: '0' }
  const python = pythonFor(version, await findPythons())
  const args = ['bin/paddle-ts.js', 'setup', '--device', device, '--paddle-version', version]
  if (python !== undefined) args.push('--python', python.path)
  return runBeside(process.execPath, args, { env, together: true })
}
