import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, PaddleError } from '../../../errors.js'
import { isRecord, isRecordOf, parseJson } from '../../../json.js'

/** What a file of answers was made with, as far as the answers depend on it. */
export interface ResumeRecord {
  readonly version: 1
  /** The SHA-256 of each of the model's files; `none` where there is no such file, `unreadable`. */
  readonly model: Readonly<Record<string, string>>
  /** By the names of the flags. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** Where the record of a file of answers lies: beside it. */
export function recordPath(output: string): string {
  return `${output}.run.json`
}

/** Writes the record so that it is there whole or not at all, and stays when the power goes. */
export async function writeRecord(output: string, record: ResumeRecord): Promise<void> {
  const path = recordPath(output)
  const part = partOf(path)
  try {
    const file = await open(part, 'w')
    try {
      await file.writeFile(`${JSON.stringify(record, undefined, 2)}\n`)
      await file.sync()
    } finally {
      await file.close()
    }
    await rename(part, path)
  } catch (error) {
    await rm(part, { force: true })
    throw error
  }
  const folder = await open(dirname(path), 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

/** Where it is written before it takes its place; what a killed process left there is written over. */
function partOf(path: string): string {
  return `${path}.part`
}

/** Of a batch that is done, nobody needs it. */
export async function removeRecord(output: string): Promise<void> {
  const path = recordPath(output)
  await Promise.all([rm(path, { force: true }), rm(partOf(path), { force: true })])
}

/** @throws PaddleError RESUME_REFUSED */
export async function readRecord(output: string): Promise<ResumeRecord> {
  const path = recordPath(output)
  let text
  try {
    const isFile = (await stat(path)).isFile()
    if (!isFile) throw unknownOrigin(output, `${path}, which says what made it, is not a file`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof PaddleError) throw error
    const why =
      codeOf(error) === 'ENOENT' ? 'is not there' : `cannot be read (${codeOf(error) ?? 'unknown error'})`
    throw unknownOrigin(output, `${path}, which says what made it, ${why}`, error)
  }
  const record = parseJson(text)
  if (!isRecordOfRun(record))
    throw unknownOrigin(output, `${path}, which says what made it, is damaged or of another version`)
  return record
}

const isRecordOfRun = isRecordOf<ResumeRecord>({
  version: (value) => value === 1,
  model: isRecord,
  settings: isRecord,
})

/**
 * Throws unless the answers that are in the file are those that would be given now.
 *
 * @throws PaddleError RESUME_REFUSED
 */
export function checkSameRun(output: string, there: ResumeRecord, now: ResumeRecord): void {
  const others = [
    ...differences(there.model, now.model, shortHash),
    ...differences(there.settings, now.settings, shown),
  ]
  if (others.length === 0) return
  throw new PaddleError('RESUME_REFUSED', `${output} was made otherwise: ${others.join('; ')}.`, {
    advice:
      'Give the model and the flags that it was made with, or begin anew: with another --output, or without --resume.',
  })
}

type Values = Readonly<Record<string, unknown>>

function differences(there: Values, now: Values, show: (value: unknown) => string): string[] {
  return [...new Set([...Object.keys(there), ...Object.keys(now)])]
    .filter((name) => JSON.stringify(there[name]) !== JSON.stringify(now[name]))
    .map((name) => `${name}: ${show(there[name])} there, ${show(now[name])} now`)
}

function shortHash(value: unknown): string {
  return typeof value === 'string' && /^[0-9a-f]{64}$/.test(value)
    ? `SHA-256 ${value.slice(0, 8)}…`
    : shown(value)
}

function shown(value: unknown): string {
  return value === undefined ? 'not given' : typeof value === 'string' ? value : JSON.stringify(value)
}

function unknownOrigin(output: string, why: string, cause?: unknown): PaddleError {
  return new PaddleError('RESUME_REFUSED', `${output} cannot be gone on with: ${why}.`, {
    cause,
    advice: 'Begin anew: with another --output, or without --resume, which empties the file.',
  })
}
