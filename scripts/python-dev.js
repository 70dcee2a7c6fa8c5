import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, root, say } from './run.js'

const folder = join(root, '.cache', 'python-dev')
const requirements = join(root, 'requirements-dev.txt')
const stamp = join(folder, 'installed.txt')

/**
 * The managed Python together with the packages of `requirements-dev.txt`, which lie apart so that it stays lean: its path
 * and the variables to start it with. Run `scripts/prepare.js` first.
 */
export async function pythonDev() {
  const { findInterpreter } = await import('../dist/environment/index.js')
  const { path } = await findInterpreter()
  const wanted = `${path}\n${readFileSync(requirements, 'utf8')}`
  if (!existsSync(stamp) || readFileSync(stamp, 'utf8') !== wanted) {
    say('Installing the packages of requirements-dev.txt')
    rmSync(folder, { recursive: true, force: true })
    mkdirSync(folder, { recursive: true })
    must(path, [
      '-m',
      'pip',
      'install',
      '--quiet',
      '--disable-pip-version-check',
      '--target',
      folder,
      '-r',
      requirements,
    ])
    writeFileSync(stamp, wanted)
  }
  return { python: path, env: { PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' } }
}
