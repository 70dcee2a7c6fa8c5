import { constants } from 'node:fs'
import { open } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { codeOf } from '../errors.js'
import { invalidConfigError } from './config-errors.js'
import type { ModelFiles } from './model-files.js'

/** A file with twenty thousand class names takes about 1 MB. */
const mostBytes = 8 * 2 ** 20

/** In order of preference. */
export const configFileNames = ['inference.yml', 'infer_cfg.yml', 'deploy.yaml'] as const

/** The configuration file of a model, as stored. */
export interface ConfigFile {
  readonly file: string
  readonly folder: string
  readonly text: string
}

/** @throws PaddleError MODEL_CONFIG_INVALID for a file that cannot be read */
export async function findConfigFile(files: ModelFiles): Promise<ConfigFile | undefined> {
  const folder =
    files.format === '__model__' && files.params === undefined ? files.program : dirname(files.program)
  for (const name of configFileNames) {
    const file = join(folder, name)
    const text = await readText(file)
    // Files of other programs are called deploy.yaml too, such as manifests of Kubernetes.
    if (text !== undefined && (name !== 'deploy.yaml' || isOfPaddleSeg(text)))
      return { file, folder, text: text.replace(/^\uFEFF/, '') }
  }
  return undefined
}

function isOfPaddleSeg(text: string): boolean {
  return /^\uFEFF?(['"]?)Deploy\1\s*:|^\{\s*(['"]?)Deploy\2\s*:/m.test(text)
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readSmallFile(file, mostBytes)
  } catch (error) {
    if (error instanceof FileTooLarge) throw invalidConfigError(file, error.message, error)
    const code = codeOf(error)
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw invalidConfigError(
      file,
      code === 'EISDIR' ? 'it is a folder' : `it cannot be read (${code ?? 'unknown error'})`,
      error,
    )
  }
}

/** Not a regular file, or larger than the limit. */
export class FileTooLarge extends Error {}

/**
 * Reads a text file of at most `most` bytes. Rejects pipes and devices, which might never end.
 *
 * @throws FileTooLarge, or the error of Node
 */
export async function readSmallFile(file: string, most: number): Promise<string> {
  const { O_NONBLOCK, O_RDONLY } = constants
  // Without O_NONBLOCK, opening a pipe waits for a writer.
  const handle = await open(file, O_RDONLY | O_NONBLOCK)
  try {
    const state = await handle.stat()
    if (!state.isFile() && !state.isDirectory()) throw new FileTooLarge('it is not a regular file')
    if (state.size > most)
      throw new FileTooLarge(`it has ${state.size} bytes, more than the limit of ${most}`)
    return await handle.readFile('utf8')
  } finally {
    await handle.close()
  }
}
