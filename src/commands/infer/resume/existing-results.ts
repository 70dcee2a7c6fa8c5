import type { FileHandle } from 'node:fs/promises'
import { PaddleError } from '../../../errors.js'
import { taskNames, taskSpec } from '../../../tasks/index.js'
import { shellCommand } from '../../terminal/shell-command.js'

/** The results in a JSON Lines file. */
export interface ExistingResults {
  /** How often the file contains each image. */
  readonly images: ReadonlyMap<string, number>
  readonly count: number
  /** The number of results with an error. */
  readonly failed: number
  /** Bytes of the complete results; anything after them is an incomplete write. */
  readonly bytes: number
}

export const noResults: ExistingResults = { images: new Map(), count: 0, failed: 0, bytes: 0 }

const chunkBytes = 2 ** 18
/** Longer than any result; limits the memory for garbage without newlines. */
const mostLineBytes = 2 ** 26
const newline = 0x0a

/**
 * Reads the results in a file. Ignores a last line without newline and anything after the last result: an
 * interrupted write leaves them (a power failure leaves zeros).
 *
 * @throws PaddleError RESUME_REFUSED if an invalid line precedes a result, or the first line is invalid
 */
export async function readExistingResults(path: string, file: FileHandle): Promise<ExistingResults> {
  const images = new Map<string, number>()
  let [count, failed, bytes, lines] = [0, 0, 0, 0]
  let invalid: number | undefined
  for await (const { line, end } of linesOf(file)) {
    lines += 1
    const answer = answerIn(line)
    if (!answer) {
      invalid ??= lines
      continue
    }
    if (invalid !== undefined) throw damaged(path, invalid)
    images.set(answer.image, (images.get(answer.image) ?? 0) + 1)
    count += 1
    if (answer.failed) failed += 1
    bytes = end
  }
  // Do not empty a file that paddle-ts did not write.
  if (invalid === 1) throw damaged(path, 1)
  return { images, count, failed, bytes }
}

/** The lines that end with a newline, each with the position after it. */
async function* linesOf(file: FileHandle): AsyncGenerator<{ line: Buffer | undefined; end: number }> {
  const chunk = Buffer.allocUnsafe(chunkBytes)
  let begun: Buffer[] = []
  let begunBytes = 0
  const keep = (part: Buffer): void => {
    begunBytes += part.length
    if (begunBytes <= mostLineBytes) begun.push(part)
    else begun = []
  }
  for (let position = 0; ;) {
    const { bytesRead } = await file.read(chunk, 0, chunkBytes, position)
    if (bytesRead === 0) return
    const read = chunk.subarray(0, bytesRead)
    let start = 0
    for (let at = read.indexOf(newline); at >= 0; at = read.indexOf(newline, start)) {
      keep(read.subarray(start, at))
      yield { line: begunBytes <= mostLineBytes ? Buffer.concat(begun) : undefined, end: position + at + 1 }
      begun = []
      begunBytes = 0
      start = at + 1
    }
    // The chunk's buffer is reused.
    if (start < bytesRead) keep(Buffer.from(read.subarray(start)))
    position += bytesRead
  }
}

/** The field that identifies a result of each task. */
const resultFields = taskNames.map((name) => taskSpec(name).resultField)

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true })

function answerIn(line: Buffer | undefined): { image: string; failed: boolean } | undefined {
  if (line?.[0] !== 0x7b) return undefined
  let value: unknown
  try {
    value = JSON.parse(utf8.decode(line))
  } catch {
    return undefined
  }
  const { image, error, ...fields } = value as Readonly<Record<string, unknown>>
  if (typeof image !== 'string') return undefined
  const found = resultFields.map((name) => fields[name]).filter((field) => field !== undefined)
  const [first, ...others] = [...found, ...(error === undefined ? [] : [error])]
  if (others.length > 0) return undefined
  if (error === undefined) return Array.isArray(first) ? { image, failed: false } : undefined
  return typeof error === 'object' && error !== null ? { image, failed: true } : undefined
}

function damaged(path: string, line: number): PaddleError {
  return new PaddleError('RESUME_REFUSED', `${path} is damaged: line ${line} is not a result.`, {
    advice: `Remove the line, and run the command again: ${shellCommand(['sed', '-i', `${line}d`, path])}`,
  })
}
