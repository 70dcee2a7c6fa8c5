import { readFileSync } from 'node:fs'

/** The memory that a process has in use, in bytes (`/proc/PID/status`, VmRSS); undefined where it has ended, or the system has no /proc. */
export function memoryInUse(pid: number | undefined): number | undefined {
  if (pid === undefined) return undefined
  try {
    const kibibytes = /^VmRSS:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]
    return kibibytes === undefined ? undefined : Number(kibibytes) * 1024
  } catch {
    return undefined
  }
}
