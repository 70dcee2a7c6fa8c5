import { createHash } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { glob } from 'tinyglobby'
import { outsideEnvironment } from './fresh-clone.js'
import { root } from './root.js'

/** The environment of a user's project: nothing of this repository, or of the test runner. */
export const userEnvironment: Readonly<Record<string, string | undefined>> = {
  ...outsideEnvironment,
  NODE_OPTIONS: '',
  NODE_ENV: undefined,
  JEST_WORKER_ID: undefined,
}

const quietly = { env: userEnvironment, extendEnv: false, stdin: 'ignore' } as const

/**
 * Packs the package with the current `dist`, and installs it and other packages in a new project.
 *
 * @param manifest - fields of its package.json
 */
export async function installPacked(
  folder: string,
  packages: readonly string[] = [],
  manifest: object = { type: 'module' },
): Promise<void> {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'package.json'), JSON.stringify({ private: true, ...manifest }))
  const { filename } = await packInto(folder)
  await npmInstall(folder, [join(folder, filename)].concat(packages))
}

/** What npm prints about a package that it has packed. */
interface Packed {
  readonly filename: string
  readonly integrity: string
  readonly shasum: string
}

/** Packs the package with the current `dist` into a folder. */
export async function packInto(folder: string): Promise<Packed> {
  const pack = ['pack', '--json', '--ignore-scripts', '--pack-destination', folder]
  const { stdout } = await execa('npm', pack, { cwd: root, ...quietly })
  const [packed] = JSON.parse(stdout) as readonly [Packed]
  return packed
}

/** Installs packages in a folder; creates its package.json if it has none. */
export async function npmInstall(folder: string, packages: readonly string[]): Promise<void> {
  const flags = ['--no-audit', '--no-fund', '--prefer-offline', '--ignore-scripts']
  await execa('npm', ['install', ...flags, ...packages], { cwd: folder, ...quietly })
}

const kept = join(root, '.cache/packed')

/**
 * The folder of the package as users get it: packed and unpacked, once for each state of its files. It is below
 * the repository, whose packages it uses as its dependencies.
 */
export async function packedOnce(): Promise<string> {
  const state = join(kept, await stateOfPackage())
  const installed = join(state, 'node_modules/paddle-ts')
  if (existsSync(state)) return installed
  await mkdir(kept, { recursive: true })
  const draft = await mkdtemp(join(kept, 'draft-'))
  const { filename } = await packInto(draft)
  const folder = join(draft, 'node_modules/paddle-ts')
  await mkdir(folder, { recursive: true })
  await execa('tar', ['-xzf', join(draft, filename), '-C', folder, '--strip-components=1'])
  await rm(join(draft, filename))
  // Another test file may have created it in the meantime.
  await rename(draft, state).catch(() => rm(draft, { recursive: true }))
  return installed
}

/** A hash of the names, sizes and times of all files that may be in the package. */
async function stateOfPackage(): Promise<string> {
  const { files } = JSON.parse(await readFile(join(root, 'package.json'), 'utf8')) as { files: string[] }
  const tops = new Set(files.filter((name) => !name.startsWith('!')).map((name) => name.split('/')[0] ?? ''))
  const patterns = [...tops].flatMap((top) => [top, `${top}/**`])
  const names = await glob([...patterns, '*.md', 'LICENSE', 'package.json'], { cwd: root })
  const states = names.sort().map(async (name) => {
    const { size, mtimeMs } = await stat(join(root, name))
    return [name, size, mtimeMs]
  })
  return createHash('sha256')
    .update(JSON.stringify(await Promise.all(states)))
    .digest('hex')
}
