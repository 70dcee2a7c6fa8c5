import { arch, cpus, platform } from 'node:os'
import { usableCores, type PredictorInfo } from '../../../inference/index.js'
import { packageVersion } from '../../../package-files.js'
import { counted } from '../../../wording.js'
import type { Row } from '../measure/rows.js'
import type { Shapes } from '../measure/shapes.js'
import type { Recommendations } from '../search/recommend.js'

/** The data of all reports. */
export interface BenchmarkResult {
  /** The model as given. */
  readonly model: string
  /** Of the first predictor; undefined without one. */
  readonly info: PredictorInfo | undefined
  readonly date: Date
  /** The command line. */
  readonly command: string
  readonly machine: Machine
  /** The number of images, including skipped ones; undefined for the network alone. */
  readonly images: number | undefined
  /** The inputs' shapes for a batch of one, for the network alone. */
  readonly shapes: Shapes | undefined
  readonly rows: readonly Row[]
  readonly best: Recommendations | undefined
  /** Warnings and skipped images. */
  readonly notes: readonly string[]
  /** Why not all settings were measured. */
  readonly stopped: 'time' | 'interrupt' | undefined
}

/** The unit of the throughput. */
export function unitOf({ images }: BenchmarkResult): 'images' | 'samples' {
  return images === undefined ? 'samples' : 'images'
}

/** What was measured, in one line. */
export function describeTarget({ images, shapes }: BenchmarkResult): string {
  if (images !== undefined) return `from files to results, ${counted(images, 'image')}`
  const fed = [...(shapes ?? [])].map(([name, shape]) => `${name} [${shape.join(',')}]`)
  return fed.length === 0 ? 'the network alone' : `the network alone; a batch of one is ${fed.join(', ')}`
}

/** A line with the versions and one with the machine. */
export function describeMachine({ info, machine }: BenchmarkResult): string[] {
  const paddle = info ? `paddle ${info.paddle}, ` : ''
  return [
    `${paddle}Node ${machine.node}, paddle-ts ${machine.paddleTs}`,
    `${machine.cpu}, ${counted(machine.cores, 'core')}, ${machine.platform}`,
  ]
}

/** A caution if a recommended setting has a precision other than fp32. */
export function precisionCaution({ best }: BenchmarkResult): string | undefined {
  const precisions = [best?.throughput, best?.latency].map((one) => one?.measured.setting.precision ?? 'fp32')
  const coarse = precisions.find((precision) => precision !== 'fp32')
  return coarse && `${coarse} is less accurate than fp32: compare the results before you use it.`
}

/** Why not all settings were measured, in one line. */
export function stopReason({ stopped }: BenchmarkResult): string | undefined {
  if (stopped === 'interrupt') return 'Interrupted: the remaining settings were not measured.'
  return stopped && 'Time limit reached (--max-seconds): the remaining settings were not measured.'
}

/** The machine and the versions of a measurement. */
export interface Machine {
  readonly cpu: string
  /** The usable cores of this process. */
  readonly cores: number
  /** `linux x64` */
  readonly platform: string
  readonly node: string
  readonly paddleTs: string
}

export async function thisMachine(): Promise<Machine> {
  return {
    cpu: cpus()[0]?.model ?? 'unknown CPU',
    cores: usableCores(),
    platform: `${platform()} ${arch()}`,
    node: process.versions.node,
    paddleTs: await packageVersion(),
  }
}
