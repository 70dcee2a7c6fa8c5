import { ControlChannel, type CallResult } from './control.js'
import type { HelloRequest } from './protocol.js'
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
