import { arch, cpus, platform } from 'node:os'
import { usableCores, type PredictorInfo } from '../../../inference/index.js'
import { packageVersion } from '../../../package-files.js'
import { counted } from '../../../wording.js'
import type { Row } from '../measure/rows.js'
import type { Shapes } from '../measure/shapes.js'
import type { Recommendations } from '../search/recommend.js'

/** Everything that is told. */
export interface BenchmarkResult {
  /** The model as it was given. */
  readonly model: string
  /** What the first predictor turned out to be; undefined when there was none. */
  readonly info: PredictorInfo | undefined
  readonly date: Date
  /** What was typed. */
  readonly command: string
  readonly machine: Machine
  /** How many images, with those that were left out; undefined for the network alone. */
  readonly images: number | undefined
  /** What the network alone was fed with, for a batch of one. */
  readonly shapes: Shapes | undefined
  readonly rows: readonly Row[]
  readonly best: Recommendations | undefined
  /** What else one should know. */
  readonly notes: readonly string[]
  /** Why not all was measured. */
  readonly stopped: 'time' | 'interrupt' | undefined
}

/** What is counted in a second. */
export function unitOf({ images }: BenchmarkResult): 'images' | 'samples' {
  return images === undefined ? 'samples' : 'images'
}

/** What was measured, in a line. */
export function describeTarget({ images, shapes }: BenchmarkResult): string {
  if (images !== undefined) return `from files to answers, ${counted(images, 'image')}`
  const fed = [...(shapes ?? [])].map(([name, shape]) => `${name} [${shape.join(',')}]`)
  return fed.length === 0 ? 'the network alone' : `the network alone; a batch of one is ${fed.join(', ')}`
}

/** The versions, and the machine: a line each. */
export function describeMachine({ info, machine }: BenchmarkResult): string[] {
  const paddle = info ? `paddle ${info.paddle}, ` : ''
  return [
    `${paddle}Node ${machine.node}, paddle-ts ${machine.paddleTs}`,
    `${machine.cpu}, ${counted(machine.cores, 'core')}, ${machine.platform}`,
  ]
}

/** What to know before one does as is recommended, in a line. */
export function precisionCaution({ best }: BenchmarkResult): string | undefined {
  const precisions = [best?.throughput, best?.latency].map((one) => one?.measured.setting.precision ?? 'fp32')
  const coarse = precisions.find((precision) => precision !== 'fp32')
  return coarse && `${coarse} is less exact than fp32: compare its answers before you use it.`
}

/** Why not all was measured, in a line. */
export function stopReason({ stopped }: BenchmarkResult): string | undefined {
  if (stopped === 'interrupt') return 'Interrupted: other settings were not measured.'
  return stopped && 'The time was up (--max-seconds): other settings were not measured.'
}

/** Where and with what it was measured. */
export interface Machine {
  readonly cpu: string
  /** Those that this process may keep busy. */
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
