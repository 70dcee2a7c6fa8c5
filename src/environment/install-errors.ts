import { z } from 'zod'
import { PaddleError } from '../errors.js'
import { noVenv } from './base-python.js'
import { importError, missingGpuIndex, noGpuWheels } from './environment-errors.js'
import { hasGpuWheels, onPypi } from './gpu-wheels.js'
import type { Home } from './home.js'
import type { Plan } from './install-plan.js'
import type { PythonFacts } from './probe-interpreter.js'

/** The failure reported by `python/make_environment.py`. */
export const failureForm = z.object({
  event: z.literal('failure'),
  kind: z.enum(['ensurepip', 'pip', 'import', 'no_space', 'unwritable', 'system']),
  /** The category of pip's failure, or the system's text for the error. */
  reason: z.string().optional(),
  /** The last lines of pip, or of the Python that was to import paddle. */
  output: z.string().optional(),
  path: z.string().optional(),
  python: z.string().optional(),
  type: z.string().optional(),
  message: z.string().optional(),
  signal: z.custom<NodeJS.Signals>((name) => typeof name === 'string').optional(),
  exit_code: z.number().optional(),
})

export type InstallFailure = z.infer<typeof failureForm>

/** Converts a failure into an error with advice. */
export function installError(
  failure: InstallFailure,
  { home, plan, base }: { home: Home; plan: Plan; base: PythonFacts },
): PaddleError {
  const { kind, reason = '', output = '', path = home.folder } = failure
  if (kind === 'import') {
    return importError(failure.python ?? base.path, { ...failure, exitCode: failure.exit_code })
  }
  if (kind === 'no_space') return noSpace(home, plan, `${path}: ${reason}`)
  if (kind === 'unwritable') return unwritable(path, reason)
  if (kind === 'ensurepip') {
    if (/No space left|quota exceeded|File too large/i.test(output))
      return noSpace(home, plan, lastLine(output))
    return noVenv(base)
  }
  if (kind === 'system') {
    return new PaddleError(
      'ENVIRONMENT_INSTALL_FAILED',
      `Installing the managed Python failed at ${path}: ${reason}.`,
      { advice: 'Try again: paddle-ts setup' },
    )
  }
  if (reason === 'no_space') return noSpace(home, plan, lastLine(output))
  if (reason === 'unwritable') return unwritable(home.folder, lastLine(output))
  return pipFailed(reason, output, plan, base)
}

function pipFailed(reason: string, output: string, plan: Plan, base: PythonFacts): PaddleError {
  const lastLines = `Last lines of pip:\n${output}`
  const python = base.version.slice(0, 2).join('.')
  const cannot = `pip could not install ${plan.title}`
  switch (reason) {
    case 'no_network':
      return new PaddleError(
        'ENVIRONMENT_NO_NETWORK',
        `${cannot}: the package index could not be reached. ${lastLines}`,
        {
          advice:
            'Check the network, or set pip’s mirror (PIP_INDEX_URL) or proxy (HTTPS_PROXY). Without a network: PIP_NO_INDEX=1 PIP_FIND_LINKS=FOLDER paddle-ts setup',
        },
      )
    case 'wrong_wheel':
      return new PaddleError(
        'ENVIRONMENT_WHEEL_INVALID',
        `${cannot}: the wheel is not for Python ${python} on ${process.platform} ${process.arch}. ${lastLines}`,
        {
          advice:
            'Download the wheel for this Python and platform, or specify a Python that matches it: paddle-ts setup --wheel FILE.whl --python PATH',
        },
      )
    case 'bad_wheel':
      return new PaddleError('ENVIRONMENT_WHEEL_INVALID', `${cannot}: the wheel is damaged. ${lastLines}`, {
        advice: 'Download it again: paddle-ts setup --wheel FILE.whl',
      })
    case 'no_version':
      if (isMissingGpuWheel(plan, output)) {
        return hasGpuWheels(process)
          ? missingGpuIndex(plan.wish.paddleVersion, plan.paddleVersion)
          : noGpuWheels(process)
      }
      return new PaddleError(
        'ENVIRONMENT_INSTALL_FAILED',
        `${cannot}: the package index lacks a required package for Python ${python} on ${process.platform} ${process.arch}. ${lastLines}`,
        {
          advice: 'Try another version or index: paddle-ts setup --paddle-version VERSION --index-url URL',
        },
      )
    default:
      return new PaddleError('ENVIRONMENT_INSTALL_FAILED', `${cannot}. ${lastLines}`, {
        advice: 'Try again: paddle-ts setup',
      })
  }
}

/**
 * Whether pip found no GPU wheel of a version that PyPI does not have. Only pip knows: its settings may name
 * other indexes and folders.
 */
function isMissingGpuWheel({ wish, paddleVersion }: Plan, output: string): boolean {
  const isNamed = output.includes('No matching distribution found for paddlepaddle-gpu')
  return isNamed && wish.indexUrl === null && !onPypi.includes(paddleVersion)
}

function noSpace(home: Home, plan: Plan, why: string): PaddleError {
  // A GPU wheel of version 3 brings NVIDIA's packages, which are larger still.
  const space = plan.wish.device === 'gpu' ? 'at least 4 GB' : 'about 1.4 GB'
  return new PaddleError(
    'ENVIRONMENT_NO_SPACE',
    `Not enough disk space for the managed Python in ${home.folder} (${why}).`,
    { advice: `Free ${space} there, or install it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup` },
  )
}

function unwritable(path: string, why: string): PaddleError {
  return new PaddleError('ENVIRONMENT_UNWRITABLE', `Cannot write the managed Python at ${path}: ${why}.`, {
    advice: 'Install it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup',
  })
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? ''
}
