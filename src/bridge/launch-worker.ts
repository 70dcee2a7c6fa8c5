import { ControlChannel, type CallResult } from './control-channel.js'
import type { CreateRequest, HelloRequest } from './protocol/control.js'
import type { OneShotCalls, ReadConfigRequest } from './protocol/one-shot.js'
import type { Lane } from './region.js'
import { WorkerProcess } from './worker-process.js'

/** How a worker process starts. */
export interface LaunchOptions extends HelloRequest {
  /** The path of the Python interpreter. */
  readonly interpreter: string
  /** The descriptors that the process inherits. */
  readonly descriptors: readonly number[]
}

/** A process that is importing paddle. */
export interface Launched {
  readonly process: WorkerProcess
  readonly control: ControlChannel
  readonly hello: Promise<CallResult>
}

/** The descriptors of a predictor's memory, in the order in which a worker inherits them. */
export function descriptorsOf(arena: { readonly descriptor: number }, lanes: readonly Lane[]): number[] {
  return [arena.descriptor, ...lanes.flatMap(({ input, output }) => [input.descriptor, output.descriptor])]
}

export function launch({ interpreter, descriptors, whole }: LaunchOptions): Launched {
  const process = new WorkerProcess(interpreter, descriptors)
  const control = new ControlChannel(process, 'paddle_worker.serving')
  return { process, control, hello: control.call('hello', { whole }) }
}

/** Calls that may name passes written in Python, which only a full import of paddle provides. */
const naming = /^(?:pass_builder\.|enable_custom_passes)/

/** Whether a predictor requires a full import of paddle: a `prepare` function may use any part of it. */
export function needsFullPaddle({ calls, prepare }: Pick<CreateRequest, 'calls' | 'prepare'>): boolean {
  return prepare !== null || calls.some(({ methods }) => naming.test(methods[0] ?? ''))
}

/** Same as `needsFullPaddle`, for a one-shot call. */
export function callNeedsFullPaddle<Name extends keyof OneShotCalls>(
  name: Name,
  request: OneShotCalls[Name]['request'],
): boolean {
  if (name === 'readConfig') return needsFullPaddle({ ...(request as ReadConfigRequest), prepare: null })
  return name === 'convertModel'
}
