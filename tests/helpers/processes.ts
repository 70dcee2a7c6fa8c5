import { readdirSync, readFileSync } from 'node:fs'

/** The processes whose command line contains `text`, without this one. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      } catch {
        return false // The process has already ended.
      }
    })
    .map(Number)
}
