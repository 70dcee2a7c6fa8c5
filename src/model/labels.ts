import { codeOf, PaddleError, shownValue } from '../errors.js'
import { parseJson } from '../json.js'
import { readSmallText, UnfitFile, type OnNotUtf8 } from './config-file.js'

/** Enough for the names of a million classes. */
const mostBytes = 64 * 2 ** 20

/**
 * Reads the names of the classes from a file. A class without a name is `''`.
 *
 * - JSON: a list of names, `{ "0": "name" }` or `{ "name": 0 }`.
 * - Text with one name a line: the class is the line's number. If every line is `ID NAME`, as in PaddleClas,
 *   the class is the ID; each ID must be unique and 0 must be present. A line of those can be `ID` alone: a
 *   class without a name. Use JSON for names that all begin with a number.
 *
 * The file is UTF-8, or UTF-16 with a byte order mark. Any other is read as GB18030, with a warning, if it is
 * valid GB18030.
 *
 * @param options.delimiter - separates ID and NAME; every line must then have both
 * @throws PaddleError LABELS_INVALID
 */
export async function readLabels(
  file: string,
  { delimiter, onNotUtf8 }: { delimiter?: string | undefined; onNotUtf8?: OnNotUtf8 | undefined } = {},
): Promise<string[]> {
  const text = await readText(file, onNotUtf8)
  try {
    const labels =
      delimiter === undefined
        ? (readJsonLabels(file, text) ?? linesOf(text))
        : delimitedLabels(withoutEnd(text), delimiter)
    if (labels.length === 0) throw invalid(`${file} contains no labels.`)
    return labels
  } catch (error) {
    if (error instanceof LabelsMismatch) throw invalid(`${file} contains no labels: ${error.message}.`, error)
    throw error
  }
}

async function readText(file: string, onNotUtf8?: OnNotUtf8): Promise<string> {
  try {
    return await readSmallText(file, mostBytes, onNotUtf8)
  } catch (cause) {
    if (cause instanceof UnfitFile)
      throw invalid(`${file} contains no labels: ${cause.message}.`, cause, cause.advice)
    const reason = codeOf(cause) ?? 'unknown error'
    if (reason === 'EISDIR') throw invalid(`${file} is a folder.`, cause)
    if (reason === 'ENOENT') throw invalid(`There is no label file at ${file}.`, cause, 'Check the path.')
    throw invalid(`${file} cannot be read (${reason}).`, cause, 'Check its permissions.')
  }
}

function linesOf(text: string): string[] {
  const lines = withoutEnd(text).map((line) => line.trim())
  return numberedLabels(lines) ?? lines
}

/** The lines without the empty ones at the end. */
function withoutEnd(text: string): string[] {
  const lines = text.split(/\r?\n/)
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines
}

function numberedLabels(lines: readonly string[]): string[] | undefined {
  const byClass = new Map<number, string>()
  let twice: string | undefined
  let other: number | undefined
  // A class without a name is its ID alone, as in PaddleClas.
  for (const [index, line] of lines.entries()) {
    if (line === '') continue
    const [, id, name = ''] = /^(\d+)(?:\s+(.*))?$/.exec(line) ?? []
    if (id === undefined) {
      other ??= index
      continue
    }
    if (byClass.has(Number(id))) twice ??= id
    byClass.set(Number(id), name)
  }
  if (other !== undefined) {
    if (!isMostlyNumbered(lines)) return undefined
    throw new LabelsMismatch(`line ${other + 1} is not ID NAME, as most lines are`)
  }
  // Numbers alone are names, such as digits.
  if ([...byClass.values()].every((name) => name === '')) return undefined
  // Reading these lines as plain names would silently give wrong labels.
  if (twice !== undefined)
    throw new LabelsMismatch(`each line is ID NAME, but the class ${twice} occurs twice`)
  if (!byClass.has(0))
    throw new LabelsMismatch('each line is ID NAME, but the class 0, the first one, is missing')
  return labelsById(byClass)
}

/** Whether most lines are `ID NAME` with their own number as the ID: by chance, names do not begin so. */
function isMostlyNumbered(lines: readonly string[]): boolean {
  const numbered = lines.filter((line, index) => /^(\d+)\s/.exec(line)?.[1] === String(index))
  return numbered.length >= 2 && 2 * numbered.length > lines.length
}

/** Splits at the first delimiter, as PaddleClas does. */
function delimitedLabels(lines: readonly string[], delimiter: string): string[] {
  const byClass = new Map<number, string>()
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf(delimiter)
    const id = line.slice(0, Math.max(at, 0)).trim()
    if (!/^\d+$/.test(id)) throw new LabelsMismatch(`line ${index + 1} is not ID${delimiter}NAME`)
    if (byClass.has(Number(id))) throw new LabelsMismatch(`the class ${id} occurs twice`)
    byClass.set(Number(id), line.slice(at + delimiter.length).trim())
  }
  return labelsById(byClass)
}

function invalid(
  what: string,
  cause?: unknown,
  advice = 'Give a text file with one label a line, or JSON.',
): PaddleError {
  return new PaddleError('LABELS_INVALID', what, { cause, advice })
}

/** Why a file contains no labels. The message reads on from the name of the file. */
class LabelsMismatch extends Error {}

/** A higher identifier is a mistake, not a class. */
const highestClass = 10_000_000

/** Lists the names by class; a class without a name is `''`. @throws LabelsMismatch */
function labelsById(names: ReadonlyMap<number, string>): string[] {
  // Not Math.max(...keys): a call cannot take a million arguments.
  const last = [...names.keys()].reduce((highest, id) => Math.max(highest, id), -1)
  if (last > highestClass) throw new LabelsMismatch(`the class ${last} is above the limit of ${highestClass}`)
  return Array.from({ length: last + 1 }, (_, id) => names.get(id) ?? '')
}

/**
 * Reads the names from JSON: a list of names, an object from class to name, or one from name to class.
 *
 * @returns undefined for a text that is not JSON in a file not named `.json`
 * @throws LabelsMismatch
 */
function readJsonLabels(file: string, text: string): string[] | undefined {
  const isNamed = file.toLowerCase().endsWith('.json')
  const [first] = text.trimStart()
  if (!isNamed && first !== '[' && first !== '{') return undefined
  const value = parseJson(text)
  if (value !== undefined) return labelsIn(value)
  // A text list of names in brackets can begin like this.
  if (!isNamed && first === '[') return undefined
  throw new LabelsMismatch('it is not valid JSON')
}

function labelsIn(value: unknown): string[] {
  if (Array.isArray(value)) {
    const entries: readonly unknown[] = value
    return entries.map((name, index) => {
      if (typeof name !== 'string')
        throw new LabelsMismatch(`expected a name as entry ${index}, got ${shown(name)}`)
      return name
    })
  }
  if (typeof value !== 'object' || value === null)
    throw new LabelsMismatch('it is neither a list nor an object')
  const entries = Object.entries(value as Readonly<Record<string, unknown>>)
  const byName = entries.every(([, id]) => Number.isSafeInteger(id))
  const names = new Map<number, string>()
  for (const [key, entry] of entries) {
    const [id, name] = byName ? [entry, key] : [/^\d+$/.test(key) ? Number(key) : key, entry]
    if (typeof id !== 'number' || id < 0 || typeof name !== 'string') {
      throw new LabelsMismatch(`${shown(key)}: ${shown(entry)} is not a class and its name`)
    }
    if (names.has(id)) throw new LabelsMismatch(`the class ${id} occurs twice`)
    names.set(id, name)
  }
  return labelsById(names)
}

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'a list'
  return typeof value === 'object' && value !== null ? 'an object' : shownValue(JSON.stringify(value))
}
