import { basename, dirname } from 'node:path'
import { codeOf, PaddleError } from '../errors.js'
import { wording, type Wording } from '../wording.js'

/** Advice for a path at which a file other than a model is in the way, so that no folder can be created. */
export const otherFolderAdvice =
  'Pass the folder of a model, or create one: paddle-ts export --save-inference-dir DIR'

/** Advice for a model that the task cannot run. */
export const anyModelAdvice: Wording = {
  library: 'Run it with `createPredictor` or `Pipeline`, which take any model.',
  command: wording`Set the task of the model with ${{ option: 'task' }}. A program that uses the library can run any model.`,
}

/** The longest path of Linux. */
const longestPath = 4096

/** Advice to create the model in this folder. */
export function exportAdvice(folder: string): string {
  return `Create one: ${exportCommand(folder)}`
}

function exportCommand(folder: string): string {
  return `paddle-ts export --save-inference-dir ${quoted(folder)}`
}

/**
 * Advice for a path at which nothing exists. It is taken as a folder to create; `model/inference` and
 * `model/inference.pdmodel` are taken as files of an export into `model`.
 */
export function exportAdviceFor(path: string): string {
  if (path.length > longestPath) return otherFolderAdvice
  const [, stem = path, format] = /^(.*?)(?:\.(pdmodel|json))?$/s.exec(path) ?? []
  const isExport = basename(stem) === 'inference' && (format !== undefined || dirname(stem) !== '.')
  const checkOr = (folder: string): string => `Check the path, or create one: ${exportCommand(folder)}`
  if (isExport) return checkOr(dirname(stem)) + (format === 'json' ? ' --format json' : '')
  return format === undefined ? checkOr(path) : otherFolderAdvice
}

export function modelNotFound(what: string, remedy: Wording, cause?: unknown): PaddleError {
  return new PaddleError('MODEL_NOT_FOUND', `${what}.`, { cause, advice: remedy })
}

/** The error for a parameters file that was named but does not exist. */
export function paramsNotFound(params: string, program: string): PaddleError {
  return new PaddleError('MODEL_PARAMS_NOT_FOUND', `There is no parameters file at ${params}.`, {
    advice: `Name the .pdiparams that belongs to ${program}.`,
  })
}

export function unreadableModel(path: string, cause: unknown): PaddleError {
  const what = `${path} cannot be read (${codeOf(cause) ?? 'unknown error'})`
  return modelNotFound(what, 'Check the path and its permissions.', cause)
}

/** Quotes a path for a shell's command line. */
export function quoted(path: string): string {
  return /^[\p{L}\p{N}_./@%+=:,~-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
