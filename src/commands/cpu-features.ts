import { readFile } from 'node:fs/promises'

/** What the CPU can do, by the names that Linux has for it; undefined where the system does not say. */
export async function cpuFeatures(): Promise<readonly string[] | undefined> {
  try {
    const text = await readFile('/proc/cpuinfo', 'utf8')
    return /^(?:flags|Features)\s*:\s*(.*)$/m.exec(text)?.[1]?.split(' ')
  } catch {
    return undefined
  }
}
