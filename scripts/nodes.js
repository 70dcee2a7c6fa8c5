// Downloads the other versions of Node that the package is tested with to .cache/nodes, from the npm
// registry: node scripts/nodes.js
import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { root, say } from './run.js'

const execute = promisify(execFile)
const kept = join(root, '.cache', 'nodes')

/** One version of each supported release line. */
const versions = ['20.19.6', '22.23.3', '24.21.0']

/** The versions of other release lines than that of this process. */
export const otherNodes = versions.filter((version) => majorOf(version) !== majorOf(process.versions.node))

/** The folder that contains `node`, which is downloaded if it is missing (50 MB). */
export async function folderOfNode(version) {
  const folder = join(kept, version)
  const bin = join(folder, 'bin')
  if (existsSync(bin)) return bin
  await mkdir(kept, { recursive: true })
  const draft = await mkdtemp(join(kept, 'draft-'))
  const name = `node-${process.platform}-${process.arch}@${version}`
  await execute('npm', ['pack', '--silent', '--pack-destination', draft, name], { cwd: draft })
  const [file] = await readdir(draft)
  await execute('tar', ['-xzf', file, '--strip-components=1'], { cwd: draft })
  await rm(join(draft, file))
  // Another process may have downloaded it in the meantime.
  await rename(draft, folder).catch(() => rm(draft, { recursive: true }))
  return bin
}

function majorOf(version) {
  return version.split('.')[0]
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) {
  for (const version of otherNodes) say(`Node ${version}: ${await folderOfNode(version)}`)
}
