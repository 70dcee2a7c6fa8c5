import { rm, rmdir, stat } from 'node:fs/promises'
import { dirname, join, resolve } from 'node:path'

/**
 * Has `work` write into a folder, which it makes where it is missing. What is left of its `staging` folder goes then, and so do the folders that
 * were made, as far as they are empty. A process that does the work removes that itself, unless it is killed.
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
