import { findInterpreter } from '../environment/index.js'
import { launch, type Launched, type LaunchOptions } from './launch.js'
import { closeEarly, makeEarly, type Region } from './region.js'

/** What a predictor with two lanes maps: the arena, and of each lane the input and the output. */
const regions = 5

interface Early {
  readonly launched: Launched
  readonly options: LaunchOptions
  readonly inherited: readonly Region[]
}

let early: Early | undefined

/**
 * Starts a worker's process before anything of its predictor is known, so that importing paddle and what the caller does meanwhile
 * go on at the same time. The first worker that would be started in the same way takes it over.
 *
 * @throws PaddleError as `findInterpreter`, WORKER_START_FAILED, SHARED_MEMORY_FAILED
 */
export async function launchEarly(python: string | undefined): Promise<void> {
  const { path: interpreter } = await findInterpreter(python === undefined ? {} : { python })
  const inherited = makeEarly(regions)
  const descriptors = inherited.map(({ descriptor }) => descriptor)
  const options = { interpreter, descriptors, whole: false }
  const launched = launch(options)
  // Who takes it over will hear of it.
  launched.hello.catch(() => undefined)
  early = { launched, options, inherited }
}

/** The process that was started early, if it was started in this way. */
export function takeEarly(options: LaunchOptions): Launched | undefined {
  if (!early || JSON.stringify(early.options) !== JSON.stringify(options)) return undefined
  const { launched, inherited } = early
  // A closed one's descriptor may be another's by now.
  if (inherited.some(({ closed }) => closed)) return undefined
  early = undefined
  return launched
}

/** Ends what nobody has taken over, and waits until it is gone. */
export async function dropEarly(): Promise<void> {
  const unused = early?.launched.process
  early = undefined
  closeEarly()
  await unused?.stop()
}
