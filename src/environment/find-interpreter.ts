import { access, constants, readlink, realpath } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { codeOf, PaddleError, wrongType } from '../errors.js'
import { checkPlatform } from '../platform.js'
import type { Wording } from '../wording.js'
import { readManifest, type EnvironmentManifest } from './environment-manifest.js'
import { locate, unsuitableReason, type Interpreter } from './executables.js'
import { homeOf, type Home } from './home.js'
import { readRequirements } from './install-plan.js'

const remedy = {
  library: 'Install it: paddle-ts setup (or `await ensureEnvironment()`)',
  command: 'Install it: paddle-ts setup',
}

/**
 * Finds the Python to run: the `python` option, else `PADDLE_TS_PYTHON`, else the managed one. Only looks at
 * files, and starts no process.
 *
 * @throws PaddleError `PYTHON_NOT_FOUND` if the named one does not exist, `ENVIRONMENT_NOT_READY` if the
 * managed one is not installed, damaged or outdated, `PLATFORM_UNSUPPORTED`.
 */
export async function findInterpreter({
  python,
}: { python?: string | undefined } = {}): Promise<Interpreter> {
  const named = await findNamedInterpreter(python)
  if (named !== undefined) return named
  const home = homeOf()
  const pointer = await readManifest(home.pointer)
  if (pointer === undefined) throw notReady(`The managed Python is not installed (${home.folder}).`)
  const damage = await environmentDamage(home, pointer)
  if (damage !== undefined)
    throw notReady(`The managed Python is damaged: ${damage.what}.`, adviceFor(damage))
  if (isOutdated(pointer)) {
    throw notReady(
      `The managed Python (paddle ${pointer.versions.paddle}) belongs to another version of paddle-ts.`,
    )
  }
  return managedInterpreter(home, pointer)
}

/** Returns the Python that the caller or the environment variable names, if any. */
export async function findNamedInterpreter(python?: string): Promise<Interpreter | undefined> {
  if (python !== undefined && typeof python !== 'string') throw wrongType('python', 'a string', python)
  checkPlatform()
  const variable = process.env['PADDLE_TS_PYTHON']
  const name = python ?? (variable === '' ? undefined : variable)
  if (name === undefined) return undefined
  const path = await locate(name)
  const source = python === undefined ? 'PADDLE_TS_PYTHON' : 'option'
  if (path === undefined) {
    const who = source === 'option' ? '' : ' (PADDLE_TS_PYTHON)'
    const why = await unsuitableReason(name)
    const what = why === undefined ? 'There is no Python interpreter at' : 'Cannot run'
    throw new PaddleError(
      'PYTHON_NOT_FOUND',
      `${what} ${name}${who}${why === undefined ? '' : `: it ${why}`}.`,
      {
        advice: 'Specify a Python with paddle, or none to use the managed one (paddle-ts setup installs it).',
      },
    )
  }
  return { path, source }
}

export function managedInterpreter(home: Home, pointer: EnvironmentManifest): Interpreter {
  return { path: join(home.folder, pointer.interpreter), source: 'managed' }
}

/** Damage to an environment. */
export interface Damage {
  /** What is wrong, as a sentence without its end. */
  readonly what: string
  /** The Python that it was made from, if this user may not run it. */
  readonly forbidden?: string
}

/** What to do about damage: reinstalling does not help a user who may not run the base Python. */
export function adviceFor({ forbidden }: Damage): Wording {
  return forbidden === undefined
    ? remedy
    : `Let this user run ${forbidden}, or install another managed Python: PADDLE_TS_HOME=FOLDER paddle-ts setup`
}

/** Returns the damage to the environment, judged by its files; undefined if it looks intact. */
export async function environmentDamage(
  home: Home,
  pointer: EnvironmentManifest,
): Promise<Damage | undefined> {
  const interpreter = join(home.folder, pointer.interpreter)
  try {
    await access(interpreter, constants.X_OK)
    // A system upgrade can put another Python behind the same link, which looks for the packages elsewhere.
    const executable = await realpath(interpreter)
    if (basename(executable) !== pointer.executable) return { what: `${interpreter} is now ${executable}` }
  } catch (error) {
    return notRunning(interpreter, codeOf(error))
  }
  for (const file of pointer.files) {
    const path = join(home.folder, file)
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (!there) return { what: `${path} is missing` }
  }
  return undefined
}

async function notRunning(interpreter: string, code: string | undefined): Promise<Damage> {
  const what = `${interpreter} does not run`
  const base = await endOfLinks(interpreter)
  if (base === interpreter) return { what }
  if (code === 'EACCES') {
    return { what: `${what}, because this user may not run ${base}`, forbidden: base }
  }
  return { what: `${what}, because ${base} does not exist` }
}

/** Follows symbolic links as far as they can be read. The kernel follows at most 40. */
async function endOfLinks(path: string): Promise<string> {
  let end = path
  for (let links = 0; links < 40; links += 1) {
    const target = await readlink(end).catch(() => undefined)
    if (target === undefined) break
    end = resolve(dirname(end), target)
  }
  return end
}

/** Whether it was installed from another `requirements.txt`. */
export function isOutdated(pointer: EnvironmentManifest): boolean {
  return pointer.requirements !== null && pointer.requirements !== readRequirements().hash
}

function notReady(what: string, advice: Wording = remedy): PaddleError {
  return new PaddleError('ENVIRONMENT_NOT_READY', what, { advice })
}
