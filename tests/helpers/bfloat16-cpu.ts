import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cpu = readFileSync('/proc/cpuinfo', 'utf8')

/** Whether paddle computes in bfloat16 here, if only by simulating it. */
export const computesBfloat16 = /\bavx512bw\b/.test(cpu)

/** What has paddle take the CPU for another one: a function of `bfloat16_cpu.py`, for `prepare`. */
export function cpuThat(says: 'has_it' | 'simulates_it' | 'lacks_it'): string {
  return `${fileURLToPath(new URL('bfloat16_cpu.py', import.meta.url))}:${says}`
}

/** `prepare` for a CPU with bfloat16: nothing where it is one, else a stand-in, with which it is simulated. */
export const withBfloat16: { prepare?: string } = /\bavx512_bf16\b|\bamx_bf16\b/.test(cpu)
  ? {}
  : { prepare: cpuThat('has_it') }
