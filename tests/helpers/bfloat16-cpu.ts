import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'

const cpu = readFileSync('/proc/cpuinfo', 'utf8')

/** Whether paddle can compute in bfloat16 here, natively or by simulation. */
export const computesBfloat16 = /\bavx512bw\b/.test(cpu)

/** A function of `bfloat16_cpu.py`, for `prepare`, that makes paddle detect another CPU. */
export function cpuThat(says: 'has_it' | 'simulates_it' | 'lacks_it'): string {
  return `${fileURLToPath(new URL('bfloat16_cpu.py', import.meta.url))}:${says}`
}

/**
 * `prepare` for a CPU with bfloat16: undefined on such a CPU, else a stand-in that makes paddle simulate it.
 */
export const withBfloat16: { prepare?: string } = /\bavx512_bf16\b|\bamx_bf16\b/.test(cpu)
  ? {}
  : { prepare: cpuThat('has_it') }
