import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { codeOf, wrongType } from '../errors.js'
import { elsewhere, exportInto, exportThere, notFound, unreadable } from './model-not-found.js'

/** How a program is stored. `pdmodel`: Paddle 2 and 3; `json`: Paddle 3; `__model__`: Paddle 1. */
export type ModelFormat = 'pdmodel' | 'json' | '__model__'

/** The files of one model. */
export interface ModelFiles {
  readonly format: ModelFormat
  /** The program's file; for a `__model__` with separate parameter files, the folder that holds them all. */
  readonly program: string
  /** The file of all parameters; left out for separate files, and for a network without parameters. */
  readonly params?: string
}


/**
 * Finds the model in a folder (`model/`) or behind a prefix (`model/inference`) or its program's file
 * (`model/inference.pdmodel`).
 *
 * In a folder `inference.*` comes before `model.*` and before any other name, `.pdmodel` before `.json` (which other wheels
 * read too).
 *
 * @throws PaddleError MODEL_NOT_FOUND
 */
export async function locateModel(path: string): Promise<ModelFiles> {
  if (typeof path !== 'string') throw wrongType('model', 'the path of a model folder', path)
  const kind = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    if (codeOf(error) === 'ENOTDIR') throw notFound(`There is no model at ${path}: a file is in its way`, elsewhere, error)
    throw unreadable(path, error)
  })
  if (kind?.isDirectory()) return inFolder(path)
  const names = await namesIn(dirname(path))
  const name = basename(path)
  if (kind) return asProgram(dirname(path), name, names, path)
  for (const extension of ['.pdmodel', '.json']) {
    if (names.includes(name + extension)) return asProgram(dirname(path), name + extension, names, path)
  }
  const [other] = programsAmong(names)
  const instead = other === undefined ? '' : `, but one at ${join(dirname(path), other)}`
  throw notFound(`There is no model at ${path}${instead}`, exportThere(path))
}

async function inFolder(folder: string): Promise<ModelFiles> {
  const names = await namesIn(folder)
  const [program] = programsAmong(names)
  if (program === undefined) throw notFound(`No model in ${folder}: ${contents(names)}`, exportInto(folder))
  return asProgram(folder, program, names, folder)
}

/** The best one first. */
function programsAmong(names: readonly string[]): string[] {
  return names.filter(isProgram).sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1))
}

/** `package.json` and the like are no programs: a `.json` counts when its parameters lie beside it or it is `inference`. */
function isProgram(name: string, _index: number, names: readonly string[]): boolean {
  if (name === '__model__' || name.endsWith('.pdmodel')) return true
  if (!name.endsWith('.json')) return false
  const stem = name.slice(0, -'.json'.length)
  return stem === 'inference' || stem === 'model' || names.includes(`${stem}.pdiparams`)
}

function rank(name: string): number {
  const stem = name.split('.')[0]
  const byName = stem === 'inference' ? 0 : stem === 'model' ? 1 : stem === '__model__' ? 3 : 2
  return 2 * byName + (name.endsWith('.json') ? 1 : 0)
}

function asProgram(folder: string, name: string, names: readonly string[], asked: string): ModelFiles {
  const program = join(folder, name)
  if (name === '__model__') {
    const params = ['params', '__params__'].find((candidate) => names.includes(candidate))
    return params === undefined
      ? { format: '__model__', program: folder }
      : { format: '__model__', program, params: join(folder, params) }
  }
  const format = name.endsWith('.pdmodel') ? 'pdmodel' : name.endsWith('.json') ? 'json' : undefined
  if (format === undefined) {
    throw notFound(`${asked} is not a model: expected a folder, or a .pdmodel, .json or __model__ file`, elsewhere)
  }
  const params = `${name.slice(0, name.lastIndexOf('.'))}.pdiparams`
  return { format, program, ...(names.includes(params) ? { params: join(folder, params) } : {}) }
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return []
    throw unreadable(folder, error)
  }
}

function contents(names: readonly string[]): string {
  if (names.length === 0) return 'the folder is empty'
  const shown = names.slice(0, 5).join(', ')
  return `it holds ${names.length > 5 ? `${shown} and ${names.length - 5} more` : shown}, but no .pdmodel or .json`
}
