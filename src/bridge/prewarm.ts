import { isDeepStrictEqual } from 'node:util'
import { findInterpreter } from '../environment/index.js'
import { descriptorsOf, launch, type Launched, type LaunchOptions } from './launch-worker.js'
import { Lane, Region, runsPerWorker } from './region.js'

/** What a predictor maps. */
interface Memory {
  readonly arena: Region
  readonly lanes: readonly Lane[]
}

/** A worker's process that was started before anything of its predictor was known, and the memory that it has inherited. */
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
    // Whoever takes it over gets its failure too.
    this.#launched.hello.catch(() => undefined)
  }

  /** The memory, which belongs to the caller from now on; undefined once it is taken. */
  claimMemory(): Memory | undefined {
    const memory = this.#memory
    this.#memory = undefined
    return memory
  }

  /** The process, for a worker on these lanes that would be started in the same way; undefined for others, and once it is taken. */
  claimProcess(options: LaunchOptions, lanes: readonly Lane[]): Launched | undefined {
    // The descriptors of memory that was closed meanwhile may be others' by now.
    const isSame = this.#lanes.every((lane, index) => lane === lanes[index])
    if (!isSame || !isDeepStrictEqual(options, this.#options)) return undefined
    const launched = this.#launched
    this.#launched = undefined
    return launched
  }

  /** Ends what nobody has taken over, and waits until it is gone. */
  async discard(): Promise<void> {
    const unused = this.#launched
    this.#launched = undefined
    close(this.claimMemory())
    await unused?.process.stop()
  }
}

/**
 * Starts a worker's process before anything of its predictor is known, so that importing paddle and what the caller does meanwhile
 * go on at the same time.
 *
 * @throws PaddleError as `findInterpreter`, WORKER_START_FAILED, SHARED_MEMORY_FAILED. Nothing is left then.
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
