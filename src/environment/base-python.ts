import { setMaxListeners } from 'node:events'
import { PaddleError, throwIfAborted } from '../errors.js'
import { findOnPath, locate, unsuitableReason } from './executables.js'
import { making } from './home.js'
import type { Plan, PythonRange } from './install-plan.js'
import { pythonFacts, type PythonFacts } from './probe-interpreter.js'

/**
 * The names of Python executables to look for on the PATH. The newest suitable one is used, whatever its
 * name.
 */
const names = ['python3.13', 'python3.12', 'python3.11', 'python3.10', 'python3.9', 'python3', 'python']

/**
 * Chooses the Python to create the environment with: the requested one, or the newest suitable one on the
 * PATH.
 */
export async function chooseBasePython(
  { wish, title, pythons }: Plan,
  signal?: AbortSignal,
): Promise<PythonFacts> {
  if (wish.basePython !== null) return checkNamed(wish.basePython, { title, pythons }, signal)
  const all = await factsOf(await findOnPath(names), signal)
  throwIfAborted(signal, making)
  const running = all.filter((facts) => facts !== undefined)
  if (running.length === 0) throw noPython(pythons)
  return choose(running, { title, pythons })
}

async function factsOf(paths: readonly string[], signal: AbortSignal | undefined) {
  throwIfAborted(signal, making)
  const stop = signal && AbortSignal.any([signal])
  // Node warns of a leak when many listeners share a signal; here that is intended.
  if (stop) setMaxListeners(0, stop)
  return Promise.all(paths.map((path) => pythonFacts(path, stop)))
}

/** Returns the newest suitable one, preferring those that can create a venv. */
export function choose(
  running: readonly PythonFacts[],
  { title, pythons }: Pick<Plan, 'title' | 'pythons'>,
): PythonFacts {
  const suitable = running.filter((facts) => unfitness(facts, pythons) === undefined)
  const best = suitable.sort((a, b) => Number(b.venv) - Number(a.venv) || compareVersions(b, a))[0]
  if (best === undefined) {
    const found = [...new Map(running.map((facts) => [facts.executable, facts])).values()]
    const list = found.map((facts) => `  ${facts.executable}: ${unfitness(facts, pythons) ?? ''}`)
    throw new PaddleError(
      'PYTHON_TOO_OLD',
      `No Python on the PATH is compatible with ${title}, which requires ${rangeText(pythons)}:\n${list.join('\n')}`,
      { advice: installRemedy(pythons) },
    )
  }
  return checked(best, title)
}

async function checkNamed(
  name: string,
  plan: Pick<Plan, 'title' | 'pythons'>,
  signal: AbortSignal | undefined,
): Promise<PythonFacts> {
  const path = await locate(name)
  const facts = path === undefined ? undefined : await pythonFacts(path, signal)
  throwIfAborted(signal, making)
  if (path === undefined || facts === undefined) {
    const why = path === undefined ? await unsuitableReason(name) : 'does not run as a Python interpreter'
    throw new PaddleError('PYTHON_NOT_FOUND', `${path ?? name} ${why ?? 'does not exist'}.`, {
      advice:
        'Specify another Python, or omit it to use the newest suitable one on the PATH: paddle-ts setup',
    })
  }
  const unfit = unfitness(facts, plan.pythons)
  if (unfit !== undefined) {
    throw new PaddleError(
      'PYTHON_TOO_OLD',
      `${path} is not compatible with ${plan.title}, which requires ${rangeText(plan.pythons)}: it is ${unfit}.`,
      { advice: installRemedy(plan.pythons) },
    )
  }
  return checked(facts, plan.title)
}

/**
 * Separate errors for the C library and the venv module, because neither depends on the version of Python.
 */
function checked(facts: PythonFacts, title: string): PythonFacts {
  if (process.platform === 'linux' && facts.glibc === null) {
    throw new PaddleError(
      'PLATFORM_UNSUPPORTED',
      `${facts.path} runs on a C library other than glibc (Alpine’s musl?), for which ${title} has no wheel.`,
      { advice: 'Use a system with glibc, such as the image node:22-bookworm.' },
    )
  }
  if (!facts.venv) throw noVenv(facts)
  return facts
}

export function noVenv({ path, version }: Pick<PythonFacts, 'path' | 'version'>): PaddleError {
  const short = version.slice(0, 2).join('.')
  return new PaddleError(
    'PYTHON_NO_VENV',
    `${path} (Python ${version.join('.')}) cannot create a venv: it lacks the module venv, or has neither pip nor ensurepip.`,
    {
      advice: `Install it (Debian, Ubuntu: apt install python3-venv, or python${short}-venv), or name another Python: paddle-ts setup --python PATH`,
    },
  )
}

function noPython(pythons: PythonRange): PaddleError {
  return new PaddleError('PYTHON_NOT_FOUND', `No Python runs on the PATH; looked for ${names.join(', ')}.`, {
    advice: installRemedy(pythons),
  })
}

/** Describes an unsuitable interpreter; undefined if it is suitable. */
function unfitness(
  { version, implementation, bits }: PythonFacts,
  { oldest, newest }: PythonRange,
): string | undefined {
  const [major, minor] = version
  const fits =
    major === 3 && minor >= oldest && minor <= newest && implementation === 'CPython' && bits === 64
  return fits ? undefined : `${implementation} ${version.join('.')}${bits === 64 ? '' : `, ${bits} bits`}`
}

function rangeText({ oldest, newest }: PythonRange): string {
  return oldest === newest ? `64-bit CPython 3.${oldest}` : `64-bit CPython 3.${oldest} to 3.${newest}`
}

function installRemedy({ oldest, newest }: PythonRange): string {
  const which = oldest === newest ? `Python 3.${oldest}` : `a Python from 3.${oldest} to 3.${newest}`
  const commands = 'Debian, Ubuntu: apt install python3 python3-venv; macOS: brew install python@3.12'
  return `Install ${which} (${commands}), or name one: paddle-ts setup --python PATH`
}

function compareVersions(a: PythonFacts, b: PythonFacts): number {
  return (
    a.version.map((part, index) => part - (b.version[index] ?? 0)).find((difference) => difference !== 0) ?? 0
  )
}
