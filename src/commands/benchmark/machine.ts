import { arch, cpus, platform } from 'node:os'
import { usableCores } from '../../inference/index.js'
import { packageVersion } from '../../package-files.js'

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
