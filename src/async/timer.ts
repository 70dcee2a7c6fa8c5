/** The longest delay of a Node timer: with a longer one, or Infinity, it fires at once. */
const longestMs = 2 ** 31 - 1

/** A scheduled call. */
export interface Timer {
  /** Cancels the call. */
  readonly stop: () => void
  /** Lets Node exit before the call. */
  unref(): Timer
}

/**
 * Calls `callback` once after `delayMs` milliseconds, without an upper limit.
 *
 * @param delayMs - Infinity for never
 */
export function startTimer(delayMs: number, callback: () => void): Timer {
  let timer: NodeJS.Timeout | undefined
  let isRef = true
  const wait = (leftMs: number): void => {
    if (leftMs === Infinity) return
    const stepMs = Math.min(leftMs, longestMs)
    timer = setTimeout(() => {
      if (leftMs > stepMs) wait(leftMs - stepMs)
      else callback()
    }, stepMs)
    if (!isRef) timer.unref()
  }
  wait(delayMs)
  const handle: Timer = {
    stop: () => {
      clearTimeout(timer)
    },
    unref: () => {
      isRef = false
      timer?.unref()
      return handle
    },
  }
  return handle
}
