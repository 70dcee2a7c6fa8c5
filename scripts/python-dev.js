import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { hashedFile } from './requirements.js'
import { root, run, say } from './run.js'

// Runs in the managed Python: makes its packages visible to the venv.
const showPackages = `
import pathlib, sys, sysconfig
version = "python{}.{}".format(*sys.version_info)
pathlib.Path(sys.argv[1], "lib", version, "site-packages", "managed.pth").write_text(sysconfig.get_path("purelib"))
`

/** A Python for the Python tests and checks. Run `scripts/prepare.js` first. Ends this process on failure. */
export function pythonDev() {
  return pythonOrEnd(join(root, '.cache', 'python-dev'), 'requirements-dev.txt')
}

/** `pythonWith`, but ends this process on failure. */
export async function pythonOrEnd(folder, list) {
  try {
    return await pythonWith(folder, list)
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}

/**
 * A Python with the packages of `managed` (by default the managed Python) and those of `list`, in its own
 * venv in `folder`, so that the managed Python stays small. pip rejects packages that are not in the list and
 * packages with a different hash.
 *
 * @throws Error when creating it fails
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

/** The managed Python of another `PADDLE_TS_HOME`. */
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
