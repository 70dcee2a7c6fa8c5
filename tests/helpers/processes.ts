import { readdirSync, readFileSync } from 'node:fs'

/** The processes, this one aside, whose command line holds `text`. */
export function processesWith(text: string): number[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .filter((pid) => {
      try {
        return readFileSync(`/proc/${pid}/cmdline`, 'utf8').includes(text)
      } catch {
        return false // It has ended meanwhile.
      }
    })
    .map(Number)
}
