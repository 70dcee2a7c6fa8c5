import { sourceName } from '../../image/index.js'
import type { TaskEvent } from '../../tasks/index.js'
import { counted } from '../../wording.js'
import { formatInFlags } from '../flags/flag-errors.js'
import { logError } from '../terminal/print.js'

/** Logs the events of workers to standard error, one line each. */
export class EventLogger {
  #retries = 0
  #lastReport: string | undefined

  readonly tell = (event: TaskEvent): void => {
    if (event.type === 'retry' || event.type === 'split') this.#retries += 1
    logError(eventText(event))
    const report = 'error' in event && event.type !== 'quarantine' ? event.error?.report : undefined
    // Several events can report the same death.
    if (report !== undefined && report !== this.#lastReport) logError(reportText(report))
    this.#lastReport = report ?? this.#lastReport
  }

  /** Logs the number of retries at the end. */
  end(): void {
    const often = this.#retries === 1 ? 'once' : `${this.#retries} times`
    logError(this.#retries === 0 ? 'No batch was retried.\n' : `Batches were retried ${often}.\n`)
  }
}

/** The log line of an event. */
export function eventText(event: TaskEvent): string {
  switch (event.type) {
    case 'workerStart':
      return `${nameOf(event)} started in ${Math.round(event.startMs)} ms.\n`
    case 'workerExit': {
      const { expected, runs, error } = event
      const after = `after ${counted(runs, 'run')}`
      if (expected) return `${nameOf(event)} was stopped ${after}.\n`
      return `${nameOf(event)} exited ${after}${howOf(event)}${error ? `. ${error.shortMessage}` : '.'}\n`
    }
    case 'retry':
      return `${nameOf(event)} failed in attempt ${event.attempt - 1} of ${event.retries + 1}. Retrying. ${event.error.shortMessage}\n`
    case 'split':
      return `${counted(event.inputs.length, 'image')} ${event.inputs.length === 1 ? 'is' : 'are'} retried one by one. ${event.error.shortMessage}\n`
    case 'quarantine':
      return `${sourceName(event.input)} is quarantined. ${event.error.shortMessage}\n`
    case 'recycle': {
      const { reason, runs, rssBytes } = event
      const why = reason === 'maxRssMb' ? `${mebibytes(rssBytes)} in use` : counted(runs, 'run')
      return `${nameOf(event)} is recycled: ${why} (${formatInFlags({ option: reason })}).\n`
    }
  }
}

function nameOf({ worker, pid }: { readonly worker: number; readonly pid: number | undefined }): string {
  return pid === undefined ? `Worker ${worker}` : `Worker ${worker} (pid ${pid})`
}

function howOf({
  exitCode,
  signal,
}: {
  readonly exitCode: number | null
  readonly signal: string | null
}): string {
  if (signal !== null) return ` with ${signal}`
  return exitCode === null ? '' : ` with exit code ${exitCode}`
}

/** A crash report, indented so that its extent is visible. */
export function reportText(report: string): string {
  return `Crash report for a bug report:\n${report.trimEnd().replace(/^/gm, '  ')}\n`
}

function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? 'too much memory' : `${Math.round(bytes / 2 ** 20)} MiB`
}
