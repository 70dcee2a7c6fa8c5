import { readdirSync, readFileSync, readlinkSync } from 'node:fs'

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

/** How many descriptors of shared memory this process has open. */
export function memories(): number {
  return readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith('/memfd:paddle-ts')
    } catch {
      return false // The one that read the folder.
    }
  }).length
}
