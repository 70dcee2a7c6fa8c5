import { existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { root, run, say } from './run.js'

// Run in the managed Python: has the venv see its packages.
const showPackages = `
import pathlib, sys, sysconfig
version = "python{}.{}".format(*sys.version_info)
pathlib.Path(sys.argv[1], "lib", version, "site-packages", "managed.pth").write_text(sysconfig.get_path("purelib"))
`

/** A Python for the Python tests and checks. Run `scripts/prepare.js` first; a failure ends this process. */
export async function pythonDev() {
  try {
    return await pythonWith(join(root, '.cache', 'python-dev'), join(root, 'requirements-dev.txt'))
  } catch (error) {
    say(error.message)
    process.exit(1)
  }
}

/**
 * A Python that has the packages of the managed one and those of `requirements`, in a venv of its own in `folder`, so that the
 * managed one stays lean.
 *
 * @throws Error when it cannot be made
 */
export async function pythonWith(folder, requirements, { pipOptions = [] } = {}) {
  const { findInterpreter } = await import('../dist/environment/index.js')
  const { path: managed } = await findInterpreter()
  const python = join(folder, 'bin', 'python')
  const stamp = join(folder, 'made-from.txt')
  const wanted = `${managed}\n${readFileSync(requirements, 'utf8')}`
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return python
  say(`Installing the packages of ${basename(requirements)}`)
  rmSync(folder, { recursive: true, force: true })
  const pip = ['-m', 'pip', 'install', '--quiet', '--disable-pip-version-check', ...pipOptions]
  const steps = [
    [managed, ['-m', 'venv', folder]],
    [python, [...pip, '-r', requirements]],
    [managed, ['-c', showPackages, folder]],
  ]
  for (const [program, args] of steps) {
    const code = run(program, args)
    if (code !== 0) throw new Error(`${program} ${args.slice(0, 3).join(' ')} ended with ${code}.`)
  }
  writeFileSync(stamp, wanted)
  return python
}

if (import.meta.url === pathToFileURL(process.argv[1]).href) await pythonDev()
