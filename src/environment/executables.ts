import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'
import { codeOf } from '../errors.js'

/**
 * Returns the absolute path of an executable, given by its path or, without a slash, by its name on the PATH.
 */
export async function locate(name: string): Promise<string | undefined> {
  if (!name.includes('/')) return (await findOnPath([name]))[0]
  const path = resolve(name)
  return (await isExecutable(path)) ? path : undefined
}

/**
 * Explains why {@link locate} finds nothing although the path exists, in words that follow the name;
 * undefined if it does not exist.
 */
export async function unsuitableReason(name: string): Promise<string | undefined> {
  if (!name.includes('/')) return undefined
  try {
    return (await stat(name)).isFile() ? 'is not executable' : 'is not a file'
  } catch (error) {
    return codeOf(error) === 'EACCES' ? 'is in a folder that this user may not search' : undefined
  }
}

/** Finds all executables with these names, in the order of the names and of the PATH. */
export async function findOnPath(wanted: readonly string[]): Promise<string[]> {
  const folders = (process.env['PATH'] ?? '').split(delimiter).filter(isAbsolute)
  const paths = [...new Set(wanted.flatMap((name) => folders.map((folder) => join(folder, name))))]
  const runnable = await Promise.all(paths.map(isExecutable))
  return paths.filter((_, index) => runnable[index])
}

async function isExecutable(path: string): Promise<boolean> {
  try {
    await access(path, constants.X_OK)
    return (await stat(path)).isFile()
  } catch {
    return false
  }
}

/** A Python that paddle-ts runs. */
export interface Interpreter {
  /** The absolute path of the executable as given: the symbolic link of a venv is not resolved. */
  readonly path: string
  /** Where it comes from: the caller's option, the environment variable, or paddle-ts (the managed one). */
  readonly source: 'option' | 'PADDLE_TS_PYTHON' | 'managed'
}
