import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../../src/errors.js'

/** Where control groups of version 1 are made, else those of version 2, and the file that limits the memory of one. */
const [parent, limit] = existsSync('/sys/fs/cgroup/memory')
  ? ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes']
  : ['/sys/fs/cgroup', 'memory.max']

/** A control group whose processes may have so much memory together. */
export class LimitedMemory implements Disposable {
  readonly #folder: string
  /** A process that writes its pid there belongs to it, and what it starts. */
  readonly processes: string

  /** @throws Error where this user may not make one */
  constructor(bytes: number) {
    this.#folder = join(parent, `paddle-ts-test-${process.pid}`)
    this.processes = join(this.#folder, 'cgroup.procs')
    mkdirSync(this.#folder)
    try {
      writeFileSync(join(this.#folder, limit), String(bytes))
    } catch (error) {
      rmdirSync(this.#folder)
      throw error
    }
  }

  [Symbol.dispose](): void {
    rmdirSync(this.#folder)
  }
}

/** Why no memory can be limited here; undefined where it can. */
export function whyUnlimited(): string | undefined {
  try {
    new LimitedMemory(2 ** 30)[Symbol.dispose]()
    return undefined
  } catch (error) {
    return `no control group that limits memory can be made (${codeOf(error) ?? 'unknown error'})`
  }
}
