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
  /** What was chosen and why, in one line without a full stop. */
  readonly reason: string
}

interface Machine {
  readonly platform: string
  readonly arch: string
  /** The answer of its driver; undefined if it was not asked, as on a platform without GPU wheels. */
  readonly driver: Driver | undefined
}

/**
 * Chooses the wheel of a version of Paddle for the newest CUDA that the driver and every GPU support, or the
 * CPU wheel if there is none.
 */
export function chooseWheel(paddle: string, machine: Machine): WheelChoice {
  const chosen = fittingWheels(paddle, machine)
  if (typeof chosen === 'string') {
    return { device: 'cpu', indexUrl: null, reason: `Using the CPU wheel, paddlepaddle ${paddle}: ${chosen}` }
  }
  const { wheels, driver, supported } = chosen
  const where = wheels.indexUrl ?? 'PyPI'
  const gpus = [...new Set(driver.gpus.map(describeGpu))].join(', ')
  return {
    device: 'gpu',
    indexUrl: wheels.indexUrl,
    reason:
      `Using paddlepaddle-gpu ${paddle} for CUDA ${text(wheels.cuda)} from ${where}: ` +
      `${nameOf(driver)} supports CUDA ${text(supported)} and shows ${gpus}` +
      // Those of Paddle's own indexes require NVIDIA's packages, which pip installs.
      (wheels.indexUrl === null
        ? `; the wheel also requires the libraries of CUDA ${text(wheels.cuda)} and cuDNN 8`
        : ''),
  }
}

/** The wheels that fit, or why there are none, as a clause. */
function fittingWheels(
  paddle: string,
  { platform, arch, driver }: Machine,
): { wheels: GpuWheels; driver: Driver; supported: Version } | string {
  if (!hasGpuWheels({ platform, arch })) {
    return noGpuWheelsReason({ platform, arch })
  }
  const all = gpuWheelsOf(paddle)
  if (all.length === 0) return `there is no GPU wheel of Paddle ${paddle} on PyPI or Paddle’s own indexes`
  if (!driver?.cuda) {
    return `no NVIDIA driver answers (${driver?.problem ?? 'it was not asked'})`
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
