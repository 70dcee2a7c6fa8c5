import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { codeOf } from '../../src/errors.js'

/**
 * The folder of control groups of version 1, else of version 2, and the file that limits the memory of one.
 */
const [parent, limit] = existsSync('/sys/fs/cgroup/memory')
  ? ['/sys/fs/cgroup/memory', 'memory.limit_in_bytes']
  : ['/sys/fs/cgroup', 'memory.max']

/** A control group whose processes share a memory limit, and a group in it without a limit of its own. */
export class LimitedMemory implements Disposable {
  readonly #folder: string
  /** A process that writes its pid to this file joins the group, with its children. */
  readonly processes: string
  /** The same for the inner group. */
  readonly innerProcesses: string

  /** @throws Error if this user may not create one */
  constructor(bytes: number) {
    this.#folder = join(parent, `paddle-ts-test-${process.pid}`)
    this.processes = join(this.#folder, 'cgroup.procs')
    this.innerProcesses = join(this.#folder, 'inner/cgroup.procs')
    mkdirSync(this.#folder)
    mkdirSync(join(this.#folder, 'inner'))
    try {
      writeFileSync(join(this.#folder, limit), String(bytes))
    } catch (error) {
      this[Symbol.dispose]()
      throw error
    }
  }

  [Symbol.dispose](): void {
    rmdirSync(join(this.#folder, 'inner'))
    rmdirSync(this.#folder)
  }
}

/** The reason why memory cannot be limited here; undefined if it can. */
export function whyUnlimited(): string | undefined {
  try {
    new LimitedMemory(2 ** 30)[Symbol.dispose]()
    return undefined
  } catch (error) {
    return `no control group that limits memory can be made (${codeOf(error) ?? 'unknown error'})`
  }
}
