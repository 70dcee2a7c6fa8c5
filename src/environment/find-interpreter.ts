import { access, constants, realpath } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { PaddleError, wrongType } from '../errors.js'
import { readManifest, type EnvironmentManifest } from './environment-manifest.js'
import { locate, unsuitableReason, type Interpreter } from './executables.js'
import { homeOf, type Home } from './home.js'
import { readRequirements } from './install-plan.js'

const remedy = 'Make it: paddle-ts setup (or `await ensureEnvironment()`)'

/**
 * The Python to run: the `python` option, else `PADDLE_TS_PYTHON`, else the managed one. Looks at files only, and
 * starts nothing.
 *
 * @throws PaddleError `PYTHON_NOT_FOUND` where the one named is not there, `ENVIRONMENT_NOT_READY` where the managed one
 * is not made, damaged or outdated.
 */
export async function findInterpreter({
  python,
}: { python?: string | undefined } = {}): Promise<Interpreter> {
  const named = await findNamedInterpreter(python)
  if (named !== undefined) return named
  const home = homeOf()
  const pointer = await readManifest(home.pointer)
  if (pointer === undefined) throw notReady(`The managed Python is not there yet (${home.folder}).`)
  const damage = await environmentDamage(home, pointer)
  if (damage !== undefined) throw notReady(`The managed Python is damaged: ${damage}.`)
  if (await isOutdated(pointer)) {
    throw notReady(
      `The managed Python (paddle ${pointer.versions.paddle}) is of another version of paddle-ts.`,
    )
  }
  return managedInterpreter(home, pointer)
}

/** The Python that the caller or the environment names, if one of them does. */
export async function findNamedInterpreter(python?: string): Promise<Interpreter | undefined> {
  if (python !== undefined && typeof python !== 'string') throw wrongType('python', 'a string', python)
  const variable = process.env['PADDLE_TS_PYTHON']
  const name = python ?? (variable === '' ? undefined : variable)
  if (name === undefined) return undefined
  const path = await locate(name)
  const source = python === undefined ? 'PADDLE_TS_PYTHON' : 'option'
  if (path === undefined) {
    const who = source === 'option' ? '' : ', which PADDLE_TS_PYTHON names'
    const why = await unsuitableReason(name)
    const what = why === undefined ? 'There is no Python interpreter at' : 'Cannot run'
    throw new PaddleError(
      'PYTHON_NOT_FOUND',
      `${what} ${name}${who}${why === undefined ? '' : `: it ${why}`}.`,
      { advice: 'Name one that has paddle, or none for the managed one (paddle-ts setup makes it).' },
    )
  }
  return { path, source }
}

export function managedInterpreter(home: Home, pointer: EnvironmentManifest): Interpreter {
  return { path: join(home.folder, pointer.interpreter), source: 'managed' }
}

/** What is wrong with the environment, as far as its files tell; none if it looks whole. */
export async function environmentDamage(
  home: Home,
  pointer: EnvironmentManifest,
): Promise<string | undefined> {
  const interpreter = join(home.folder, pointer.interpreter)
  try {
    await access(interpreter, constants.X_OK)
    // A system's upgrade can put another Python behind the same link, which looks for the packages elsewhere.
    const executable = await realpath(interpreter)
    if (basename(executable) !== pointer.executable) return `${interpreter} is now ${executable}`
  } catch {
    return `${interpreter} does not run`
  }
  for (const file of pointer.files) {
    const path = join(home.folder, file)
    const there = await access(path).then(
      () => true,
      () => false,
    )
    if (!there) return `${path} is missing`
  }
  return undefined
}

/** Whether it was made with another `requirements.txt`. */
export async function isOutdated(pointer: EnvironmentManifest): Promise<boolean> {
  return pointer.requirements !== null && pointer.requirements !== (await readRequirements()).hash
}

function notReady(what: string): PaddleError {
  return new PaddleError('ENVIRONMENT_NOT_READY', what, { advice: remedy })
}
