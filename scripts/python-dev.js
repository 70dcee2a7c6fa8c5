import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { must, root, say } from './run.js'

const folder = join(root, '.cache', 'python-dev')
const python = join(folder, 'bin', 'python')
const requirements = join(root, 'requirements-dev.txt')
const stamp = join(folder, 'made-from.txt')

// Run in the managed Python: has the venv see its packages.
const showPackages = `
import pathlib, sys, sysconfig
version = "python{}.{}".format(*sys.version_info)
pathlib.Path(sys.argv[1], "lib", version, "site-packages", "managed.pth").write_text(sysconfig.get_path("purelib"))
`

/**
 * A Python that has the packages of the managed one and those of `requirements-dev.txt`, in a venv of its own, so that the
 * managed one stays lean. Run `scripts/prepare.js` first.
 */
export async function pythonDev() {
  const { findInterpreter } = await import('../dist/environment/index.js')
  const { path: managed } = await findInterpreter()
  const wanted = `${managed}\n${readFileSync(requirements, 'utf8')}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  say('Installing the packages of requirements-dev.txt')
  rmSync(folder, { recursive: true, force: true })
  must(managed, ['-m', 'venv', folder])
  must(python, ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', '-r', requirements])
  must(managed, ['-c', showPackages, folder])
  writeFileSync(stamp, wanted)
  return python
}
