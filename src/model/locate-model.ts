import { readdir, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { codeOf, PaddleError, wrongType } from '../errors.js'
import { recognisedBytes } from '../file-signatures.js'
import { checkPackage, defaultModelFolder } from '../package-files.js'
import { checkPlatform } from '../platform.js'
import { noModelIn, notAProgram, nothingAt, throughFile, urlError } from './missing-model.js'
import { modelNotFound, otherFolderAdvice, paramsNotFound, unreadableModel } from './model-errors.js'
import type { ModelFiles } from './model-files.js'
import { otherContent } from './other-files.js'
import { firstBytes, folderReason, isFile, listFolder, rankPrograms, rankReason } from './rank-programs.js'

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
  const files = withParams(await filesAt(path, params), params)
  await checkFiles(files)
  return files
}

function withParams(files: ModelFiles, params: string | undefined): ModelFiles {
  if (params === undefined) return files
  const separate = files.format === '__model__' && files.params === undefined
  return { ...files, program: separate ? join(files.program, '__model__') : files.program, params }
}

/**
 * Throws unless the program and the parameters are regular files, because reading a pipe might wait forever,
 * and for files that are obviously something else.
 */
async function checkFiles({ format, program, params }: ModelFiles): Promise<void> {
  const file = format === '__model__' && params === undefined ? join(program, '__model__') : program
  if (!(await isFile(file)))
    throw modelNotFound(`${file} is not a regular file, or is a broken link`, otherFolderAdvice)
  const other = otherContent(file, await firstBytes(file, recognisedBytes))
  if (other) throw modelNotFound(`${file} is ${other.what}, not the program of a model`, other.advice)
  if (params === undefined) return
  if (!(await isFile(params))) throw paramsNotFound(params, program)
  const instead = otherContent(params, await firstBytes(params, recognisedBytes))
  if (instead) {
    const what = `${params} is ${instead.what}, not the parameters of a model.`
    throw new PaddleError('MODEL_PARAMS_NOT_FOUND', what, { advice: instead.advice })
  }
}

async function filesAt(path: string, params: string | undefined): Promise<ModelFiles> {
  const kind = await stat(path).catch(async (error: unknown) => {
    const mistaken = urlError(path)
    if (mistaken) throw mistaken
    if (codeOf(error) === 'ENOENT') return undefined
    throw codeOf(error) === 'ENOTDIR' ? await throughFile(path, error) : unreadableModel(path, error)
  })
  if (kind?.isDirectory()) return inFolder(path)
  const folder = dirname(path)
  const names = await listFolder(folder)
  if (kind) {
    const program = asProgram(folder, basename(path), names) ?? besideFile(path, names, params)
    if (program) return program
    // With the parameters named, the program's file may have any name; paddle reads it as a `.pdmodel`.
    if (params !== undefined) return { format: 'pdmodel', program: path }
    throw await notAProgram(path, names)
  }
  const files = atPrefix(path, names)
  if (files) return files
  throw await nothingAt(path, names)
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
  throw await noModelIn(folder, names)
}

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
