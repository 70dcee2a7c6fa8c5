import { rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/**
 * Calls `work`, which writes to a folder and creates it if it does not exist. Afterwards removes its
 * `staging` folder and any new folders that are empty. A process that does the work cleans up itself, unless
 * it is killed.
 */
export async function withoutLeftovers<T>(
  folder: string,
  staging: string,
  work: () => Promise<T>,
): Promise<T> {
  const missing: string[] = []
  for (let path = resolve(folder); !(await isDone(stat(path))); path = dirname(path)) missing.push(path)
  try {
    return await work()
  } finally {
    await isDone(rm(join(folder, staging), { recursive: true, force: true }))
    for (const made of missing) if (!(await isDone(rmdir(made)))) break
  }
}

async function isDone(work: Promise<unknown>): Promise<boolean> {
  return work.then(
    () => true,
    () => false,
  )
}
