import { PaddleError } from '../errors.js'
import { checkPlatform } from '../platform.js'
import { readManifest, type EnvironmentManifest } from './environment-manifest.js'
import {
  defaultSpec,
  environmentRequest,
  type EnvironmentOptions,
  type EnvironmentRequest,
  type EnvironmentSpec,
} from './environment-spec.js'
import type { Interpreter } from './executables.js'
import {
  environmentDamage,
  findNamedInterpreter,
  isOutdated,
  managedInterpreter,
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
  const { force = false, verify = false, signal, onProgress } = options
  const request = environmentRequest(options)
  checkPlatform()
  checkArchitecture()
  const asked = request && (await resolveDevice(request, options))
  const home = homeOf()
  const seen = await readManifest(home.pointer)
  if (seen !== undefined && asked === undefined && !force && (await isGood(home, seen, { verify, signal }))) {
    return managedInterpreter(home, seen)
  }
  const plan = await planFor(asked ?? seen?.wish ?? defaultSpec)
  if (seen?.key === plan.key && !force && (await isWhole(home, seen, { verify, signal }))) {
    return managedInterpreter(home, seen)
  }
  // The installer is only loaded here: usually the environment exists.
  const { chooseBasePython } = await import('./base-python.js')
  const { makeEnvironment } = await import('./run-make-environment.js')
  onProgress?.({ step: `Looking for a Python for ${plan.title}` })
  const base = await chooseBasePython(plan, signal)
  await makeEnvironment({ home, plan, base, seen: seen?.id, signal, onProgress })
  return managedInterpreter(home, await readMade(home, plan))
}

/** Resolves the device `auto` by the driver, and reports the choice. */
async function resolveDevice(
  { device, ...request }: EnvironmentRequest,
  { signal, onProgress }: EnvironmentOptions,
): Promise<EnvironmentSpec> {
  if (device !== 'auto') return { ...request, device }
  const { chooseForMachine } = await import('./choose-for-machine.js')
  onProgress?.({ step: 'Reading the NVIDIA driver' })
  const { reason, ...chosen } = await chooseForMachine(request, signal)
  onProgress?.({ step: reason })
  return { ...request, ...chosen }
}

async function isGood(home: Home, pointer: EnvironmentManifest, how: HowToLook): Promise<boolean> {
  return !(await isOutdated(pointer)) && (await isWhole(home, pointer, how))
}

interface HowToLook {
  readonly verify: boolean
  readonly signal: AbortSignal | undefined
}

async function isWhole(
  home: Home,
  pointer: EnvironmentManifest,
  { verify, signal }: HowToLook,
): Promise<boolean> {
  if ((await environmentDamage(home, pointer)) !== undefined) return false
  if (!verify) return true
  const { probeInterpreter } = await import('./probe-interpreter.js')
  try {
    await probeInterpreter(managedInterpreter(home, pointer).path, { ...(signal && { signal }) })
    return true
  } catch (error) {
    if (error instanceof PaddleError) return false
    throw error
  }
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
