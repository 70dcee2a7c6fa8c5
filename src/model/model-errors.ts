import { basename, dirname } from 'node:path'
import { codeOf, PaddleError } from '../errors.js'

/** The remedy where a file stands that is no model, and no folder can be made. */
export const otherFolderAdvice =
  'Give the folder of a model, or make one: paddle-ts export --save-inference-dir DIR'

/** The remedy that makes the folder's next try work. */
export function exportAdvice(folder: string): string {
  return `Make one: paddle-ts export --save-inference-dir ${quoted(folder)}`
}

/**
 * The same for a path at which nothing is: it is taken for a folder to be made, but `model/inference` and
 * `model/inference.pdmodel` for what an export into `model` leaves there.
 */
export function exportAdviceFor(path: string): string {
  const [, stem = path, format] = /^(.*?)(?:\.(pdmodel|json))?$/s.exec(path) ?? []
  const isExport = basename(stem) === 'inference' && (format !== undefined || dirname(stem) !== '.')
  if (isExport) return exportAdvice(dirname(stem)) + (format === 'json' ? ' --format json' : '')
  return format === undefined ? exportAdvice(path) : otherFolderAdvice
}

export function modelNotFound(what: string, remedy: string, cause?: unknown): PaddleError {
  return new PaddleError('MODEL_NOT_FOUND', `${what}.`, { cause, advice: remedy })
}

/** The error for a parameters file that was named and is not there. */
export function paramsNotFound(params: string, program: string): PaddleError {
  return new PaddleError('MODEL_PARAMS_NOT_FOUND', `There is no parameters file at ${params}.`, {
    advice: `Name the .pdiparams that belongs to ${program}.`,
  })
}

export function unreadableModel(path: string, cause: unknown): PaddleError {
  const what = `${path} cannot be read (${codeOf(cause) ?? 'unknown error'})`
  return modelNotFound(what, 'Check the path, and that you may read what is there.', cause)
}

/** As a word of a shell's command line. */
function quoted(path: string): string {
  return /^[\p{L}\p{N}_./@%+=:,~-]+$/u.test(path) ? path : `'${path.replaceAll("'", "'\\''")}'`
}
