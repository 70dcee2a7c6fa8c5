import { extname } from 'node:path'
import type { TaskName } from '../../../tasks/index.js'
import { jsonFormat, type ResultFormat } from './formats.js'

/** The formats of files, by the endings of their names; each is loaded when it is wanted. */
const formats: Readonly<Record<string, (task: TaskName) => Promise<ResultFormat>>> = {
  '.jsonl': () => Promise.resolve(jsonFormat),
  '.csv': async (task) => (await import('./csv-format.js')).csvFormat(task),
}

/** Whether `--output` can be of that name. */
export function isResultFile(path: string): boolean {
  return Object.hasOwn(formats, endingOf(path))
}

/** Whether answers in that file are JSON Lines. */
export function isJsonFile(path: string): boolean {
  return endingOf(path) === '.jsonl'
}

/** How answers in a file of that name are written. */
export async function formatOf(path: string, task: TaskName): Promise<ResultFormat> {
  return (await formats[endingOf(path)]?.(task)) ?? jsonFormat
}

function endingOf(path: string): string {
  return extname(path).toLowerCase()
}
