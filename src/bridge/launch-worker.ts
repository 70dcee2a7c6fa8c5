import { ControlChannel, type CallResult } from './control-channel.js'
import type { CreateRequest, HelloRequest, OneShotCalls, ReadConfigRequest } from './protocol.js'
import type { Lane } from './region.js'
import { WorkerProcess } from './worker-process.js'

/** How a worker's process is started. */
export interface LaunchOptions extends HelloRequest {
  /** The path of the Python. */
  readonly interpreter: string
  /** What it inherits. */
  readonly descriptors: readonly number[]
}

/** A process in which paddle is being imported. */
export interface Launched {
  readonly process: WorkerProcess
  readonly control: ControlChannel
  readonly hello: Promise<CallResult>
}

/** What a worker inherits of its predictor's memory, in this order. */
export function descriptorsOf(arena: { readonly descriptor: number }, lanes: readonly Lane[]): number[] {
  return [arena.descriptor, ...lanes.flatMap(({ input, output }) => [input.descriptor, output.descriptor])]
}

export function launch({ interpreter, descriptors, whole }: LaunchOptions): Launched {
  const process = new WorkerProcess(interpreter, descriptors)
  const control = new ControlChannel(process, 'paddle_worker.session')
  return { process, control, hello: control.call('hello', { whole }) }
}

/** Calls that may name what only the whole of paddle has: passes written in Python. */
const naming = /^(?:pass_builder\.|enable_custom_passes)/

/** Whether a predictor needs all of paddle: a function of the user's may use anything. */
export function needsFullPaddle({ calls, prepare }: Pick<CreateRequest, 'calls' | 'prepare'>): boolean {
  return prepare !== null || calls.some(({ methods }) => naming.test(methods[0] ?? ''))
}

/** The same of a one-off call. */
export function callNeedsFullPaddle<Name extends keyof OneShotCalls>(
  name: Name,
  request: OneShotCalls[Name]['request'],
): boolean {
  if (name === 'readConfig') return needsFullPaddle({ ...(request as ReadConfigRequest), prepare: null })
  return name === 'convertModel'
}
