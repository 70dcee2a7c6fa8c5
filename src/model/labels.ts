import { codeOf, PaddleError } from '../errors.js'
import { NotSmall, readSmallFile } from './small-file.js'

/** Above this an identifier is a mistake, not a class. */
const highestClass = 10_000_000

/** Names of a million classes have room in it. */
const mostBytes = 64 * 2 ** 20

/**
 * The names of the classes in a text file, one to a line: by the line's number, or, where every line is `ID NAME` as PaddleClas
 * writes them (each number once, 0 among them), by the number. A class without a name is `''`.
 *
 * @throws PaddleError LABELS_INVALID
 */
export async function readLabels(file: string): Promise<string[]> {
  const text = await readText(file)
  const lines = text.split(/\r?\n/).map((line) => line.trim())
  while (lines.at(-1) === '') lines.pop()
  if (lines.length === 0) throw invalid(`${file} holds no labels.`)
  if (text.includes('\0')) throw invalid(`${file} holds no labels: it is not a text file.`)
  return numberedLabels(lines) ?? lines
}

async function readText(file: string): Promise<string> {
  try {
    return (await readSmallFile(file, mostBytes)).replace(/^\uFEFF/, '')
  } catch (cause) {
    if (cause instanceof NotSmall) throw invalid(`${file} holds no labels: ${cause.message}.`, cause)
    const reason = codeOf(cause) ?? 'unknown error'
    throw invalid(reason === 'ENOENT' ? `There are no labels at ${file}.` : `${file} cannot be read (${reason}).`, cause)
  }
}

function numberedLabels(lines: readonly string[]): string[] | undefined {
  const byClass = new Map<number, string>()
  for (const line of lines) {
    if (line === '') continue
    const [, id, name] = /^(\d+)\s+(.*)$/.exec(line) ?? []
    if (id === undefined || name === undefined || byClass.has(Number(id))) return undefined
    byClass.set(Number(id), name)
  }
  // A call takes no million arguments.
  const last = [...byClass.keys()].reduce((highest, id) => Math.max(highest, id), -1)
  if (!byClass.has(0) || last > highestClass) return undefined
  return Array.from({ length: last + 1 }, (_, id) => byClass.get(id) ?? '')
}

function invalid(what: string, cause?: unknown): PaddleError {
  return new PaddleError('LABELS_INVALID', `${what}\nGive a text file with one label a line.`, { cause })
}
