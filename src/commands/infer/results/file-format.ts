import { extname } from 'node:path'
import type { ResultForms } from '../../../tasks/index.js'
import { jsonFormat, type ResultFormat } from './formats.js'

/** The formats of text files by extension, loaded on demand. */
const formats: Readonly<Record<string, (results: ResultForms<object>) => Promise<ResultFormat>>> = {
  '.jsonl': (results) => Promise.resolve(jsonFormat(results)),
  '.csv': async (results) => (await import('./csv-format.js')).csvFormat(results),
}

/** Whether `--output` accepts this name. */
export function isResultFile(path: string): boolean {
  return isNpyFile(path) || Object.hasOwn(formats, endingOf(path))
}

/** Whether the file is a NumPy array. */
export function isNpyFile(path: string): boolean {
  return endingOf(path) === '.npy'
}

/** Whether the file is JSON Lines. */
export function isJsonFile(path: string): boolean {
  return endingOf(path) === '.jsonl'
}

/** The format of a text file by its name. */
export async function formatOf(path: string, results: ResultForms<object>): Promise<ResultFormat> {
  return (await formats[endingOf(path)]?.(results)) ?? jsonFormat(results)
}

function endingOf(path: string): string {
  return extname(path).toLowerCase()
}
