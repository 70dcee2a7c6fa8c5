import { resolve } from 'node:path'
import { callerTypeError, wrongValue } from '../errors.js'
import {
  abortSignal,
  boolean,
  callback,
  checkOptions,
  or,
  path,
  text,
  word,
  type Form,
  type Kind,
} from '../options/index.js'
import type { ProgressListener } from '../progress.js'
import { wording } from '../wording.js'

/**
 * The contents of the managed Python. Without options: those of the previous request, or else the default.
 */
export interface EnvironmentOptions {
  /**
   * The version of paddle to install, from 2.6: `'2.6.2'`.
   * @default the one pinned in `requirements.txt`
   */
  readonly paddleVersion?: string
  /**
   * `'gpu'` installs `paddlepaddle-gpu`: from PyPI, which has versions 2.6.0 to 2.6.2, or what pip's own
   * settings name, else from `indexUrl` or `wheel`. `'auto'` reads the NVIDIA driver and installs the GPU wheel
   * that it can run, from PyPI or from Paddle's own index, or the CPU wheel if there is none; a step of
   * `onProgress` reports the choice. It keeps an installed GPU wheel while the driver does not answer, and
   * selects again whenever the environment is recreated.
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'gpu' | 'auto'
  /** The package index to install from. Overrides pip's own setting. */
  readonly indexUrl?: string
  /** The file of a paddle wheel to install. */
  readonly wheel?: string
  /**
   * The Python to create the environment with.
   * @default the newest suitable one on the PATH
   */
  readonly basePython?: string
  /**
   * Reinstall the environment even if it exists and is intact.
   * @default false
   */
  readonly force?: boolean
  /**
   * Import paddle to check that an existing environment works, and reinstall it if not. Takes 1 to 2 seconds.
   * @default false
   */
  readonly verify?: boolean
  /** Aborts the installation and removes everything unfinished. */
  readonly signal?: AbortSignal
  /**
   * Called at each step. If it throws, the installation stops as with `signal`, and the error is rethrown.
   */
  readonly onProgress?: ProgressListener
}

/** A request with its defaults filled in; `auto` is not resolved yet. */
export interface EnvironmentRequest extends Omit<EnvironmentSpec, 'device'> {
  readonly device: 'cpu' | 'gpu' | 'auto'
}

/** What to install, stored with the environment. Equal requests have equal fields. */
export interface EnvironmentSpec {
  readonly device: 'cpu' | 'gpu'
  readonly paddleVersion: string | null
  readonly indexUrl: string | null
  readonly wheel: string | null
  readonly basePython: string | null
}

export const defaultSpec: EnvironmentSpec = {
  device: 'cpu',
  paddleVersion: null,
  indexUrl: null,
  wheel: null,
  basePython: null,
}

const texts = ['paddleVersion', 'indexUrl', 'wheel', 'basePython'] as const

/** A string; `expectedOf` describes the expected value if it is invalid. */
function textBy(expectedOf: (given: string) => string | undefined): Kind<string> {
  return {
    ...text,
    check: (name, value) => {
      const given = text.check(name, value)
      const expected = expectedOf(given)
      if (expected !== undefined) throw wrongValue(name, expected, given)
      return given
    },
  }
}

export const environmentForm = {
  paddleVersion: textBy(expectedOfVersion),
  device: or(word('cpu', 'gpu', 'auto'), 'cpu'),
  indexUrl: textBy(expectedOfIndexUrl),
  wheel: path(),
  basePython: path(),
  force: boolean,
  verify: boolean,
  signal: abortSignal,
  onProgress: callback<ProgressListener>(),
} satisfies Form<EnvironmentOptions>

/** Validates the options and returns the request; undefined if they request nothing in particular. */
export function environmentRequest(options: EnvironmentOptions): EnvironmentRequest | undefined {
  const { device, paddleVersion, indexUrl, wheel, basePython } = checkOptions(environmentForm, options)
  if (texts.every((name) => options[name] === undefined) && options.device === undefined) return undefined
  const source = (['wheel', 'indexUrl'] as const).find((name) => options[name] !== undefined)
  if (device === 'auto' && source !== undefined) {
    throw callerTypeError(
      wording`${{ option: 'device', value: 'auto' }} selects the wheel, so ${{ option: source }} cannot be set too.`,
    )
  }
  return {
    device,
    paddleVersion: paddleVersion ?? null,
    indexUrl: indexUrl ?? null,
    wheel: wheel === undefined ? null : resolve(wheel),
    // A path is relative to this folder, a bare name is looked up on the PATH.
    basePython: basePython?.includes('/') ? resolve(basePython) : (basePython ?? null),
  }
}

/** The expected version of paddle, if this one cannot be installed. */
function expectedOfVersion(version: string): string | undefined {
  const match = /^(\d+)\.(\d+)(\.[\da-z.+]+)?$/.exec(version)
  if (!match) return 'a version such as 3.3.1'
  const [major, minor] = [Number(match[1]), Number(match[2])]
  return major < 2 || (major === 2 && minor < 6) ? 'version 2.6 or later' : undefined
}

/** The expected package index, if this is not one. */
function expectedOfIndexUrl(url: string): string | undefined {
  const scheme = URL.canParse(url) ? new URL(url).protocol : ''
  return ['http:', 'https:', 'file:'].includes(scheme) ? undefined : 'a URL'
}
