import {
  accessSync,
  closeSync,
  constants,
  lstatSync,
  openSync,
  readlinkSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { dirname, resolve } from 'node:path'
import { PaddleError } from '../../../errors.js'
import { writeFailure } from '../../../write-failure.js'
import { logNote, printText } from '../../terminal/print.js'
import { isMeasured } from '../measure/rows.js'
import { asHtml, pageFiles } from './html-page.js'
import { asJson } from './json.js'
import type { BenchmarkResult } from './result.js'
import { asText } from './text.js'

const { O_CREAT, O_NONBLOCK, O_WRONLY } = constants

/** The reports to write. */
export interface Targets {
  readonly json: boolean
  readonly output?: string | undefined
  readonly report?: string | undefined
}

/**
 * Checks before the measurement that the files can be written.
 *
 * @throws PaddleError FILE_NOT_WRITTEN, PACKAGE_FILES_MISSING
 */
export function checkTargets({ output, report }: Targets): void {
  for (const path of [output, report]) {
    if (path === undefined) continue
    try {
      const there = statSync(path, { throwIfNoEntry: false })
      if (there?.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' })
      accessSync(there ? path : dirname(targetOf(path)), constants.W_OK)
    } catch (error) {
      throw notWritten(path, error)
    }
  }
  if (report !== undefined) pageFiles()
}

/** The path that a link names, which may not exist yet; any other path itself. */
function targetOf(path: string): string {
  const isLink = lstatSync(path, { throwIfNoEntry: false })?.isSymbolicLink()
  return isLink ? resolve(dirname(path), readlinkSync(path)) : path
}

/**
 * Prints the result and writes the files; without any measurement, a file of an earlier run is kept.
 * Synchronous, because after Ctrl-C there is no time to wait.
 *
 * @throws PaddleError FILE_NOT_WRITTEN
 */
export function writeReports(outcome: BenchmarkResult, { json, output, report }: Targets): void {
  for (const note of outcome.notes) logNote(`${note}\n`)
  if (json) process.stdout.write(asJson(outcome))
  else printText(asText(outcome))
  const files = [
    [output, asJson],
    [report, asHtml],
  ] as const
  const failures: unknown[] = []
  for (const [path, textOf] of files) {
    if (path === undefined) continue
    try {
      if (outcome.rows.some(isMeasured) || !hasContents(path)) write(path, textOf(outcome))
      else logNote(`${path} is kept as it was: no setting was measured.\n`)
    } catch (error) {
      failures.push(error)
    }
  }
  // The other file is written first.
  if (failures.length > 0) throw failures[0]
}

function hasContents(path: string): boolean {
  return (statSync(path, { throwIfNoEntry: false })?.size ?? 0) > 0
}

function write(path: string, text: string): void {
  try {
    // Without a reader, a pipe would block this process, so that Ctrl-C could not end it.
    const opened = openSync(path, O_WRONLY | O_CREAT | O_NONBLOCK)
    try {
      writeFileSync(path, text)
    } finally {
      closeSync(opened)
    }
  } catch (error) {
    throw notWritten(path, error)
  }
}

function notWritten(path: string, cause: unknown): PaddleError {
  const { why, advice } = writeFailure(path, cause)
  return new PaddleError('FILE_NOT_WRITTEN', `${path} cannot be written ${why}.`, { cause, advice })
}
