import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { codeOf, wrongType, type PaddleError } from '../errors.js'
import { nearestName } from '../nearest-name.js'
import { checkPackage, defaultModelFolder } from '../package-files.js'
import { checkPlatform } from '../platform.js'
import {
  exportAdvice,
  exportAdviceFor,
  modelNotFound,
  otherFolderAdvice,
  paramsNotFound,
  unreadableModel,
} from './model-errors.js'
import type { ModelFiles } from './model-files.js'
import { otherFileAt } from './other-files.js'
import { folderReason, isFile, listFolder, rankPrograms, rankReason } from './rank-programs.js'

/**
 * Finds a model by its folder (`model/`), its prefix (`model/inference`) or the file of its program
 * (`model/inference.pdmodel`).
 *
 * A prefix may also be the name of a file that is no program, or of a folder without a model: they are passed
 * over. If a folder of that name contains a model, that one is used.
 *
 * In a folder, `inference.*` takes precedence over `model.*`, which takes precedence over any other name;
 * `.pdmodel` over `.json`, which not every wheel reads. `__model__` comes last.
 *
 * @param params - the file of the parameters; with it, the file of the program may have any name
 * @throws PaddleError MODEL_NOT_FOUND, MODEL_PARAMS_NOT_FOUND, PLATFORM_UNSUPPORTED; PACKAGE_FILES_MISSING
 * for the default model
 */
export async function locateModel(path: string, params?: string): Promise<ModelFiles> {
  if (typeof path !== 'string') throw wrongType('model', 'the path of a model folder', path)
  checkPlatform()
  if (path === defaultModelFolder) checkPackage()
  const files = await filesAt(path, params)
  await checkFiles(files)
  if (params === undefined) return files
  if (!(await isFile(params))) throw paramsNotFound(params, files.program)
  const separate = files.format === '__model__' && files.params === undefined
  return { ...files, program: separate ? join(files.program, '__model__') : files.program, params }
}

/** Throws unless the program and the parameters are regular files: reading a pipe might wait forever. */
async function checkFiles({ format, program, params }: ModelFiles): Promise<void> {
  const file = format === '__model__' && params === undefined ? join(program, '__model__') : program
  if (!(await isFile(file)))
    throw modelNotFound(`${file} is not a regular file, or is a broken link`, otherFolderAdvice)
  if (params !== undefined && !(await isFile(params))) throw paramsNotFound(params, program)
}

async function filesAt(path: string, params: string | undefined): Promise<ModelFiles> {
  const kind = await stat(path).catch((error: unknown) => {
    if (codeOf(error) === 'ENOENT') return undefined
    if (codeOf(error) === 'ENOTDIR')
      throw modelNotFound(
        `There is no model at ${path}: a part of the path is a file`,
        otherFolderAdvice,
        error,
      )
    throw unreadableModel(path, error)
  })
  if (kind?.isDirectory()) return inFolder(path)
  const folder = dirname(path)
  const names = await listFolder(folder)
  if (kind) {
    const program = asProgram(folder, basename(path), names)
    return program ?? besideFile(path, names, params) ?? ofAnyName(path, params !== undefined)
  }
  const files = atPrefix(path, names)
  if (files) return files
  const packed = names.find((one) => one.startsWith(`${basename(path)}.`) && otherFileAt(one))
  if (packed !== undefined) throw otherFileError(`There is no model at ${path}, but`, join(folder, packed))
  const [other] = await rankPrograms(folder, names)
  const instead = other === undefined ? '' : `, but one at ${join(folder, other)}`
  throw modelNotFound(`There is no model at ${path}${instead}`, await adviceForMissing(path, names))
}

/** @param names - those in the folder of the prefix */
function atPrefix(prefix: string, names: readonly string[]): ModelFiles | undefined {
  const name = basename(prefix)
  const found = [`${name}.pdmodel`, `${name}.json`].filter((candidate) => names.includes(candidate))
  return bestOf(dirname(prefix), found, names)
}

/**
 * The model of a prefix at which there is also a file: PaddleTS writes `model` beside `model.pdmodel`. With other
 * parameters named, the file is the program.
 */
function besideFile(
  path: string,
  names: readonly string[],
  params: string | undefined,
): ModelFiles | undefined {
  const isNamed = params === undefined || resolve(params) === resolve(`${path}.pdiparams`)
  return isNamed ? atPrefix(path, names) : undefined
}

async function inFolder(folder: string): Promise<ModelFiles> {
  const names = await listFolder(folder)
  const files = bestOf(folder, await rankPrograms(folder, names), names)
  // The folder above may not be readable.
  const beside = atPrefix(folder, await readdir(dirname(folder)).catch(() => []))
  if (files && beside) {
    const { passedOver = [], reason = folderReason } = files
    const others = [beside.program, ...(beside.passedOver ?? [])]
    return { ...files, passedOver: [...passedOver, ...others], reason }
  }
  const found = files ?? beside
  if (found) return found
  const within = await modelsWithin(folder, names)
  const packed = within.length === 0 ? names.find((name) => otherFileAt(name)) : undefined
  if (packed !== undefined) throw otherFileError(`No model in ${folder}, but`, join(folder, packed))
  const advice = names.length === 0 ? exportAdvice(folder) : adviceFor(within)
  throw modelNotFound(`No model in ${folder}: ${contents(names, within)}`, advice)
}

function adviceFor(within: readonly string[]): string {
  if (within.length === 0) return otherFolderAdvice
  return within.length === 1 ? 'Pass that folder.' : 'Pass one of these folders.'
}

/** The subfolders that contain a model. */
async function modelsWithin(folder: string, names: readonly string[]): Promise<string[]> {
  const within = names.slice(0, mostSubfolders).map(async (name) => {
    const path = join(folder, name)
    const entries = await readdir(path).catch(() => [])
    return (await rankPrograms(path, entries)).length > 0 ? [path] : []
  })
  return (await Promise.all(within)).flat()
}

/** The most entries of a folder to look into: it may contain a million images. */
const mostSubfolders = 1000

/** @param programs - the best one first */
function bestOf(
  folder: string,
  programs: readonly string[],
  names: readonly string[],
): ModelFiles | undefined {
  const [best, next, ...others] = programs
  const files = best === undefined ? undefined : asProgram(folder, best, names)
  if (!files || best === undefined || next === undefined) return files
  const passedOver = [next, ...others].map((name) => join(folder, name))
  return { ...files, passedOver, reason: rankReason(best, next) }
}

function asProgram(folder: string, name: string, names: readonly string[]): ModelFiles | undefined {
  const program = join(folder, name)
  if (name === '__model__') {
    const params = ['params', '__params__'].find((candidate) => names.includes(candidate))
    return params === undefined
      ? { format: '__model__', program: folder }
      : { format: '__model__', program, params: join(folder, params) }
  }
  const format = name.endsWith('.pdmodel') ? 'pdmodel' : name.endsWith('.json') ? 'json' : undefined
  if (format === undefined) return undefined
  const params = `${name.slice(0, name.lastIndexOf('.'))}.pdiparams`
  return { format, program, ...(names.includes(params) ? { params: join(folder, params) } : {}) }
}

/** With the parameters named, the program's file may have any name; paddle reads it as a `.pdmodel`. */
function ofAnyName(path: string, anyName: boolean): ModelFiles {
  if (anyName) return { format: 'pdmodel', program: path }
  const other = otherFileAt(path)
  if (other) throw modelNotFound(`${path} is ${other.what}, not a model of Paddle`, other.advice)
  throw modelNotFound(
    `${path} is not a model: expected a folder, or a .pdmodel, .json or __model__ file`,
    otherFolderAdvice,
  )
}

/** @param what - the start of the sentence, up to the file */
function otherFileError(what: string, path: string): PaddleError {
  const { what: kind, advice } = otherFileAt(path) ?? { what: 'a file', advice: otherFolderAdvice }
  return modelNotFound(`${what} ${path} is ${kind}`, advice)
}

/** @param names - the names beside the missing one */
async function adviceForMissing(path: string, names: readonly string[]): Promise<string> {
  if (otherFileAt(path)) return otherFolderAdvice
  const models = await modelsWithin(dirname(path), names)
  const near = nearestName(
    basename(path),
    models.map((model) => basename(model)),
  )
  return near === undefined ? exportAdviceFor(path) : `Did you mean ${join(dirname(path), near)}?`
}

function contents(names: readonly string[], models: readonly string[]): string {
  if (names.length === 0) return 'the folder is empty'
  const [model] = models
  if (model !== undefined) {
    const few = models.slice(0, 5).join(', ')
    const more = models.length > 5 ? ` and ${models.length - 5} more` : ''
    return models.length === 1 ? `its subfolder ${model} is one` : `its subfolders ${few}${more} are models`
  }
  const shown = names.slice(0, 5).join(', ')
  return `it contains ${names.length > 5 ? `${shown} and ${names.length - 5} more` : shown}, but no .pdmodel or .json`
}
