import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hashedFile } from './requirements.js'
import { root, run, say } from './run.js'

// Run in the managed Python: has the venv see its packages.
const showPackages = `
import pathlib, sys, sysconfig
version = "python{}.{}".format(*sys.version_info)
pathlib.Path(sys.argv[1], "lib", version, "site-packages", "managed.pth").write_text(sysconfig.get_path("purelib"))
`

/** A Python for the Python tests and checks. Run `scripts/prepare.js` first; a failure ends this process. */
export function pythonDev() {
  return pythonOrEnd(join(root, '.cache', 'python-dev'), 'requirements-dev.txt')
}

/** `pythonWith`, whose failure ends this process. */
export async function pythonOrEnd(folder, list) {
  try {
    return await pythonWith(folder, list)
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}

/**
 * A Python that has the packages of `managed`, by default the managed one, and those of `list`, in a venv of its own in `folder`, so that
 * the managed one stays lean. pip refuses a package that the list lacks, or whose hash is another.
 *
 * @throws Error when it cannot be made
 */
export async function pythonWith(folder, list, { pipOptions = [], managed } = {}) {
  managed ??= await managedPython()
  const requirements = hashedFile(list)
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, 'made-from.txt')
  const wanted = `${managed}\n${readFileSync(requirements, 'utf8')}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  say(`Installing the packages of ${list}`)
  rmSync(folder, { recursive: true, force: true })
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pipOptions]
  const steps = [
    [managed, ['-m', 'venv', folder]],
    [python, [...pip, '--require-hashes', '-r', requirements]],
    [managed, ['-c', showPackages, folder]],
  ]
  for (const [program, args] of steps) {
    const code = run(program, args)
    if (code !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${code}.`)
  }
  writeFileSync(stamp, wanted)
  return python
}

/** The managed Python of another home than the default one. */
export async function pythonOfHome(folder) {
  const { homeOf, readManifest } = await import('../dist/environment/index.js')
  const home = homeOf({ PADDLE_TS_HOME: folder })
  return join(home.folder, (await readManifest(home.pointer)).interpreter)
}

async function managedPython() {
  const { findInterpreter } = await import('../dist/environment/index.js')
  return (await findInterpreter()).path
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await pythonDev()
