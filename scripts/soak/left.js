import { readdirSync, readFileSync, readlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'

const variable = 'PADDLE_TS_SOAK'

/** Marks this process, so that whatever it starts is known by its environment. */
export function marked() {
  process.env[variable] = String(process.pid)
}

/** What there is of ours: processes, regions, files. */
export function leftOf() {
  return { processes: processes(), regions: regions(), files: files() }
}

function processes() {
  return pidsMarked(`${variable}=${process.pid}`).length
}

/** The processes in whose environment this stands: `NAME=VALUE`. */
export function pidsMarked(mark) {
  return readdirSync('/proc').filter((name) => {
    try {
      return /^\d+$/.test(name) && readFileSync(`/proc/${name}/environ`, 'latin1').split('\0').includes(mark)
    } catch {
      return false // It has ended meanwhile.
    }
  })
}

/** How many descriptors of shared memory this process has open. */
export function regions() {
  return readdirSync('/proc/self/fd').filter((name) => {
    try {
      return readlinkSync(`/proc/self/fd/${name}`).startsWith('/memfd:paddle-ts')
    } catch {
      return false // The one that read the folder.
    }
  }).length
}

function files() {
  const ours = (name) => name.startsWith('paddle-ts')
  return [...readdirSync(tmpdir()), ...readdirSync('/dev/shm')].filter(ours).length
}
