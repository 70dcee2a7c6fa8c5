import { open, readFile, rename, rm, stat } from 'node:fs/promises'
import { dirname } from 'node:path'
import { codeOf, PaddleError } from '../../../errors.js'
import { isRecord, isRecordOf, parseJson } from '../../../json.js'

/** The run fingerprint: the files and settings that determine the results in a file. */
export interface ResumeRecord {
  readonly version: 1
  /** The SHA-256 of each of the model's files, `none` if it does not exist, or `unreadable`. */
  readonly model: Readonly<Record<string, string>>
  /** By the names of the flags. */
  readonly settings: Readonly<Record<string, unknown>>
}

/** The path of the fingerprint, beside the result file. */
export function recordPath(output: string): string {
  return `${output}.run.json`
}

/** Writes the fingerprint atomically, and flushes it so that it survives a power failure. */
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

/** The path of the partial file; one of a killed process is overwritten. */
function partOf(path: string): string {
  return `${path}.part`
}

/** Removes the fingerprint of a complete batch. */
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
    if (!isFile) throw unknownOrigin(output, `${path}, its run fingerprint, is not a file`)
    text = await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof PaddleError) throw error
    const why =
      codeOf(error) === 'ENOENT' ? 'does not exist' : `cannot be read (${codeOf(error) ?? 'unknown error'})`
    throw unknownOrigin(output, `${path}, its run fingerprint, ${why}`, error)
  }
  const record = parseJson(text)
  if (!isRecordOfRun(record))
    throw unknownOrigin(output, `${path}, its run fingerprint, is damaged or has another version`)
  return record
}

const isRecordOfRun = isRecordOf<ResumeRecord>({
  version: (value) => value === 1,
  model: isRecord,
  settings: isRecord,
})

/**
 * Throws unless the results in the file have the same fingerprint as this run.
 *
 * @throws PaddleError RESUME_REFUSED
 */
export function checkSameRun(output: string, there: ResumeRecord, now: ResumeRecord): void {
  const others = [
    ...differences(there.model, now.model, shortHash),
    ...differences(there.settings, now.settings, shown),
  ]
  if (others.length === 0) return
  throw new PaddleError(
    'RESUME_REFUSED',
    `${output} was written with another model or settings: ${others.join('; ')}.`,
    {
      advice:
        'Use the model and flags of that run, or start again with another --output or without --resume.',
    },
  )
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
  return new PaddleError('RESUME_REFUSED', `${output} cannot be resumed: ${why}.`, {
    cause,
    advice: 'Start again with another --output, or without --resume, which empties the file.',
  })
}
