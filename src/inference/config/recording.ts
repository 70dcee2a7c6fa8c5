import { callerTypeError } from '../../errors.js'
import type { RecordedCall } from '../../bridge/index.js'

/** What the methods of a Config, and of what it gives, write to and read from. */
export interface Recording {
  record(call: RecordedCall): void
  read(call: RecordedCall): Promise<unknown>
}

const recordings = new WeakMap<object, Recording>()

/** Says where the methods of `host` record. */
export function recordsInto(host: object, recording: Recording): void {
  recordings.set(host, recording)
}

/** Where the methods of `host` record. @throws TypeError for what is no Config */
export function recordingOf(host: object): Recording {
  const recording = recordings.get(host)
  if (!recording) throw callerTypeError('This is a method of Config: call it on one.')
  return recording
}

/** What a Config gives to set more with: it records in the Config. */
export function partOf<Part extends object>(config: object, part: Part): Part {
  recordsInto(part, recordingOf(config))
  return part
}
