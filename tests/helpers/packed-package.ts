import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { execa } from 'execa'
import { outsideEnvironment } from './fresh-clone.js'
import { root } from './project.js'

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
