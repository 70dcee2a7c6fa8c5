import { resolve } from 'node:path'
import { wrongValue } from '../errors.js'
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

/** What the managed Python shall hold. Nothing given: what it was made with before, or else the default. */
export interface EnvironmentOptions {
  /**
   * The version of the wheel, from 2.6: `'2.6.2'`.
   * @default the one pinned in `requirements.txt`
   */
  readonly paddleVersion?: string
  /**
   * `'gpu'` takes the wheel `paddlepaddle-gpu`, and needs `indexUrl` or `wheel` too.
   * @default 'cpu'
   */
  readonly device?: 'cpu' | 'gpu'
  /** The package index to install from, in place of pip's own setting. */
  readonly indexUrl?: string
  /** A wheel file of paddle to install. */
  readonly wheel?: string
  /**
   * The Python that the environment is made from.
   * @default the newest suitable one on the PATH
   */
  readonly basePython?: string
  /**
   * Make it anew even if it is there and whole.
   * @default false
   */
  readonly force?: boolean
  /**
   * Import paddle to see whether an environment that is there works, and make it anew if not. Takes 1 to 2 seconds.
   * @default false
   */
  readonly verify?: boolean
  /** Ends the making; nothing half made stays. */
  readonly signal?: AbortSignal
  /** Called at each step. An exception stops the work as `signal` does, and is rethrown. */
  readonly onProgress?: ProgressListener
}

/** What was asked for, filled in: kept with the environment, and the same for the same wish. */
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

/** A text, of which `expectedOf` says what it has to be where it is not. */
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
  device: or(word('cpu', 'gpu'), 'cpu'),
  indexUrl: textBy(expectedOfIndexUrl),
  wheel: path(),
  basePython: path(),
  force: boolean,
  verify: boolean,
  signal: abortSignal,
  onProgress: callback<ProgressListener>(),
} satisfies Form<EnvironmentOptions>

/** The wish behind the options, checked; none if they leave it open. */
export function environmentSpec(options: EnvironmentOptions): EnvironmentSpec | undefined {
  const { device, paddleVersion, indexUrl, wheel, basePython } = checkOptions(environmentForm, options)
  if (texts.every((name) => options[name] === undefined) && options.device === undefined) return undefined
  return {
    device,
    paddleVersion: paddleVersion ?? null,
    indexUrl: indexUrl ?? null,
    wheel: wheel === undefined ? null : resolve(wheel),
    // A path is of this folder, and a name of any.
    basePython: basePython?.includes('/') ? resolve(basePython) : (basePython ?? null),
  }
}

/** What a version of paddle has to be, where this is none that can be installed. */
function expectedOfVersion(version: string): string | undefined {
  const match = /^(\d+)\.(\d+)(\.[\da-z.+]+)?$/.exec(version)
  if (!match) return 'a version such as 3.3.1'
  const [major, minor] = [Number(match[1]), Number(match[2])]
  return major < 2 || (major === 2 && minor < 6) ? 'version 2.6 or later' : undefined
}

/** What a package index has to be, where this is none. */
function expectedOfIndexUrl(url: string): string | undefined {
  const scheme = URL.canParse(url) ? new URL(url).protocol : ''
  return ['http:', 'https:', 'file:'].includes(scheme) ? undefined : 'a URL'
}
