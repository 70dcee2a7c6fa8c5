import { setTimeout as delay } from 'node:timers/promises'

const signals = ['SIGKILL', 'SIGSEGV', 'SIGSTOP', 'SIGTERM']
const leastMs = 500
const mostMs = 5000

/** Sends a signal to a random worker every few seconds until `stop` fires; counts the signals. */
export function killAtRandom(pools, random, stop) {
  const kills = { count: 0 }
  void (async () => {
    while (!stop.aborted) {
      await delay(leastMs + random() * (mostMs - leastMs), undefined, { signal: stop }).catch(() => undefined)
      if (stop.aborted) return
      const pids = pools.flatMap((pool) => pool.stats().workers.flatMap(({ pid }) => pid ?? []))
      const pid = pids[Math.floor(random() * pids.length)]
      const signal = signals[Math.floor(random() * signals.length)]
      if (pid === undefined) continue
      try {
        process.kill(pid, signal)
        kills.count += 1
      } catch {
        // The process has already ended.
      }
    }
  })()
  return kills
}
