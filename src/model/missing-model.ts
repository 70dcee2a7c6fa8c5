/** Explains why there is no model at a path, by what is there instead. */
import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { beginningOf, type PaddleError } from '../errors.js'
import { filePath } from '../file-url.js'
import { nearestName } from '../nearest-name.js'
import { exportAdvice, exportAdviceFor, modelNotFound, otherFolderAdvice } from './model-errors.js'
import { otherFileAmong, otherFileAt } from './other-files.js'
import { isFile, rankPrograms } from './rank-programs.js'

/** The error for a URL; undefined for a path. */
export function urlError(path: string): PaddleError | undefined {
  if (!/^[a-z][a-z\d+.-]+:\/\//i.test(path)) return undefined
  const local = filePath(path)
  if (local !== undefined) return modelNotFound(`${path} is a URL, not a path`, `Pass its path: ${local}`)
  return modelNotFound(
    `${shownUrl(path)} is a URL, and models are not downloaded`,
    'Download the model, unpack it, and pass its folder.',
  )
}

/** Without the query, which may be long and contain a secret, and without credentials. */
function shownUrl(url: string): string {
  if (!URL.canParse(url)) return beginningOf(url, 200)
  const { protocol, host, pathname } = new URL(url)
  return `${protocol}//${host}${pathname}`
}

/** The error for a path through a file, such as a program with a slash behind it. */
export async function throughFile(path: string, cause: unknown): Promise<PaddleError> {
  const what = `There is no model at ${path}: a part of the path is a file`
  let file = path.replace(/\/+$/, '')
  while (!(await isFile(file)) && dirname(file) !== file) file = dirname(file)
  const [program] = await rankPrograms(dirname(file), [basename(file)])
  const advice = program === undefined ? otherFolderAdvice : `Did you mean ${file}?`
  return modelNotFound(what, advice, cause)
}

/**
 * The error for a path at which nothing exists.
 *
 * @param names - those beside it
 */
export async function nothingAt(path: string, names: readonly string[]): Promise<PaddleError> {
  const folder = dirname(path)
  const other = otherFileAmong(names.filter((one) => one.startsWith(`${basename(path)}.`)))
  if (other !== undefined) return otherFileError(`There is no model at ${path}, but`, folder, other, names)
  const [program] = await rankPrograms(folder, names)
  const instead = program === undefined ? '' : `, but one at ${join(folder, program)}`
  if (await isHubName(path)) {
    return modelNotFound(
      `There is no model at ${path}: there is no folder ${folder}, and models are not downloaded by their name`,
      'Check the path, or download the inference model and pass its folder.',
    )
  }
  return modelNotFound(`There is no model at ${path}${instead}`, await adviceForMissing(path))
}

/**
 * Whether a path may be meant as the name of a model in a hub, such as `PaddlePaddle/PP-LCNet_x1_0`.
 * `model/inference` is the prefix of the tutorial.
 */
async function isHubName(path: string): Promise<boolean> {
  const [, owner, name] = /^([\w.-]+)\/([\w.-]+)$/.exec(path) ?? []
  if (owner === undefined || /^\.+$/.test(owner)) return false
  if (otherFileAt(path) || /^(?:inference|model)$|\.(?:pdmodel|json)$/.test(name ?? '')) return false
  return stat(owner).then(
    () => false,
    () => true,
  )
}

async function adviceForMissing(path: string): Promise<string> {
  if (otherFileAt(path)) return otherFolderAdvice
  const models = await modelsWithin(dirname(path), 1)
  const near = nearestName(
    basename(path),
    models.map((model) => basename(model)),
  )
  return near === undefined ? exportAdviceFor(path) : `Did you mean ${join(dirname(path), near)}?`
}

/**
 * The error for a folder without a model.
 *
 * @param names - those in the folder
 */
export async function noModelIn(folder: string, names: readonly string[]): Promise<PaddleError> {
  if (names.length === 0)
    return modelNotFound(`No model in ${folder}: the folder is empty`, exportAdvice(folder))
  const within = await modelsWithin(folder, deepest)
  if (within.length > 0) {
    const advice = within.length === 1 ? 'Pass that folder.' : 'Pass one of these folders.'
    return modelNotFound(`No model in ${folder}: ${subfolders(within)}`, advice)
  }
  const other = otherFileAmong(names)
  if (other !== undefined) return otherFileError(`No model in ${folder}, but`, folder, other, names)
  const above = join(folder, '..')
  const [program] = await rankPrograms(above, await readdir(above).catch(() => []))
  const shown = names.slice(0, 5).join(', ')
  const contents = names.length > 5 ? `${shown} and ${names.length - 5} more` : shown
  const what = `No model in ${folder}: it contains ${contents}, but no .pdmodel or .json`
  return program === undefined
    ? modelNotFound(what, otherFolderAdvice)
    : besideError(what, join(above, program))
}

function subfolders(models: readonly string[]): string {
  const [model] = models
  const few = models.slice(0, 5).join(', ')
  const more = models.length > 5 ? ` and ${models.length - 5} more` : ''
  return models.length === 1 ? `its subfolder ${model} is one` : `its subfolders ${few}${more} are models`
}

/**
 * The error for a file that is no program.
 *
 * @param names - those in its folder
 */
export async function notAProgram(path: string, names: readonly string[]): Promise<PaddleError> {
  const other = otherFileAt(path, names)
  if (other) return modelNotFound(`${path} is ${other.what}, not a model of Paddle`, other.advice)
  const what = `${path} is not a model: expected a folder, or a .pdmodel, .json or __model__ file`
  const [program] = await rankPrograms(dirname(path), names)
  return program === undefined
    ? modelNotFound(what, otherFolderAdvice)
    : besideError(what, join(dirname(path), program))
}

function besideError(what: string, program: string): PaddleError {
  return modelNotFound(what, `Did you mean ${program}?`)
}

/** @param what - the start of the sentence, up to the file */
function otherFileError(what: string, folder: string, name: string, names: readonly string[]): PaddleError {
  const path = join(folder, name)
  const { what: kind, advice } = otherFileAt(path, names) ?? { what: 'a file', advice: otherFolderAdvice }
  return modelNotFound(`${what} ${path} is ${kind}`, advice)
}

/** How many levels below a folder to look for a model. */
const deepest = 4
/** The most folders to look into, and the most entries of each: a folder may contain a million images. */
const mostFolders = 1000
const mostEntries = 1000

/** The folders below that contain a model, on the first of `depth` levels with any. */
async function modelsWithin(folder: string, depth: number): Promise<string[]> {
  let level = await subfoldersOf(folder)
  let left = mostFolders
  for (let below = 1; below <= depth && level.length > 0; below++) {
    const models = await Promise.all(
      level.slice(0, left).map(async (path) => [path, await hasModel(path)] as const),
    )
    const found = models.filter(([, isModel]) => isModel).map(([path]) => path)
    if (found.length > 0 || below === depth) return found
    left -= models.length
    const next = await Promise.all(models.map(([path]) => subfoldersOf(path)))
    level = next.flat().slice(0, left)
  }
  return []
}

async function hasModel(folder: string): Promise<boolean> {
  const names = await readdir(folder).catch(() => [])
  return (await rankPrograms(folder, names.slice(0, mostEntries))).length > 0
}

/** Without the folders of tools, which users do not mean. */
async function subfoldersOf(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => [])
  return entries
    .filter((entry) => entry.isDirectory() || entry.isSymbolicLink())
    .map(({ name }) => name)
    .filter((name) => !name.startsWith('.') && name !== 'node_modules')
    .sort()
    .map((name) => join(folder, name))
}
