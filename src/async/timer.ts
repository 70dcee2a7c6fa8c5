/** The longest delay that a timer of Node's takes: it fires at once when it is given a longer one, or Infinity. */
const longestMs = 2 ** 31 - 1

/** A call that is to be made after a while. */
export interface Timer {
  /** It is not made any more. */
  readonly stop: () => void
  /** It does not keep Node alive. */
  unref(): Timer
}

/**
 * Calls `callback` once after `delayMs` milliseconds, however many they are.
 *
 * @param delayMs - never after Infinity
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
