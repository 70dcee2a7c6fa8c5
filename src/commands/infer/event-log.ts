import { sourceName } from '../../image/index.js'
import type { TaskEvent } from '../../tasks/index.js'
import { counted } from '../../wording.js'

/** Says on standard error what happens to the workers, a line for each event. */
export class EventLogger {
  #retries = 0
  #lastReport: string | undefined

  readonly tell = (event: TaskEvent): void => {
    if (event.type === 'retry' || event.type === 'split') this.#retries += 1
    process.stderr.write(eventText(event))
    const report = 'error' in event && event.type !== 'quarantine' ? event.error?.report : undefined
    // The same death may be told by several events.
    if (report !== undefined && report !== this.#lastReport) process.stderr.write(reportText(report))
    this.#lastReport = report ?? this.#lastReport
  }

  /** What there is to say at the end. */
  end(): void {
    const often = this.#retries === 1 ? 'once' : `${this.#retries} times`
    process.stderr.write(
      this.#retries === 0 ? 'Nothing was tried again.\n' : `Batches were tried again ${often}.\n`,
    )
  }
}

/** The line of an event. */
export function eventText(event: TaskEvent): string {
  switch (event.type) {
    case 'workerStart':
      return `${nameOf(event)} has started in ${Math.round(event.startMs)} ms.\n`
    case 'workerExit': {
      const { expected, runs, error } = event
      const after = `after ${counted(runs, 'run')}`
      if (expected) return `${nameOf(event)} has been ended ${after}.\n`
      return `${nameOf(event)} has ended ${after}${howOf(event)}${error ? `. ${error.shortMessage}` : '.'}\n`
    }
    case 'retry':
      return `${nameOf(event)} failed in try ${event.attempt - 1} of ${event.retries + 1}, another follows. ${event.error.shortMessage}\n`
    case 'split':
      return `${counted(event.inputs.length, 'image')} ${event.inputs.length === 1 ? 'is' : 'are'} tried again one by one. ${event.error.shortMessage}\n`
    case 'quarantine':
      return `${sourceName(event.input)} is put aside. ${event.error.shortMessage}\n`
    case 'recycle': {
      const { reason, runs, rssBytes } = event
      const why = reason === 'maxRssMb' ? `${mebibytes(rssBytes)} in use` : counted(runs, 'run')
      return `${nameOf(event)} is renewed: ${why}.\n`
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
  if (signal !== null) return ` by ${signal}`
  return exitCode === null ? '' : ` with exit code ${exitCode}`
}

/** A crash report so that one sees where it begins and where it ends. */
export function reportText(report: string): string {
  return `Report of its end, for a bug tracker:\n${report.trimEnd().replace(/^/gm, '  ')}\n`
}

function mebibytes(bytes: number | undefined): string {
  return bytes === undefined ? 'too much memory' : `${Math.round(bytes / 2 ** 20)} MiB`
}
