import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's own folder, seen from `src/` and from `dist/` alike. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url))

/** The folder of the package's Python files. */
export const pythonFolder = join(packageRoot, 'python')

/** The folder of the model that answers where no other is named: printed characters, 0 to 9 and A to Z. */
export const defaultModelFolder = join(packageRoot, 'models/characters')

/** The pinned packages of the managed Python. */
export const requirementsFile = join(packageRoot, 'requirements.txt')

/** The same with the hashes that their files have on the Python package index. */
export const hashedRequirementsFile = join(pythonFolder, 'requirements-hashed.txt')

/** The version of this package. */
export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}
