import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'

const variable = 'PADDLE_TS_SOAK'

/** Marks this process and its children by an environment variable. */
export function marked() {
  process.env[variable] = String(process.pid)
}

/** Counts our processes, regions and files. */
export function leftOf() {
  return { processes: processes(), regions: regions(), files: files() }
}

function processes() {
  return pidsMarked(`${variable}=${process.pid}`).length
}

/** The processes whose environment contains `NAME=VALUE`. */
export function pidsMarked(mark) {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(mark)
    } catch {
      return false // The process has already ended.
    }
  })
}

/** Number of open descriptors of shared memory in this process. */
export function regions() {
  return readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith('/memfd:paddle-ts')
    } catch {
      return false // The descriptor that `readdirSync` used.
    }
  }).length
}

function files() {
  const ours = (name) => name.startsWith('paddle-ts')
  return [...readdirSync(tmpdir()), ...readdirSync('/dev/shm')].filter(ours).length
}
