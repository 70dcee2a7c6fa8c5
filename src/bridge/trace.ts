import { debuglog } from 'node:util'
import { beginningOf } from '../errors.js'

/** Longer lines are cut: the beginning matters, and a list of offsets may be very long. */
const LONGEST = 500

const log = debuglog('paddle-ts')

/**
 * Traces the communication between Node and its workers on stderr with `NODE_DEBUG=paddle-ts`. It contains
 * descriptions of the feeds, but not their data.
 */
export const trace = {
  /** Check this before building an expensive text. */
  get enabled(): boolean {
    return log.enabled
  },

  line(pid: number | undefined, what: string, text: string): void {
    if (!log.enabled) return
    const shown = text.length > LONGEST ? `${beginningOf(text, LONGEST)}… (${text.length} characters)` : text
    log('worker %s: %s %s', pid ?? 'none', what, shown)
  },

  memory(descriptor: number, bytes: number): void {
    if (log.enabled) log('memory %d: grown to %d bytes', descriptor, bytes)
  },
}
