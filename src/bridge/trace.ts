import { debuglog } from 'node:util'
import { beginningOf } from '../errors.js'

/** Lines are cut: what matters stands at their beginning, and a list of offsets may be very long. */
const LONGEST = 500

const log = debuglog('paddle-ts')

/**
 * What goes on between Node and its workers, on stderr with `NODE_DEBUG=paddle-ts`. Nothing that is fed is in it, only what describes
 * it.
 */
export const trace = {
  /** Asked before a text is made that would cost something. */
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
