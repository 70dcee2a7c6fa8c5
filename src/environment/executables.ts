import { access, constants, stat } from 'node:fs/promises'
import { delimiter, isAbsolute, join, resolve } from 'node:path'

/** The absolute path of an executable given by path or, without a slash, by its name on the PATH. */
export async function locate(name: string): Promise<string | undefined> {
  if (!name.includes('/')) return (await findOnPath([name]))[0]
  const path = resolve(name)
  return (await isExecutable(path)) ? path : undefined
}

/** Why {@link locate} finds none although something is there, in words that follow the name; none if nothing is. */
export async function unsuitableReason(name: string): Promise<string | undefined> {
  if (!name.includes('/')) return undefined
  const found = await stat(name).catch(() => undefined)
  return found && (found.isFile() ? 'is not executable' : 'is not a file')
}

/** Every executable of these names, in the order of the names and of the PATH. */
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
  /** The executable's absolute path, as it was named: a venv's link is not followed. */
  readonly path: string
  /** Who named it: the caller's option, the environment variable, or nobody (the managed one). */
  readonly source: 'option' | 'PADDLE_TS_PYTHON' | 'managed'
}
