import { accessSync, constants, statSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { codeOf, PaddleError } from '../../../errors.js'
import { logNote } from '../../terminal/stderr-log.js'
import { asHtml } from './html-page.js'
import { asJson } from './json.js'
import type { BenchmarkResult } from './result.js'
import { asText } from './text.js'

/** The reports to write. */
export interface Targets {
  readonly json: boolean
  readonly output?: string | undefined
  readonly report?: string | undefined
}

/**
 * Checks before the measurement that the files can be written.
 *
 * @throws PaddleError FILE_NOT_WRITTEN
 */
export function checkTargets({ output, report }: Targets): void {
  for (const path of [output, report]) {
    if (path === undefined) continue
    try {
      const there = statSync(path, { throwIfNoEntry: false })
      if (there?.isDirectory()) throw Object.assign(new Error(path), { code: 'EISDIR' })
      accessSync(there ? path : dirname(path), constants.W_OK)
    } catch (error) {
      throw notWritten(path, error)
    }
  }
}

/**
 * Prints the result and writes the files. Synchronous, because after Ctrl-C there is no time to wait.
 *
 * @throws PaddleError FILE_NOT_WRITTEN
 */
export function writeReports(outcome: BenchmarkResult, { json, output, report }: Targets): void {
  for (const note of outcome.notes) logNote(`${note}\n`)
  process.stdout.write(json ? asJson(outcome) : asText(outcome))
  if (output !== undefined) write(output, asJson(outcome))
  if (report !== undefined) write(report, asHtml(outcome))
}

function write(path: string, text: string): void {
  try {
    writeFileSync(path, text)
  } catch (error) {
    throw notWritten(path, error)
  }
}

function notWritten(path: string, cause: unknown): PaddleError {
  const message = `${path} cannot be written (${codeOf(cause) ?? 'unknown error'}).\nUse a file that you can write to.`
  return new PaddleError('FILE_NOT_WRITTEN', message, { cause })
}
