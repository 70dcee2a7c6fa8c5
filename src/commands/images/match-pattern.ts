import fs from 'node:fs'
import { realpath } from 'node:fs/promises'
import { dirname, isAbsolute, join, relative, resolve } from 'node:path'
import { codeOf } from '../../errors.js'
import { inNaturalOrder, isImageName } from './image-names.js'
import type { FoundImages } from './list-folder.js'
import { noneSkipped } from './skipped-files.js'

/** Whether the path is a pattern. */
export async function isPattern(path: string): Promise<boolean> {
  const { isDynamicPattern } = await import('tinyglobby')
  return isDynamicPattern(path)
}

/** Finds the images that match a pattern, without hidden ones, in natural order. Links to folders are followed. */
export async function matchPattern(pattern: string): Promise<FoundImages> {
  const skipped = noneSkipped()
  const { glob } = await import('tinyglobby')
  const found = await glob(pattern, {
    ...options(pattern),
    onlyFiles: true,
    fs: { ...fs, readdir: countingFailures(() => (skipped.unreadableFolders += 1)) },
  })
  const matches = await withoutLoops(
    found.map((path) => startOf(pattern) + path),
    baseOf(pattern),
  )
  skipped.repeatedFolders = matches.loops
  const images = matches.paths.filter(isImageName)
  skipped.otherFiles = matches.paths.length - images.length
  return { images: inNaturalOrder(images), skipped }
}

/** The number of folders that match. */
export async function countFolders(pattern: string): Promise<number> {
  const { glob } = await import('tinyglobby')
  return (await glob(pattern, { ...options(pattern), onlyDirectories: true })).length
}

function options(pattern: string) {
  return { expandDirectories: false, absolute: isAbsolute(pattern) } as const
}

/** What tinyglobby omits from its results. */
function startOf(pattern: string): string {
  return pattern.startsWith('./') ? './' : ''
}

/** tinyglobby ignores the folders that cannot be read. */
function countingFailures(onFailure: () => void): typeof fs.readdir {
  const readdir = (path: string, given: object, done: (error: unknown, entries: never) => void): void => {
    fs.readdir(path, given, (error, entries) => {
      if (error && !['ENOENT', 'ENOTDIR'].includes(codeOf(error) ?? '')) onFailure()
      done(error, entries as never)
    })
  }
  return readdir as typeof fs.readdir
}

/** The folder in which a pattern searches: its path up to the first name with a wildcard. */
export function baseOf(pattern: string): string {
  const names = pattern.split('/')
  const first = names.findIndex((name) => /[*?{}()[\]!\\]/.test(name))
  return names.slice(0, first).join('/') || (isAbsolute(pattern) ? '/' : '.')
}

/**
 * Removes the paths that enter a folder twice, through a link to a folder that contains it.
 *
 * @returns also how many links they lead through
 */
async function withoutLoops(
  paths: readonly string[],
  base: string,
): Promise<{ paths: readonly string[]; loops: number }> {
  const reals = new Map<string, Promise<string>>()
  const realOf = (folder: string): Promise<string> => {
    const known = reals.get(folder) ?? realpath(folder).catch(() => folder)
    reals.set(folder, known)
    return known
  }
  const start = resolve(base)
  /** The first folder on the way that was entered before; undefined without one. */
  const loopIn = async (folder: string): Promise<string | undefined> => {
    const below = relative(start, folder)
    // Without links on the way, which is usual.
    if ((await realOf(folder)) === join(await realOf(start), below)) return undefined
    const entered = new Set([await realOf(start)])
    let path = start
    for (const name of below.split('/')) {
      path = join(path, name)
      const real = await realOf(path)
      if (entered.has(real)) return path
      entered.add(real)
    }
    return undefined
  }
  const loops = new Map<string, string | undefined>()
  for (const folder of new Set(paths.map((path) => dirname(resolve(path))))) {
    loops.set(folder, await loopIn(folder))
  }
  const links = new Set([...loops.values()].filter((link) => link !== undefined))
  if (links.size === 0) return { paths, loops: 0 }
  return {
    paths: paths.filter((path) => loops.get(dirname(resolve(path))) === undefined),
    loops: links.size,
  }
}
