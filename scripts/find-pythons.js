import { execFile } from 'node:child_process'
import { existsSync, readdirSync, realpathSync } from 'node:fs'
import { homedir } from 'node:os'
import { delimiter, isAbsolute, join } from 'node:path'
import { promisify } from 'node:util'

/** The Python versions that Paddle 3 has wheels for: 3.9 to 3.13. */
export const minors = [9, 10, 11, 12, 13]

/**
 * Prints the path and the version of a Python; fails for other implementations than CPython and for Pythons
 * that cannot create a venv.
 */
const probe = `
import ensurepip, sys, venv
assert sys.implementation.name == "cpython" and sys.maxsize > 2**32
print(sys.executable)
print("{}.{}.{}".format(*sys.version_info))
`

/** The Pythons of this machine, on the PATH or from pyenv: the newest of each minor version, oldest first. */
export async function findPythons(environment = process.env) {
  const pyenv = join(environment.PYENV_ROOT ?? join(homedir(), '.pyenv'), 'versions')
  const folders = [
    ...(environment.PATH ?? '').split(delimiter).filter(isAbsolute),
    ...(existsSync(pyenv) ? readdirSync(pyenv).map((version) => join(pyenv, version, 'bin')) : []),
  ]
  const names = [...minors.map((minor) => `python3.${minor}`), 'python3']
  const paths = folders.flatMap((folder) => names.map((name) => join(folder, name))).filter(existsSync)
  const different = [...new Map(paths.map((path) => [realpathSync(path), path])).values()]
  const found = (await Promise.all(different.map(factsOf))).filter((facts) => facts !== undefined)
  return minors.flatMap((minor) => {
    const same = found.filter((python) => python.minor === minor)
    return same.sort((a, b) => b.patch - a.patch).slice(0, 1)
  })
}

async function factsOf(candidate) {
  try {
    const { stdout } = await promisify(execFile)(candidate, ['-E', '-s', '-c', probe], { timeout: 30_000 })
    const [path, version] = stdout.trim().split('\n')
    const [, minor, patch] = version.split('.').map(Number)
    return { path, version, minor, patch }
  } catch {
    return undefined // not usable
  }
}
