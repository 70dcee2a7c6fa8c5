import { readFile } from 'node:fs/promises'
import { codeOf, PaddleError } from '../errors.js'
import { isListOf, isNullOr, isRecord, isRecordOf, isText, parseJson } from '../json.js'
import type { EnvironmentSpec } from './environment-spec.js'

/** The current environment and its contents, written by `python/make_environment.py`. */
export interface EnvironmentManifest {
  readonly format: 1
  /** The name of its folder under `environments`. */
  readonly id: string
  /** The request it was installed for. */
  readonly wish: EnvironmentSpec
  /** What the device `auto` chose and why; null if the request names the device. */
  readonly choice: string | null
  /** The hash of the request and of the files it was installed from. */
  readonly key: string
  /** The hash of the `requirements.txt` it was installed from, if it was. */
  readonly requirements: string | null
  /** The interpreter, relative to the home folder. */
  readonly interpreter: string
  /**
   * The file name of the real executable. A different one is a different Python, which does not see the
   * packages.
   */
  readonly executable: string
  /** Files that it cannot work without, relative to the home folder. */
  readonly files: readonly string[]
  readonly versions: { readonly python: string; readonly paddle: string; readonly numpy: string | null }
}

/**
 * Reads the manifest of the current environment, if there is one.
 *
 * @throws PaddleError ENVIRONMENT_NOT_READY if it cannot be read
 */
export async function readManifest(path: string): Promise<EnvironmentManifest | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    const code = codeOf(error) ?? 'unknown error'
    if (['ENOENT', 'ENOTDIR'].includes(code)) return undefined
    throw new PaddleError('ENVIRONMENT_NOT_READY', `${path} cannot be read (${code}).`, {
      cause: error,
      advice:
        'Let this user read it, or install another managed Python: PADDLE_TS_HOME=FOLDER paddle-ts setup',
    })
  }
  return parseManifest(text)
}

/** Parses a manifest; undefined for a file of any other form. */
export function parseManifest(text: string): EnvironmentManifest | undefined {
  const parsed = parseJson(text)
  // The first versions did not store the choice.
  const content = isRecord(parsed) ? { choice: null, ...parsed } : parsed
  return isPointer(content) ? content : undefined
}

const isTextOrNull = isNullOr(isText)

// Not a library: loading one would take as long as all else that finds the interpreter.
const isPointer = isRecordOf<EnvironmentManifest>({
  format: (value) => value === 1,
  id: isText,
  wish: isRecordOf<EnvironmentSpec>({
    device: (value) => value === 'cpu' || value === 'gpu',
    paddleVersion: isTextOrNull,
    indexUrl: isTextOrNull,
    wheel: isTextOrNull,
    basePython: isTextOrNull,
  }),
  choice: isTextOrNull,
  key: isText,
  requirements: isTextOrNull,
  interpreter: isText,
  executable: isText,
  files: isListOf(isText),
  versions: isRecordOf<EnvironmentManifest['versions']>({
    python: isText,
    paddle: isText,
    numpy: isTextOrNull,
  }),
})
