import type { RecordedCall } from '../../bridge/index.js'
import { callerTypeError } from '../../errors.js'

/** Where the methods of a Config and its parts (`passBuilder()`, …) record calls and read values. */
export interface CallRecorder {
  record(call: RecordedCall): void
  read(call: RecordedCall): Promise<unknown>
}

const recordings = new WeakMap<object, CallRecorder>()

/** Sets the recorder for the methods of `host`. */
export function setRecorder(host: object, recording: CallRecorder): void {
  recordings.set(host, recording)
}

/** The recorder for the methods of `host`. @throws TypeError if `host` is not a Config */
export function recorderOf(host: object): CallRecorder {
  const recording = recordings.get(host)
  if (!recording) throw callerTypeError('This is a method of Config: call it on one.')
  return recording
}

/** Connects a part of a Config, such as its PassBuilder: the part's calls are recorded in the Config. */
export function subConfigOf<Part extends object>(config: object, part: Part): Part {
  setRecorder(part, recorderOf(config))
  return part
}
