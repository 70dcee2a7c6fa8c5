import { isDeepStrictEqual } from 'node:util'
import { findInterpreter } from '../environment/index.js'
import { descriptorsOf, launch, type Launched, type LaunchOptions } from './launch-worker.js'
import { Lane, Region, runsPerWorker } from './region.js'

/** The memory that a predictor maps. */
interface Memory {
  readonly arena: Region
  readonly lanes: readonly Lane[]
}

/** A worker process that starts before its model is known, and the memory that it inherits. */
export class PrewarmedWorker {
  readonly #options: LaunchOptions
  readonly #lanes: readonly Lane[]
  #launched: Launched | undefined
  #memory: Memory | undefined

  constructor(interpreter: string, memory: Memory) {
    const descriptors = descriptorsOf(memory.arena, memory.lanes)
    this.#options = { interpreter, descriptors, whole: false }
    this.#lanes = memory.lanes
    this.#memory = memory
    this.#launched = launch(this.#options)
    // The worker that claims the process handles this rejection too.
    this.#launched.hello.catch(() => undefined)
  }

  /** Transfers the memory to the caller; undefined if it was claimed before. */
  claimMemory(): Memory | undefined {
    const memory = this.#memory
    this.#memory = undefined
    return memory
  }

  /**
   * Transfers the process to a worker that would start with the same options and lanes; undefined otherwise,
   * or if it was claimed before.
   */
  claimProcess(options: LaunchOptions, lanes: readonly Lane[]): Launched | undefined {
    // Compare lanes, because the descriptor numbers of closed memory may have been reused.
    const isSame = this.#lanes.every((lane, index) => lane === lanes[index])
    if (!isSame || !isDeepStrictEqual(options, this.#options)) return undefined
    const launched = this.#launched
    this.#launched = undefined
    return launched
  }

  /** Ends the process and frees the memory, unless they were claimed; waits until the process has exited. */
  async discard(): Promise<void> {
    const unused = this.#launched
    this.#launched = undefined
    close(this.claimMemory())
    await unused?.process.stop()
  }
}

/**
 * Starts a worker process before its model is known, so that it imports paddle while the caller does other
 * work.
 *
 * @throws PaddleError as `findInterpreter`, WORKER_START_FAILED, SHARED_MEMORY_FAILED. No process is left
 * running then.
 */
export async function prewarmWorker(python: string | undefined): Promise<PrewarmedWorker> {
  const { path: interpreter } = await findInterpreter({ python })
  const lanes: Lane[] = []
  const memory = { arena: new Region(), lanes }
  try {
    while (lanes.length < runsPerWorker) lanes.push(new Lane(lanes.length))
    return new PrewarmedWorker(interpreter, memory)
  } catch (error) {
    close(memory)
    throw error
  }
}

function close(memory: Memory | undefined): void {
  memory?.arena.close()
  for (const lane of memory?.lanes ?? []) lane.close()
}
