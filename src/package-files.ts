import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

/** The package's root folder, from both `src/` and `dist/`. */
export const packageRoot = fileURLToPath(new URL('..', import.meta.url))

/** The folder of the package's Python files. */
export const pythonFolder = join(packageRoot, 'python')

/** The folder of the default model: printed characters, 0 to 9 and A to Z. */
export const defaultModelFolder = join(packageRoot, 'models/characters')

/** The pinned packages of the managed Python. */
export const requirementsFile = join(packageRoot, 'requirements.txt')

/** The same with the hashes of their files on the Python package index. */
export const hashedRequirementsFile = join(pythonFolder, 'requirements-hashed.txt')

/** The packages of Paddle 2.6.2 for GPUs, with the hashes of their files on the Python package index. */
export const hashedGpuRequirementsFile = join(pythonFolder, 'requirements-gpu-hashed.txt')

/** The version of this package. */
export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8')) as {
    version: string
  }
  return version
}
