import { readFile } from 'node:fs/promises'
import { codeOf } from '../errors.js'
import { isListOf, isNullOr, isRecordOf, isText, parseJson } from '../json.js'
import type { EnvironmentSpec } from './environment-spec.js'

/** Which environment is current, and what it holds: written by `python/make_environment.py`. */
export interface EnvironmentManifest {
  readonly format: 1
  /** The name of its folder under `environments`. */
  readonly id: string
  /** What was asked for. */
  readonly wish: EnvironmentSpec
  /** The hash of what was asked for and of the files that it came from. */
  readonly key: string
  /** The hash of the `requirements.txt` that it was made with, if with that. */
  readonly requirements: string | null
  /** The interpreter, relative to the home folder. */
  readonly interpreter: string
  /** The file name of the executable behind it: another one means another Python, which does not see the packages. */
  readonly executable: string
  /** Files without which it cannot work, relative to the home folder. */
  readonly files: readonly string[]
  readonly versions: { readonly python: string; readonly paddle: string; readonly numpy: string | null }
}

/** The current environment, if there is one. */
export async function readManifest(path: string): Promise<EnvironmentManifest | undefined> {
  let text: string
  try {
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) return undefined
    throw error
  }
  return parseManifest(text)
}

/** The pointer; a file of another form counts as none. */
export function parseManifest(text: string): EnvironmentManifest | undefined {
  const content = parseJson(text)
  return isPointer(content) ? content : undefined
}

const isTextOrNull = isNullOr(isText)

// A library for it would take as long to load as everything else that finds the interpreter.
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
