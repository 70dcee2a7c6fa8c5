import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'
import { arch, availableParallelism, cpus, platform, release, tmpdir, totalmem } from 'node:os'
import { dirname } from 'node:path'
import { availableMemory, groupLimits } from '../../control-groups.js'
import { homeOf, readManifest } from '../../environment/index.js'
import { codeOf } from '../../errors.js'
import { hasTurbo } from '../../image/index.js'
import { cpuFeatures } from '../benchmark/search/plan.js'
import { failure, ok, warning, type Check } from './check.js'

const gigabyte = 1024 ** 3

function round(value: number): string {
  return String(Number(value.toFixed(1)))
}

export function checkNode(): Check {
  return ok('Node', process.version)
}

export function checkPlatform(): Check {
  const text = `${platform()} ${arch()}, kernel ${release()}`
  const glibc = glibcVersion()
  if (platform() === 'linux' && glibc === undefined) {
    return failure(
      'Platform',
      `${text}, without glibc`,
      'Use a system with glibc, such as the image node:22-bookworm.',
    )
  }
  if (platform() === 'linux' && arch() === 'x64') return ok('Platform', `${text}, glibc ${glibc ?? ''}`)
  if ((platform() === 'linux' || platform() === 'darwin') && arch() === 'arm64') {
    return warning('Platform', text, 'paddle-ts should work here, but is tested on Linux x64 only.')
  }
  return failure('Platform', text, 'Use Linux x64 with glibc; on Windows, WSL 2.')
}

/** The glibc version in Node's report; undefined with another C library. */
function glibcVersion(): string | undefined {
  const report = process.report.getReport() as { header?: { glibcVersionRuntime?: string } }
  return report.header?.glibcVersionRuntime
}

/** The number of cores, and the share of them that the control groups allow if it is less. */
export function coresText(cores: number, allowed: number): string {
  return allowed < cores ? `${cores} cores, of which ${round(allowed)} may be used` : `${cores} cores`
}

/** CPU features that determine whether the wheel runs, and how fast. */
const interesting = /^(avx|avx2|fma|avx512f|avx512_vnni|avx512_bf16|amx_bf16|amx_int8|asimd|bf16|sve)$/

export async function checkCpu(): Promise<Check> {
  const text = `${cpus()[0]?.model ?? 'unknown'}, ${coresText(availableParallelism(), groupLimits().cores)}`
  const features = await cpuFeatures()
  if (features === undefined) return ok('CPU', text)
  const listed = `${text}: ${features.filter((feature) => interesting.test(feature)).join(' ') || 'no vector features'}`
  if (arch() === 'x64' && !features.includes('avx')) {
    return failure(
      'CPU',
      listed,
      'Paddle’s wheel needs AVX: use a machine that has it; for a virtual machine, choose a CPU model with AVX.',
    )
  }
  return ok('CPU', listed)
}

export function checkJpegs(): Check {
  return hasTurbo()
    ? ok('JPEGs', 'decoded by libjpeg-turbo')
    : warning(
        'JPEGs',
        `decoded by sharp, which takes about three times as long: the package has no libjpeg-turbo that runs on ${platform()} ${arch()}`,
        'Use Linux x64 or arm64 with glibc where the time matters; the pixels are the same.',
      )
}

/** Checks the shared memory of tensors: anonymous on Linux, files in the temporary folder elsewhere. */
export function checkMemory(): Check {
  const available = availableMemory() / gigabyte
  const { memory } = groupLimits()
  const where =
    platform() === 'linux' ? 'anonymous (memfd), bounded by memory alone' : `private files in ${tmpdir()}`
  const limit =
    memory < totalmem() ? ` of ${round(memory / gigabyte)} GB, the limit of the container or service` : ''
  const text = `${where}: ${available.toFixed(1)} GB available${limit}`
  return available < 1
    ? warning(
        'Shared memory',
        text,
        'A worker takes about 0.4 GB plus its tensors: free memory, or raise the limit.',
      )
    : ok('Shared memory', text)
}

/** Checks the folder of the managed Python: write access and free space. */
export async function checkHome(): Promise<Check> {
  const { folder, pointer } = homeOf()
  const existing = await nearestExisting(folder)
  const remedy = 'Install it elsewhere: PADDLE_TS_HOME=FOLDER paddle-ts setup'
  if (!(await stat(existing)).isDirectory()) {
    const what = existing === folder ? 'is a file, not a folder' : `cannot be created: ${existing} is a file`
    return failure('Home', `${folder} ${what}`, remedy)
  }
  try {
    await access(existing, constants.W_OK)
  } catch (error) {
    const why = `cannot be written (${codeOf(error) ?? 'unknown'})`
    // As in a container whose image includes the environment, or if another user installed it.
    const isMade = (await readManifest(pointer).catch(() => undefined)) !== undefined
    return isMade
      ? ok('Home', `${folder}, which ${why}: the managed Python there cannot be changed`)
      : failure('Home', `${folder} ${why}`, remedy)
  }
  const { bavail, bsize } = await statfs(existing)
  const free = (bavail * bsize) / gigabyte
  const text = `${folder}, ${free.toFixed(1)} GB free`
  return free < 2
    ? warning('Home', text, `Installing the managed Python takes about 1.4 GB. ${remedy}`)
    : ok('Home', text)
}

async function nearestExisting(folder: string): Promise<string> {
  try {
    await access(folder)
    return folder
  } catch {
    const parent = dirname(folder)
    return parent === folder ? folder : nearestExisting(parent)
  }
}
