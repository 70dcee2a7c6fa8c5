import type { RecordedCall } from '../../bridge/index.js'
import { callerTypeError } from '../../errors.js'

/** What the methods of a Config, and of what it gives, write to and read from. */
export interface CallRecorder {
  record(call: RecordedCall): void
  read(call: RecordedCall): Promise<unknown>
}

const recordings = new WeakMap<object, CallRecorder>()

/** Says where the methods of `host` record. */
export function setRecorder(host: object, recording: CallRecorder): void {
  recordings.set(host, recording)
}

/** Where the methods of `host` record. @throws TypeError for what is no Config */
export function recorderOf(host: object): CallRecorder {
  const recording = recordings.get(host)
  if (!recording) throw callerTypeError('This is a method of Config: call it on one.')
  return recording
}

/** What a Config gives to set more with: it records in the Config. */
export function subConfigOf<Part extends object>(config: object, part: Part): Part {
  setRecorder(part, recorderOf(config))
  return part
}
