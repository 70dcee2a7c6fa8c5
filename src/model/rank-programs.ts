import { open, readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf } from '../errors.js'
import { unreadableModel } from './model-errors.js'
import type { ModelFiles } from './model-files.js'

/** The first characters of a PIR program. */
const pirStart = '{"base_code"'

/** Sorts the programs of a folder, the best one first. */
export async function rankPrograms(folder: string, names: readonly string[]): Promise<string[]> {
  const are = await Promise.all(names.map(async (name) => isProgram(folder, name, names)))
  return names.filter((_, index) => are[index]).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/**
 * A `.json` counts as a program by its name, its parameters or its first bytes; `package.json` and the like
 * do not.
 */
async function isProgram(folder: string, name: string, names: readonly string[]): Promise<boolean> {
  if (name === '__model__' || name.endsWith('.pdmodel')) return true
  if (!name.endsWith('.json')) return false
  const stem = stemOf(name)
  if (stem === 'inference' || stem === 'model' || names.includes(`${stem}.pdiparams`)) return true
  return (await firstBytes(join(folder, name), pirStart.length)) === pirStart
}

/** The first bytes of a file in Latin-1; `''` for one that cannot be read. */
export async function firstBytes(file: string, count: number): Promise<string> {
  // An unreadable file is not a program; reading a pipe would wait for its writer.
  if (!(await isFile(file))) return ''
  const handle = await open(file).catch(() => undefined)
  if (!handle) return ''
  try {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(count), 0, count, 0)
    return buffer.toString('latin1', 0, bytesRead)
  } finally {
    await handle.close()
  }
}

/** Orders by name first, then by format. */
function rank(name: string): number {
  const stem = stemOf(name)
  const byName = stem === 'inference' ? 0 : stem === 'model' ? 1 : stem === '__model__' ? 3 : 2
  return 2 * byName + (name.endsWith('.json') ? 1 : 0)
}

/** Why the model in a folder takes precedence over one of which the folder's path is the prefix. */
export const folderReason = 'A folder comes before a prefix of the same name.'

/** Why `taken` takes precedence over `next`. */
export function rankReason(taken: string, next: string): string {
  const [stem, other] = [stemOf(taken), stemOf(next)]
  if (stem === other) return '`.pdmodel` comes before `.json`, which not every wheel reads.'
  if (stem === 'inference') return '`inference.*` comes before any other name.'
  if (stem === 'model') return '`model.*` comes before any other name but `inference.*`.'
  if (other === '__model__') return '`__model__`, the format of Paddle 1, comes last.'
  if (rank(taken) < rank(next)) return '`.pdmodel` comes before `.json`, which not every wheel reads.'
  return 'Among other names, the first in alphabetical order is used.'
}

/** The warning for a folder with several models; undefined if they are one model in two formats. */
export function ambiguityWarning({
  program,
  format,
  params,
  passedOver = [],
}: ModelFiles): string | undefined {
  const file = format === '__model__' && params === undefined ? join(program, '__model__') : program
  const isSame = (path: string): boolean => stemOf(path) === stemOf(file)
  const others = passedOver.filter((path) => !isSame(path))
  const [next] = others
  if (next === undefined) return undefined
  const are = others.length === 1 ? 'is a model' : 'are models'
  const isBeside = (path: string): boolean => dirname(path) === dirname(file)
  const reason = isBeside(next) ? rankReason(basename(file), basename(next)) : folderReason
  // The prefix of the other model is the folder of this one.
  const how = others.every(isBeside) ? 'file or prefix' : 'file'
  return `${file} is used, but ${others.join(' and ')} ${are} too. ${reason}\nSpecify the model by its ${how}.`
}

/** `net.v2` of `net.v2.pdmodel`. */
function stemOf(name: string): string {
  return name.replace(/\.(?:pdmodel|json)$/, '')
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (kind) => kind.isFile(),
    () => false,
  )
}

export async function listFolder(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw unreadableModel(folder, error)
  }
}
