import type { Driver } from './driver.js'
import {
  gpuWheelsOf,
  hasGpuWheels,
  isAtLeast,
  noGpuWheelsReason,
  type GpuWheels,
  type Version,
} from './gpu-wheels.js'

/** The wheel for a machine. */
export interface WheelChoice {
  readonly device: 'cpu' | 'gpu'
  /** Paddle's index for the wheel; null: pip's own. */
  readonly indexUrl: string | null
  /** The file that it was installed from, if one was. */
  readonly wheel: string | null
  /** Whether it is the installed one. */
  readonly isInstalled: boolean
  /** What was chosen and why, in one line without a full stop. */
  readonly reason: string
}

/** The wheel that is installed. */
export interface InstalledWheel extends Pick<WheelChoice, 'device' | 'indexUrl' | 'wheel'> {
  readonly paddle: string
}

interface Machine {
  readonly platform: string
  readonly arch: string
  /** The answer of its driver; undefined if it was not asked, as on a platform without GPU wheels. */
  readonly driver: Driver | undefined
  readonly installed?: InstalledWheel | undefined
}

/**
 * Chooses the wheel of a version of Paddle for the newest CUDA that the driver and every GPU support, or the
 * CPU wheel if there is none. An installed CPU wheel of the version is as good as any other, and an installed
 * GPU wheel is kept as long as the driver, which is there, does not answer.
 */
export function chooseWheel(paddle: string, machine: Machine): WheelChoice {
  const { driver, installed } = machine
  if (installed?.device === 'gpu' && driver?.installed && !driver.cuda) {
    const source = sourceFor(paddle, installed)
    const verb = source.isInstalled ? 'Keeping' : 'Using'
    return {
      device: 'gpu',
      ...source,
      reason: `${verb} paddlepaddle-gpu ${paddle} from ${whereOf(source)}: ${unansweredReason(driver)}`,
    }
  }
  const chosen = fittingWheels(paddle, machine)
  if (typeof chosen === 'string') {
    const source = installed?.device === 'cpu' ? sourceFor(paddle, installed) : fromPip
    return {
      device: 'cpu',
      ...source,
      reason: `Using the CPU wheel, paddlepaddle ${paddle}, from ${whereOf(source)}: ${chosen}`,
    }
  }
  return gpuChoice(paddle, chosen, installed)
}

function gpuChoice(
  paddle: string,
  { wheels, driver, supported }: FittingWheels,
  installed: InstalledWheel | undefined,
): WheelChoice {
  const source = { indexUrl: wheels.indexUrl, wheel: null }
  const gpus = [...new Set(driver.gpus.map(describeGpu))].join(', ')
  return {
    device: 'gpu',
    ...source,
    isInstalled:
      installed?.device === 'gpu' &&
      installed.paddle === paddle &&
      installed.indexUrl === source.indexUrl &&
      installed.wheel === null,
    reason:
      `Using paddlepaddle-gpu ${paddle} for CUDA ${text(wheels.cuda)} from ${whereOf(source)}: ` +
      `${nameOf(driver)} supports CUDA ${text(supported)} and shows ${gpus}` +
      // Those of Paddle's own indexes require NVIDIA's packages, which pip installs.
      (wheels.indexUrl === null
        ? `; the wheel also requires the libraries of CUDA ${text(wheels.cuda)} and cuDNN 8`
        : ''),
  }
}

type Source = Pick<WheelChoice, 'indexUrl' | 'wheel' | 'isInstalled'>

const fromPip: Source = { indexUrl: null, wheel: null, isInstalled: false }

/** The source of the installed wheel; a file contains one version only. */
function sourceFor(paddle: string, { indexUrl, wheel, ...installed }: InstalledWheel): Source {
  const isInstalled = installed.paddle === paddle
  return { indexUrl, wheel: isInstalled ? wheel : null, isInstalled }
}

function whereOf({ indexUrl, wheel }: Pick<Source, 'indexUrl' | 'wheel'>): string {
  return wheel ?? indexUrl ?? 'PyPI'
}

function unansweredReason({ problem }: Driver): string {
  return `the NVIDIA driver does not answer (${oneLine(problem ?? '')})`
}

/** Drivers and programs may report several lines. */
function oneLine(problem: string): string {
  return problem.trim().replace(/\s*[\n\r]\s*/g, ' ')
}

interface FittingWheels {
  readonly wheels: GpuWheels
  readonly driver: Driver
  readonly supported: Version
}

/** The wheels that fit, or why there are none, as a clause. */
function fittingWheels(paddle: string, { platform, arch, driver }: Machine): FittingWheels | string {
  if (!hasGpuWheels({ platform, arch })) {
    return noGpuWheelsReason({ platform, arch })
  }
  const all = gpuWheelsOf(paddle)
  if (all.length === 0) return `there is no GPU wheel of Paddle ${paddle} on PyPI or Paddle’s own indexes`
  if (!driver?.cuda) {
    return driver?.installed
      ? unansweredReason(driver)
      : `this machine has no NVIDIA driver (${oneLine(driver?.problem ?? 'it was not asked')})`
  }
  const { cuda: supported, gpus } = driver
  if (gpus.length === 0) return `${nameOf(driver)} shows no GPU`
  const known = all.filter(({ driverCuda }) => isAtLeast(supported, driverCuda))
  if (known.length === 0) {
    const least = all.map(({ driverCuda }) => driverCuda).reduce((a, b) => (isAtLeast(a, b) ? b : a))
    return (
      `${nameOf(driver)} supports CUDA ${text(supported)}, and paddlepaddle-gpu ${paddle} requires ` +
      `a driver that supports CUDA ${text(least)} or later`
    )
  }
  const wheels = known.find((each) => gpus.every(({ capability }) => runsOn(each, capability)))
  if (wheels) return { wheels, driver, supported }
  const cudas = known.map(({ cuda }) => text(cuda)).join(' or ')
  return (
    `${gpus.map(describeGpu).join(', ')} ${gpus.length === 1 ? 'is' : 'are'} not supported by CUDA ${cudas}, ` +
    `for which ${nameOf(driver)} can run paddlepaddle-gpu ${paddle}`
  )
}

/** An unknown capability, as from drivers before 510, is assumed to fit. */
function runsOn({ leastGpu, mostGpu }: GpuWheels, capability: Version | null): boolean {
  return capability === null || (isAtLeast(capability, leastGpu) && isAtLeast(mostGpu, capability))
}

function nameOf({ driver }: Driver): string {
  return driver === null ? 'the NVIDIA driver' : `the NVIDIA driver ${driver}`
}

function describeGpu({ name, capability }: Driver['gpus'][number]): string {
  return capability === null ? name : `${name} (compute capability ${text(capability)})`
}

function text([major, minor]: Version): string {
  return `${major}.${minor}`
}
