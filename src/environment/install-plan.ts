import { createHash } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { basename } from 'node:path'
import { PaddleError } from '../errors.js'
import { outsideArchive } from '../outside-archive.js'
import {
  hashedGpuRequirementsFile,
  hashedRequirementsFile,
  readPackageFile,
  requirementsFile,
} from '../package-files.js'
import { systemsAdvice } from '../platform.js'
import { unsupportedWheelName, wheelNotFound } from './environment-errors.js'
import type { EnvironmentSpec } from './environment-spec.js'
import { pinnedOnPypi } from './gpu-wheels.js'

/** How to fulfil a request. */
export interface Plan {
  readonly wish: EnvironmentSpec
  /** Identifies the packages: the request, `requirements.txt`, and the wheel's size and time. */
  readonly key: string
  readonly requirements: string | null
  readonly paddleVersion: string
  /** What to install, in words: `paddlepaddle 3.3.1`. */
  readonly title: string
  /** Arguments for `pip install` besides those of paddle-ts. */
  readonly pipArguments: readonly string[]
  readonly pythons: PythonRange
}

/** The minor versions of CPython 3 that the wheel supports. */
export interface PythonRange {
  readonly oldest: number
  readonly newest: number
}

export async function planFor(wish: EnvironmentSpec): Promise<Plan> {
  if (wish.wheel !== null) return planForWheel(wish, wish.wheel)
  const requirements = readRequirements()
  const index = wish.indexUrl === null ? [] : ['--index-url', wish.indexUrl]
  if (wish.device === 'cpu' && wish.paddleVersion === null) {
    return finish(wish, {
      requirements: requirements.hash,
      paddleVersion: requirements.paddleVersion,
      title: `paddlepaddle ${requirements.paddleVersion}`,
      // Another index may have builds of its own, whose hashes are unknown.
      pipArguments:
        wish.indexUrl === null
          ? ['--require-hashes', '-r', outsideArchive(hashedRequirementsFile())]
          : [...index, '-r', outsideArchive(requirementsFile())],
      pythons: pythonsOf(requirements.paddleVersion),
    })
  }
  const version = wish.paddleVersion ?? requirements.paddleVersion
  const name = wish.device === 'gpu' ? 'paddlepaddle-gpu' : 'paddlepaddle'
  const isFromPypi = wish.device === 'gpu' && wish.indexUrl === null
  return finish(wish, {
    requirements: wish.paddleVersion === null ? requirements.hash : null,
    paddleVersion: version,
    title: `${name} ${version}`,
    pipArguments:
      isFromPypi && version === pinnedOnPypi
        ? ['--require-hashes', '-r', outsideArchive(hashedGpuRequirementsFile())]
        : [...index, `${name}==${version}`, ...companionsOf(version)],
    pythons: pythonsOf(version),
  })
}

async function planForWheel(wish: EnvironmentSpec, wheel: string): Promise<Plan> {
  const { version, python } = parseWheelName(wheel)
  let found
  try {
    found = await stat(wheel)
  } catch (cause) {
    throw wheelNotFound(wheel, cause)
  }
  const index = wish.indexUrl === null ? [] : ['--index-url', wish.indexUrl]
  return finish(
    wish,
    {
      requirements: null,
      paddleVersion: version,
      title: basename(wheel),
      pipArguments: [...index, wheel, ...companionsOf(version)],
      pythons: python === undefined ? pythonsOf(version) : { oldest: python, newest: python },
    },
    { size: found.size, modified: found.mtimeMs },
  )
}

/**
 * Parses `paddlepaddle_gpu-3.3.1-cp311-cp311-linux_x86_64.whl` as version 3.3.1 for CPython 3.11; a `py3`
 * wheel has no minor version.
 */
export function parseWheelName(wheel: string): { version: string; python?: number } {
  const match = /^paddlepaddle[\w.]*-(?<version>[^-]+)(-\d[^-]*)?-(?<tag>[^-]+)-[^-]+-[^-]+\.whl$/.exec(
    basename(wheel),
  )
  const { version, tag } = match?.groups ?? {}
  if (version === undefined || tag === undefined) throw unsupportedWheelName(wheel)
  const minor = /^cp3(\d+)$/.exec(tag)?.[1]
  return { version, ...(minor === undefined ? {} : { python: Number(minor) }) }
}

/** Wheels of 2.6 support Python up to 3.12, those of 3.x up to 3.13; paddle-ts' own scripts require 3.9. */
function pythonsOf(version: string): PythonRange {
  return { oldest: 9, newest: version.startsWith('2.') ? 12 : 13 }
}

/** Paddle 2.6 crashes with numpy 2, and every Paddle imports setuptools; its requirements mention neither. */
function companionsOf(version: string): readonly string[] {
  return [version.startsWith('2.') ? 'numpy<2' : 'numpy<3', 'setuptools']
}

function finish(
  wish: EnvironmentSpec,
  plan: Omit<Plan, 'wish' | 'key'>,
  wheel?: { size: number; modified: number },
): Plan {
  const key = createHash('sha256')
    .update(JSON.stringify([wish, plan.requirements, wheel]))
    .digest('hex')
  return { wish, key, ...plan }
}

/** Paddle only has wheels for these architectures. @throws PaddleError PLATFORM_UNSUPPORTED */
export function checkArchitecture({ platform, arch }: { platform: string; arch: string } = process): void {
  if (['x64', 'arm64'].includes(arch)) return
  throw new PaddleError('PLATFORM_UNSUPPORTED', `Paddle has no wheels for ${platform} ${arch}.`, {
    advice: systemsAdvice,
  })
}

/** The pinned packages of the default environment. */
export interface Requirements {
  /** Changes with the text of the file. */
  readonly hash: string
  /** The pinned version of paddlepaddle for this platform. */
  readonly paddleVersion: string
}

/** Reads them. @throws PaddleError PACKAGE_FILES_MISSING */
export function readRequirements(): Requirements {
  return parseRequirements(readPackageFile(requirementsFile()))
}

export function parseRequirements(
  text: string,
  { platform, arch }: { platform: string; arch: string } = process,
): Requirements {
  const arm = platform === 'linux' && arch === 'arm64'
  const pins = [...text.matchAll(/^paddlepaddle==(?<version>\S+)(?<marker>.*)$/gm)]
  const pin =
    pins.find((match) => (match.groups?.['marker'] ?? '').includes('== "aarch64"') === arm) ?? pins[0]
  return {
    hash: createHash('sha256').update(text).digest('hex'),
    paddleVersion: pin?.groups?.['version'] ?? '',
  }
}
