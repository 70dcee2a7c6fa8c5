import { readFileSync } from 'node:fs'
import { availableParallelism, cpus, freemem, homedir, release, totalmem, userInfo } from 'node:os'
import { groupLimits } from '../control-groups.js'
import { packageFile } from '../package-files.js'
import { secretsIn, type CurrentUser } from './redact-secrets.js'

/** Properties of the system that a bug may depend on. */
export interface SystemFacts {
  readonly paddleTs: string
  readonly node: string
  readonly system: string
  readonly cpu: string
  readonly memory: string
  /** Names only. */
  readonly variables: readonly string[]
}

/** CPU features by which paddle, oneDNN and OpenBLAS choose their kernels. */
const features = /^(?:avx\w*|amx\w*|fma|sse4_2|f16c|asimd\w*|bf16|sve\w*|i8mm)$/

/** Variables that affect paddle and its libraries. */
const mattering =
  /^(?:FLAGS_|CUDA_|CUDNN_|OMP_|KMP_|MKL_|OPENBLAS_|ONEDNN_|DNNL_|GLOG_|CUSTOM_DEVICE_ROOT$|LD_LIBRARY_PATH$|LD_PRELOAD$|MALLOC_)/

export function systemFacts(): SystemFacts {
  const { version } = JSON.parse(readFileSync(packageFile('package.json'), 'utf8')) as {
    version: string
  }
  const limits = groupLimits()
  const allowed = limits.memory < totalmem() ? `, ${gibibytes(limits.memory)} allowed` : ''
  return {
    paddleTs: version,
    node: process.version,
    system: `${process.platform} ${release()} ${process.arch}${glibc()}`,
    cpu: `${cpus()[0]?.model ?? 'unknown'}, ${Math.round(10 * Math.min(availableParallelism(), limits.cores)) / 10} usable, ${cpuFeatures()}`,
    memory: `${gibibytes(totalmem())} in all, ${gibibytes(freemem())} free${allowed}`,
    variables: Object.keys(process.env)
      .filter((name) => mattering.test(name))
      .sort(),
  }
}

/** The user of this process. */
export function currentUser(): CurrentUser {
  const secrets = secretsIn(process.env)
  try {
    return { home: homedir(), name: userInfo().username, secrets }
  } catch {
    return { home: '', name: '', secrets } // The user may be missing in /etc/passwd.
  }
}

function glibc(): string {
  const { header } = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return header?.glibcVersionRuntime === undefined ? '' : `, glibc ${header.glibcVersionRuntime}`
}

function cpuFeatures(): string {
  try {
    const [, flags = ''] = /^(?:flags|Features)\s*:(.*)$/m.exec(readFileSync('/proc/cpuinfo', 'utf8')) ?? []
    return (
      flags
        .split(' ')
        .filter((flag) => features.test(flag))
        .join(' ') || 'no known features'
    )
  } catch {
    return 'features unknown' // Only Linux has /proc.
  }
}

function gibibytes(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`
}

/**
 * The resident memory of a process in bytes (`/proc/PID/status`, VmRSS); undefined if the process has ended
 * or the system has no /proc.
 */
export function memoryInUse(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
  } catch {
    return undefined
  }
}
