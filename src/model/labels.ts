import { codeOf, PaddleError } from '../errors.js'
import { readJsonLabels } from './json-labels.js'
import { labelsById, LabelsMismatch } from './names-by-id.js'
import { FileTooLarge, readSmallFile } from './small-file.js'

/** Names of a million classes have room in it. */
const mostBytes = 64 * 2 ** 20

/**
 * The names of the classes in a file. A class without a name is `''`.
 *
 * - JSON: a list of names, `{ "0": "name" }` or `{ "name": 0 }`.
 * - Text, one name to a line: by the line's number, or, where every line is `ID NAME` as PaddleClas writes them, by the number: each
 *   once, and 0 among them. Names that all begin with a number are to be given as JSON.
 *
 * @param delimiter - what stands between ID and NAME, where every line has to have both
 * @throws PaddleError LABELS_INVALID
 */
export async function readLabels(file: string, delimiter?: string): Promise<string[]> {
  const text = await readText(file)
  if (text.includes('\0')) throw invalid(`${file} holds no labels: it is not a text file.`)
  try {
    const labels =
      delimiter === undefined
        ? (readJsonLabels(file, text) ?? linesOf(text))
        : delimitedLabels(withoutEnd(text), delimiter)
    if (labels.length === 0) throw invalid(`${file} holds no labels.`)
    return labels
  } catch (error) {
    if (error instanceof LabelsMismatch) throw invalid(`${file} holds no labels: ${error.message}.`, error)
    throw error
  }
}

async function readText(file: string): Promise<string> {
  try {
    return (await readSmallFile(file, mostBytes)).replace(/^\uFEFF/, '')
  } catch (cause) {
    if (cause instanceof FileTooLarge) throw invalid(`${file} holds no labels: ${cause.message}.`, cause)
    const reason = codeOf(cause) ?? 'unknown error'
    throw invalid(
      reason === 'ENOENT' ? `There are no labels at ${file}.` : `${file} cannot be read (${reason}).`,
      cause,
    )
  }
}

function linesOf(text: string): string[] {
  const lines = withoutEnd(text).map((line) => line.trim())
  return numberedLabels(lines) ?? lines
}

/** The lines but the last empty ones. */
function withoutEnd(text: string): string[] {
  const lines = text.split(/\r?\n/)
  while (lines.at(-1)?.trim() === '') lines.pop()
  return lines
}

function numberedLabels(lines: readonly string[]): string[] | undefined {
  const byClass = new Map<number, string>()
  let twice: string | undefined
  for (const line of lines) {
    if (line === '') continue
    const [, id, name] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    if (id === undefined || name === undefined) return undefined
    if (byClass.has(Number(id))) twice ??= id
    byClass.set(Number(id), name)
  }
  if (byClass.size === 0) return undefined
  // Taken for names as they stand, they would be wrong in silence.
  if (twice !== undefined)
    throw new LabelsMismatch(`each line is ID NAME, but the class ${twice} stands twice`)
  if (!byClass.has(0))
    throw new LabelsMismatch('each line is ID NAME, but the class 0, the first one, is not there')
  return labelsById(byClass)
}

/** As PaddleClas parts them: at the first delimiter. */
function delimitedLabels(lines: readonly string[], delimiter: string): string[] {
  const byClass = new Map<number, string>()
  for (const [index, line] of lines.entries()) {
    const at = line.indexOf(delimiter)
    const id = line.slice(0, Math.max(at, 0)).trim()
    if (!/^\d+$/.test(id)) throw new LabelsMismatch(`line ${index + 1} is not ID${delimiter}NAME`)
    if (byClass.has(Number(id))) throw new LabelsMismatch(`the class ${id} stands twice`)
    byClass.set(Number(id), line.slice(at + delimiter.length).trim())
  }
  return labelsById(byClass)
}

function invalid(what: string, cause?: unknown): PaddleError {
  return new PaddleError('LABELS_INVALID', what, {
    cause,
    advice: 'Give a text file with one label a line, or JSON.',
  })
}
