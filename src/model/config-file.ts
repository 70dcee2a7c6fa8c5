import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../errors.js'
import { isGitLfsPointer } from '../file-signatures.js'
import { decodeText, notUtf8, textEncodings } from '../text-file.js'
import type { PredictorWarning } from '../warnings.js'
import { invalidConfigError } from './config-errors.js'
import type { ModelFiles } from './model-files.js'
import { gitLfsAdvice } from './other-files.js'

/** A file with twenty thousand class names takes about 1 MB. */
const mostBytes = 8 * 2 ** 20

/** In order of preference. */
export const configFileNames = ['inference.yml', 'infer_cfg.yml', 'deploy.yaml', 'model.yml'] as const

/** The configuration file of a model, as stored. */
export interface ConfigFile {
  readonly file: string
  readonly folder: string
  readonly text: string
}

/** Called with a warning for a text file that is not UTF-8. */
export type OnNotUtf8 = (warning: PredictorWarning) => void

/**
 * Files of other programs have these names too, such as manifests of Kubernetes: a file counts only with one of
 * these keys at its top level.
 */
const ownKeys: Partial<Record<(typeof configFileNames)[number], string>> = {
  'deploy.yaml': 'Deploy',
  'model.yml': 'Transforms|TransformsMode|_Attributes|_init_params',
}

/**
 * Yields the configuration files of a model that exist, in order of preference.
 *
 * @throws PaddleError MODEL_CONFIG_INVALID for a file that cannot be read
 */
export async function* configFiles(
  files: ModelFiles,
  onNotUtf8?: OnNotUtf8,
): AsyncGenerator<ConfigFile, void, undefined> {
  const folder =
    files.format === '__model__' && files.params === undefined ? files.program : dirname(files.program)
  for (const name of configFileNames) {
    const file = join(folder, name)
    const text = await readText(file, onNotUtf8)
    const own = ownKeys[name]
    if (text !== undefined && (own === undefined || hasKey(text, own))) yield { file, folder, text }
  }
}

/** Whether a key is at the top level, of a mapping in braces at its beginning. */
function hasKey(text: string, names: string): boolean {
  return new RegExp(`^(?:\\{\\s*)?(['"]?)(?:${names})\\1\\s*:`, 'm').test(text)
}

async function readText(file: string, onNotUtf8?: OnNotUtf8): Promise<string | undefined> {
  try {
    return await readSmallText(file, mostBytes, onNotUtf8)
  } catch (error) {
    if (error instanceof UnfitFile) throw invalidConfigError(file, error.message, error, error.advice)
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    const isFolder = code === 'EISDIR'
    throw invalidConfigError(
      file,
      isFolder ? 'it is a folder' : `it cannot be read (${code ?? 'unknown error'})`,
      error,
      isFolder ? 'Rename the folder.' : 'Check its permissions and those of the folders above it.',
    )
  }
}

/** Not a regular file, larger than the limit, or not text. The message reads on from the name of the file. */
export class UnfitFile extends Error {
  constructor(
    message: string,
    /** What to do, if that is known. */
    readonly advice?: string,
  ) {
    super(message)
  }
}

/**
 * Reads a text file of at most `most` bytes. Rejects pipes and devices, which might never end.
 *
 * @throws UnfitFile, or the error of Node
 */
export async function readSmallText(file: string, most: number, onNotUtf8?: OnNotUtf8): Promise<string> {
  const bytes = await readSmallFile(file, most)
  const decoded = decodeText(bytes)
  if (decoded ? decoded.text.includes('\0') : bytes.includes(0)) throw new UnfitFile('it is not a text file')
  if (!decoded) throw new UnfitFile(`its encoding is none of ${textEncodings}`)
  if (isGitLfsPointer(decoded.text))
    throw new UnfitFile('it is a pointer of Git LFS, not the file itself', gitLfsAdvice(file))
  if (decoded.isGuessed) onNotUtf8?.(notUtf8(file))
  return decoded.text
}

async function readSmallFile(file: string, most: number): Promise<Uint8Array> {
  const { O_NONBLOCK, O_RDONLY } = constants
  // Without O_NONBLOCK, opening a pipe waits for a writer.
  const handle = await open(file, O_RDONLY | O_NONBLOCK)
  try {
    const state = await handle.stat()
    if (!state.isFile() && !state.isDirectory()) throw new UnfitFile('it is not a regular file')
    if (state.size > most) throw new UnfitFile(`it has ${state.size} bytes, more than the limit of ${most}`)
    return await handle.readFile()
  } finally {
    await handle.close()
  }
}
