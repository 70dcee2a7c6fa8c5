import { PaddleError } from '../errors.js'
import { checkPlatform } from '../platform.js'
import { readManifest, type EnvironmentManifest } from './environment-manifest.js'
import type { WheelChoice } from './choose-wheel.js'
import {
  defaultSpec,
  environmentRequest,
  type EnvironmentOptions,
  type EnvironmentRequest,
  type EnvironmentSpec,
} from './environment-spec.js'
import type { Interpreter } from './executables.js'
import {
  adviceFor,
  environmentDamage,
  findNamedInterpreter,
  isOutdated,
  managedInterpreter,
  type Damage,
} from './find-interpreter.js'
import { homeOf, type Home } from './home.js'
import { checkArchitecture, planFor, type Plan } from './install-plan.js'

/**
 * Ensures that there is a Python with paddle. Installs or repairs the managed one if necessary (a download of
 * 280 MB). Installs nothing if `PADDLE_TS_PYTHON` names another, unless the options request something.
 *
 * A request remains in effect until a later call requests something else; only the pinned versions of the
 * default follow paddle-ts itself. Concurrent processes install one environment, and all return it.
 *
 * @throws PaddleError `PLATFORM_UNSUPPORTED`, `PYTHON_…`, `ENVIRONMENT_…` or `PADDLE_…`, each with advice.
 */
export async function ensureEnvironment(options: EnvironmentOptions = {}): Promise<Interpreter> {
  if (environmentRequest(options) === undefined && !options.force) {
    const named = await findNamedInterpreter()
    if (named !== undefined) return named
  }
  return ensureManaged(options)
}

/** Ensures the managed Python, ignoring `PADDLE_TS_PYTHON`. */
export async function ensureManaged(options: EnvironmentOptions = {}): Promise<Interpreter> {
  return (await prepareManaged(options)).interpreter
}

/** The managed Python. */
export interface ManagedPython {
  readonly interpreter: Interpreter
  /** What the device `auto` chose and why; null if the request names the device. */
  readonly choice: string | null
}

/** Does what {@link ensureManaged} does, and returns the choice too. */
export async function prepareManaged(options: EnvironmentOptions = {}): Promise<ManagedPython> {
  const { force = false, verify = false, signal, onProgress } = options
  const request = environmentRequest(options)
  checkPlatform()
  checkArchitecture()
  const home = homeOf()
  const seen = await readManifest(home.pointer)
  let damage: Damage | undefined
  const works = async (made: EnvironmentManifest): Promise<boolean> => {
    if (force || isOutdated(made)) return false
    damage = await damageOf(home, made, { verify, signal })
    return damage === undefined
  }
  if (seen && request === undefined && (await works(seen))) {
    return { interpreter: managedInterpreter(home, seen), choice: seen.choice }
  }
  const { wish, chosen } = await resolveDevice(request ?? requestOf(seen), seen, options)
  const choice = chosen?.reason ?? null
  const keep = async (made: EnvironmentManifest): Promise<ManagedPython> => {
    const interpreter = managedInterpreter(home, made)
    if (made.choice !== choice) {
      const { storeChoice } = await import('./run-make-environment.js')
      await storeChoice({ home, python: interpreter.path, seen: made.id, choice, signal })
    }
    return { interpreter, choice }
  }
  if (seen && chosen?.isInstalled && suits(seen, wish) && (await works(seen))) return keep(seen)
  const plan = await planFor(wish)
  if (seen?.key === plan.key && (await works(seen))) return keep(seen)
  // The installer is only loaded here: usually the environment exists.
  const { chooseBasePython } = await import('./base-python.js')
  const { makeEnvironment } = await import('./run-make-environment.js')
  onProgress?.({ step: `Looking for a Python for ${plan.title}` })
  try {
    const base = await chooseBasePython(plan, signal)
    await makeEnvironment({ home, plan, choice, base, seen: seen?.id, signal, onProgress })
  } catch (error) {
    throw damage && error instanceof PaddleError ? notRepaired(damage, error) : error
  }
  return { interpreter: managedInterpreter(home, await readMade(home, plan)), choice }
}

/** The request that an environment was installed for, to repeat it. */
function requestOf(seen: EnvironmentManifest | undefined): EnvironmentRequest {
  if (!seen) return defaultSpec
  return seen.choice === null ? seen.wish : { ...seen.wish, device: 'auto', indexUrl: null, wheel: null }
}

/** Resolves the device `auto` by the driver, and reports the choice. */
async function resolveDevice(
  { device, ...request }: EnvironmentRequest,
  seen: EnvironmentManifest | undefined,
  { signal, onProgress }: EnvironmentOptions,
): Promise<{ wish: EnvironmentSpec; chosen?: WheelChoice }> {
  if (device !== 'auto') return { wish: { ...request, device } }
  const { chooseForMachine } = await import('./choose-for-machine.js')
  onProgress?.({ step: 'Reading the NVIDIA driver' })
  const installed = seen && { ...seen.wish, paddle: seen.versions.paddle }
  const chosen = await chooseForMachine(request, { installed, signal })
  onProgress?.({ step: chosen.reason })
  const { device: found, indexUrl, wheel } = chosen
  return { wish: { ...request, device: found, indexUrl, wheel }, chosen }
}

/** Whether the environment has the requested Python, if the request names one. */
function suits({ wish }: EnvironmentManifest, { basePython }: EnvironmentSpec): boolean {
  return basePython === null || basePython === wish.basePython
}

interface HowToLook {
  readonly verify: boolean
  readonly signal: AbortSignal | undefined
}

async function damageOf(
  home: Home,
  pointer: EnvironmentManifest,
  { verify, signal }: HowToLook,
): Promise<Damage | undefined> {
  const damage = await environmentDamage(home, pointer)
  if (damage || !verify) return damage
  const { probeInterpreter } = await import('./probe-interpreter.js')
  try {
    await probeInterpreter(managedInterpreter(home, pointer).path, { ...(signal && { signal }) })
    return undefined
  } catch (error) {
    if (error instanceof PaddleError) return { what: error.shortMessage.replace(/\.$/, '') }
    throw error
  }
}

/** Adds the damage to an error that another user gets, who can neither run nor write the environment. */
function notRepaired(damage: Damage, cause: PaddleError): PaddleError {
  if (!/^(?:ENVIRONMENT_UNWRITABLE$|PYTHON_)/.test(cause.code)) return cause
  const what = `The managed Python is damaged: ${damage.what}. It cannot be reinstalled: ${cause.shortMessage}`
  const byOwner =
    'Let its owner run paddle-ts setup, or install another one: PADDLE_TS_HOME=FOLDER paddle-ts setup'
  const isForbidden = damage.forbidden !== undefined
  const ofCause = cause.code === 'ENVIRONMENT_UNWRITABLE' ? byOwner : cause.advice
  return new PaddleError(cause.code, what, { cause, advice: isForbidden ? adviceFor(damage) : ofCause })
}

async function readMade(home: Home, plan: Plan): Promise<EnvironmentManifest> {
  const made = await readManifest(home.pointer)
  if (made === undefined) {
    throw new PaddleError(
      'ENVIRONMENT_INSTALL_FAILED',
      `${home.pointer} is missing although ${plan.title} was just installed.`,
      { advice: 'Try again: paddle-ts setup' },
    )
  }
  return made
}
