import { dirname, join } from 'node:path'
import { codeOf } from '../errors.js'
import { invalidConfigError } from './invalid-yml.js'
import type { ModelFiles } from './locate-model.js'
import { FileTooLarge, readSmallFile } from './small-file.js'

/** One that names twenty thousand classes has a megabyte. */
const mostBytes = 8 * 2 ** 20

/** The names, the first that is there counts. */
const names = ['inference.yml', 'infer_cfg.yml']

/** A model's configuration as it is stored. */
export interface ConfigFile {
  readonly file: string
  readonly folder: string
  readonly text: string
}

/** @throws PaddleError MODEL_CONFIG_INVALID for one that cannot be read */
export async function findConfigFile(files: ModelFiles): Promise<ConfigFile | undefined> {
  const folder =
    files.format === '__model__' && files.params === undefined ? files.program : dirname(files.program)
  for (const name of names) {
    const file = join(folder, name)
    const text = await readText(file)
    if (text !== undefined) return { file, folder, text: text.replace(/^\uFEFF/, '') }
  }
  return undefined
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
