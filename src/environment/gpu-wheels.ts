/** A version of CUDA, or the compute capability of a GPU. */
export type Version = readonly [major: number, minor: number]

/** The wheels of Paddle for a version of CUDA. */
export interface GpuWheels {
  readonly cuda: Version
  /** Where they are; null: on PyPI. */
  readonly indexUrl: string | null
  /** The least CUDA version that the driver must support. */
  readonly driverCuda: Version
  /** The compute capabilities of the GPUs that this CUDA compiles for. */
  readonly leastGpu: Version
  readonly mostGpu: Version
  /** Whether there is one of this version of Paddle. */
  readonly has: (paddle: string) => boolean
}

/** The versions of paddlepaddle-gpu on PyPI that paddle-ts supports. */
export const onPypi = ['2.6.0', '2.6.1', '2.6.2']

/** The newest of them, which is installed with hashes. */
export const pinnedOnPypi = '2.6.2'

/**
 * The wheels, newest CUDA first. The drivers are those that PaddleX's installation guide requires for CUDA 11.8
 * (450.80.02, which supports 11.0) and 12.6 (550.54.14, which supports 12.4); of newer ones, the driver must
 * support the same CUDA. The compute capabilities are those of NVIDIA's compiler. Paddle's indexes have these
 * versions of Paddle, as of 3.3.1.
 */
export const gpuWheels: readonly GpuWheels[] = [
  {
    cuda: [13, 0],
    indexUrl: paddleIndex('130'),
    driverCuda: [13, 0],
    leastGpu: [7, 5],
    mostGpu: [12, 1],
    has: since(3, 2, 1),
  },
  {
    cuda: [12, 9],
    indexUrl: paddleIndex('129'),
    driverCuda: [12, 9],
    leastGpu: [5, 0],
    mostGpu: [12, 1],
    has: since(3, 1, 0),
  },
  {
    cuda: [12, 6],
    indexUrl: paddleIndex('126'),
    driverCuda: [12, 4],
    leastGpu: [5, 0],
    mostGpu: [9, 0],
    has: since(3, 0, 0),
  },
  {
    cuda: [11, 8],
    indexUrl: paddleIndex('118'),
    driverCuda: [11, 0],
    leastGpu: [3, 5],
    mostGpu: [9, 0],
    has: since(3, 0, 0),
  },
  {
    cuda: [11, 8],
    indexUrl: null,
    driverCuda: [11, 0],
    leastGpu: [3, 5],
    mostGpu: [9, 0],
    has: (paddle) => onPypi.includes(paddle),
  },
]

/** The wheels of a version of Paddle, newest CUDA first. */
export function gpuWheelsOf(paddle: string): readonly GpuWheels[] {
  return gpuWheels.filter(({ has }) => has(paddle))
}

/** Whether Paddle publishes GPU wheels for a platform. */
export function hasGpuWheels({ platform, arch }: { platform: string; arch: string }): boolean {
  return platform === 'linux' && arch === 'x64'
}

/** Why a platform has none, as a clause. */
export function noGpuWheelsReason({ platform, arch }: { platform: string; arch: string }): string {
  return `Paddle has GPU wheels for Linux x64 only, not for ${platform} ${arch}`
}

export function isAtLeast([major, minor]: Version, [other, least]: Version): boolean {
  return major > other || (major === other && minor >= least)
}

function paddleIndex(cuda: string): string {
  return `https://www.paddlepaddle.org.cn/packages/stable/cu${cuda}/`
}

/** Releases from that one on; `3.2.1`, not `3.2.1rc0`. */
function since(...least: readonly number[]): (paddle: string) => boolean {
  return (paddle) => {
    if (!/^\d+\.\d+\.\d+$/.test(paddle)) return false
    const parts = paddle.split('.').map(Number)
    const first = parts.findIndex((part, index) => part !== least[index])
    return first === -1 || (parts[first] ?? 0) > (least[first] ?? 0)
  }
}
