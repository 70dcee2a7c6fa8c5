import { extname } from 'node:path'
import type { ResultForms } from '../../../tasks/index.js'
import { jsonFormat, type ResultFormat } from './formats.js'

/** The formats of text files, by the endings of their names; each is loaded when it is wanted. */
const formats: Readonly<Record<string, (results: ResultForms<object>) => Promise<ResultFormat>>> = {
  '.jsonl': (results) => Promise.resolve(jsonFormat(results)),
  '.csv': async (results) => (await import('./csv-format.js')).csvFormat(results),
}

/** Whether `--output` can be of that name. */
export function isResultFile(path: string): boolean {
  return isNpyFile(path) || Object.hasOwn(formats, endingOf(path))
}

/** Whether results in that file are rows of numbers. */
export function isNpyFile(path: string): boolean {
  return endingOf(path) === '.npy'
}

/** Whether results in that file are JSON Lines. */
export function isJsonFile(path: string): boolean {
  return endingOf(path) === '.jsonl'
}

/** How results in a file of that name are written. */
export async function formatOf(path: string, results: ResultForms<object>): Promise<ResultFormat> {
  return (await formats[endingOf(path)]?.(results)) ?? jsonFormat(results)
}

function endingOf(path: string): string {
  return extname(path).toLowerCase()
}
