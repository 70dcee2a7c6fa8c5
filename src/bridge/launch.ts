import { Control, type CallAnswer } from './control.js'
import type { HelloRequest } from './protocol.js'
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
  readonly control: Control
  readonly hello: Promise<CallAnswer>
}

export function launch({ interpreter, descriptors, whole }: LaunchOptions): Launched {
  const process = new WorkerProcess(interpreter, descriptors)
  const control = new Control(process, 'paddle_worker.session')
  return { process, control, hello: control.call('hello', { whole }) }
}
