import { existsSync, readFileSync } from 'node:fs'
import { readFile } from 'node:fs/promises'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { codeOf, messageOf, PaddleError } from './errors.js'
import { isRecord, parseJson } from './json.js'
import { outsideArchive } from './outside-archive.js'

/** In the output of a bundler, this may be the URL of another file, or undefined. */
const moduleUrl = import.meta.url as string | undefined
const moduleFile = moduleUrl?.startsWith('file:') ? fileURLToPath(moduleUrl) : undefined

/** The package's root folder, from both `src/` and `dist/`, unless a bundler has moved the code. */
const assumedRoot = moduleFile === undefined ? undefined : dirname(dirname(moduleFile))

let checkedRoot: string | undefined

/** The folder of the default model: printed characters, 0 to 9 and A to Z. */
export const defaultModelFolder = join(assumedRoot ?? '', 'models/characters')

/**
 * The path of a file or folder of the package. Python and the dynamic linker need it `outsideArchive`.
 *
 * @throws PaddleError PACKAGE_FILES_MISSING
 */
export function packageFile(...path: readonly string[]): string {
  return join(checkPackage(), ...path)
}

/**
 * Checks that the code is where it was installed: bundled code would use the files of another package, and
 * not find its dependencies.
 *
 * @returns the root folder of the package
 * @throws PaddleError PACKAGE_FILES_MISSING
 */
export function checkPackage(): string {
  return (checkedRoot ??= checkRoot())
}

/** The folder of the package's Python files, which a Python can read. @throws PaddleError as `packageFile` */
export function pythonFolder(): string {
  return outsideArchive(packageFile('python'))
}

/** The pinned packages of the managed Python. */
export function requirementsFile(): string {
  return packageFile('requirements.txt')
}

/** The same with the hashes of their files on the Python package index. */
export function hashedRequirementsFile(): string {
  return packageFile('python', 'requirements-hashed.txt')
}

/** The packages of Paddle 2.6.2 for GPUs, with the hashes of their files on the Python package index. */
export function hashedGpuRequirementsFile(): string {
  return packageFile('python', 'requirements-gpu-hashed.txt')
}

/** Reads a file of the package, or of a dependency. @throws PaddleError PACKAGE_FILES_MISSING */
export function readPackageFile(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    throw incompletePackage(`${path} cannot be read (${codeOf(error) ?? 'unknown error'})`, error)
  }
}

/** The version of this package. */
export async function packageVersion(): Promise<string> {
  const { version } = JSON.parse(await readFile(packageFile('package.json'), 'utf8')) as { version: string }
  return version
}

function checkRoot(): string {
  if (assumedRoot === undefined) throw bundled('`import.meta.url` is not set there')
  const manifest = join(assumedRoot, 'package.json')
  let text: string
  try {
    text = readFileSync(manifest, 'utf8')
  } catch (cause) {
    throw bundled(`${manifest} cannot be read (${codeOf(cause) ?? 'unknown error'})`, cause)
  }
  const found = parseJson(text)
  if (!isRecord(found) || found['name'] !== 'paddle-ts') throw bundled(`${manifest} is not that of paddle-ts`)
  const script = join(assumedRoot, 'python', 'start_script.py')
  if (!existsSync(script)) throw incompletePackage(`there is no ${script}`)
  return assumedRoot
}

/**
 * The path of a file of a dependency: `uplot/dist/uPlot.min.css`. Python and the dynamic linker need it
 * `outsideArchive`.
 *
 * @throws PaddleError PACKAGE_FILES_MISSING
 */
export function resolveDependency(file: string): string {
  checkPackage()
  try {
    return createRequire(import.meta.url).resolve(file)
  } catch (error) {
    throw dependencyFailure(file, error)
  }
}

/** The error for a dependency that cannot be loaded: it, or files of it, are missing, or the code was bundled. */
export function dependencyFailure(name: string, cause: unknown): PaddleError {
  checkPackage()
  const [reason = ''] = messageOf(cause).split('\n')
  return incompletePackage(`${name} cannot be loaded (${reason})`, cause)
}

/** The error for a file of the package, or of a dependency, that is missing although the code is in its place. */
function incompletePackage(what: string, cause?: unknown): PaddleError {
  return new PaddleError('PACKAGE_FILES_MISSING', `The installed paddle-ts is not complete: ${what}.`, {
    cause,
    advice:
      'Install it again with its optional dependencies, or copy all of its files to where it runs (Next.js: ' +
      '`outputFileTracingIncludes`): see docs/bundlers.md.',
  })
}

function bundled(reason: string, cause?: unknown): PaddleError {
  const where = moduleFile ?? 'another file'
  return new PaddleError(
    'PACKAGE_FILES_MISSING',
    `paddle-ts cannot find its Python files and models, because its code was bundled into ${where}: ${reason}.`,
    {
      cause,
      advice: [
        'Leave paddle-ts out of the bundle, and install it where the program runs: see docs/bundlers.md.',
        '  esbuild: --external:paddle-ts',
        '  webpack: externals: { "paddle-ts": "module paddle-ts" }',
        "  Next.js: serverExternalPackages: ['paddle-ts']",
      ].join('\n'),
    },
  )
}
