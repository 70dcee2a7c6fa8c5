import { z } from 'zod'
import { throwIfAborted } from '../errors.js'
import { describeDeath, startScript } from '../python/index.js'
import { making } from './home.js'

const version = z.tuple([z.number(), z.number()])

const form = z.object({
  /** Its version: `550.54.14`. */
  driver: z.string().nullable(),
  /** The newest CUDA version that it supports; null if it cannot be read. */
  cuda: version.nullable(),
  gpus: z.array(z.object({ name: z.string(), capability: version.nullable() })),
  /** Whether the machine has one, even if it cannot be read. */
  installed: z.boolean(),
  /** Why it cannot be read. */
  problem: z.string().nullable(),
})

/** The NVIDIA driver of this machine. */
export type Driver = Readonly<z.infer<typeof form>>

/** More than all the programs of `python/read_driver.py` may take together. */
const timeoutMs = 90_000

/** Reads the driver in a process of its own, which a broken driver can crash or block. */
export async function readDriver(python: string, signal?: AbortSignal): Promise<Driver> {
  await using reader = startScript(python, 'read_driver.py', { signal, timeoutMs })
  const answer = await reader.next(form)
  throwIfAborted(signal, making)
  if (!('ended' in answer)) return answer
  const { output, ...death } = answer.ended
  const problem = `reading it failed: it ${describeDeath(death)} ${output.split('\n').at(-1) ?? ''}`
    .trim()
    .replace(/\.$/, '')
  return { driver: null, cuda: null, gpus: [], installed: true, problem }
}
