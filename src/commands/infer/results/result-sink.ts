import { once } from 'node:events'
import { stat } from 'node:fs/promises'
import { codeOf, PaddleError } from '../../../errors.js'
import {
  exactNumber,
  roundedNumber,
  taskDefinition,
  type ImageResult,
  type ResultForms,
  type TaskName,
} from '../../../tasks/index.js'
import { writeFailure } from '../../../write-failure.js'
import { logWarning } from '../../terminal/log-warning.js'
import { shellCommand } from '../../terminal/shell-command.js'
import type { InferArguments } from '../arguments.js'
import { noResults, type ExistingResults } from '../resume/existing-results.js'
import {
  checkSameRun,
  recordPath,
  readRecord,
  removeRecord,
  writeRecord,
  type ResumeRecord,
} from '../resume/resume-record.js'
import { runFingerprint } from '../resume/run-fingerprint.js'
import { formatOf, isJsonFile, isNpyFile } from './file-format.js'
import { jsonFormat, textFormat, type ResultFormat } from './formats.js'
import { ResultFile, type ResultTarget } from './result-file.js'

/** The destination of the results. */
export interface ResultSink extends AsyncDisposable {
  /** The results that the file already contains. */
  readonly existing: ExistingResults
  /** The command that resumes the run; undefined if it cannot be resumed. */
  readonly resumeCommand: string | undefined
  /**
   * Must be called before the first result. Until then, nothing is changed.
   *
   * @throws PaddleError RESUME_REFUSED, FILE_NOT_WRITTEN
   */
  begin(): Promise<void>
  /**
   * Writes the result of one image.
   *
   * @returns whether the result was written: text and NumPy files contain no errors
   * @throws PaddleError FILE_NOT_WRITTEN
   */
  write(result: ImageResult): Promise<boolean>
  /** Must be called after the last result. @throws PaddleError FILE_NOT_WRITTEN */
  end(how: { readonly isComplete: boolean }): Promise<void>
}

/**
 * Opens the file of `--output`, else standard output. Each result is written as soon as it is known.
 *
 * @throws PaddleError FILE_NOT_WRITTEN, RESUME_REFUSED
 */
export async function openSink(args: InferArguments, task: TaskName): Promise<ResultSink> {
  const { output, json } = args
  const { results } = await taskDefinition(task)
  if (output === undefined) {
    // People read a terminal, programs a pipe or a file.
    const write = process.stdout.isTTY ? roundedNumber : exactNumber
    return standardOutput(json ? jsonFormat(results) : textFormat(results, write))
  }
  if (isNpyFile(output)) {
    const { openNpySink } = await import('./npy-sink.js')
    return openNpySink(output, results)
  }
  return openFileSink(output, results, args, task)
}

function standardOutput(format: ResultFormat): ResultSink {
  return {
    existing: noResults,
    resumeCommand: undefined,
    begin: () => Promise.resolve(),
    write: async (result) => {
      const lines = format.lines(result)
      if (lines !== '' && !process.stdout.write(lines)) await once(process.stdout, 'drain')
      return lines !== ''
    },
    end: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

/**
 * Opens a file for results, and reads those that it contains with `--resume`.
 *
 * @throws PaddleError FILE_NOT_WRITTEN, RESUME_REFUSED
 */
async function openFileSink(
  output: string,
  results: ResultForms<object>,
  args: InferArguments,
  task: TaskName,
): Promise<ResultSink> {
  const file = await openTarget(output, { readable: args.resume })
  try {
    // The model's files are hashed while paddle is imported.
    const made = file.isRegular && isJsonFile(output) ? runFingerprint(args, task) : undefined
    made?.catch(() => undefined)
    const size = args.resume ? file.size : 0
    const there = size > 0 ? await readRecord(output) : undefined
    const answered = there ? await file.readAnswered() : noResults
    const format = await formatOf(output, results)
    return new FileSink(output, { file, format, answered, there, made, args })
  } catch (error) {
    await file[Symbol.asyncDispose]()
    throw error
  }
}

async function openTarget(output: string, how: { readonly readable: boolean }): Promise<ResultTarget> {
  const kind = await stat(output).catch(() => undefined)
  if (!kind?.isFIFO()) return ResultFile.open(output, how)
  const { ResultPipe } = await import('./result-pipe.js')
  return ResultPipe.open(output)
}

interface Parts {
  readonly file: ResultTarget
  readonly format: ResultFormat
  readonly answered: ExistingResults
  /** The fingerprint of the results in the file. */
  readonly there: ResumeRecord | undefined
  /** The fingerprint of this run; undefined if it cannot be resumed. */
  readonly made: Promise<ResumeRecord> | undefined
  readonly args: InferArguments
}

class FileSink implements ResultSink {
  readonly existing: ExistingResults
  readonly #output: string
  readonly #parts: Parts
  #isRecorded = false

  constructor(output: string, parts: Parts) {
    this.existing = parts.answered
    this.#output = output
    this.#parts = parts
  }

  get resumeCommand(): string | undefined {
    if (!this.#isRecorded) return undefined
    const words = process.argv.slice(2)
    return shellCommand(['paddle-ts', ...words, ...(this.#parts.args.resume ? [] : ['--resume'])])
  }

  async begin(): Promise<void> {
    const { file, made, there, answered, format } = this.#parts
    const now = await made
    if (there && now) checkSameRun(this.#output, there, now)
    // Even if this process is killed, new results must not be found beside an old fingerprint.
    if (now && !there) await this.#forgetOther()
    await file.begin(answered)
    if (there) this.#isRecorded = true
    else if (now) await this.#record(now)
    if (format.head !== '') await file.append(format.head, undefined, 0)
  }

  /** @throws PaddleError FILE_NOT_WRITTEN */
  async #forgetOther(): Promise<void> {
    await removeRecord(this.#output).catch((cause: unknown) => {
      const path = recordPath(this.#output)
      throw new PaddleError(
        'FILE_NOT_WRITTEN',
        `The run fingerprint ${path} of an earlier run cannot be removed (${codeOf(cause) ?? 'unknown error'}).`,
        { cause, advice: 'Remove it, or use another file.' },
      )
    })
  }

  async #record(now: ResumeRecord): Promise<void> {
    const path = recordPath(this.#output)
    try {
      await writeRecord(this.#output, now)
      this.#isRecorded = true
    } catch (error) {
      const message = `${path} cannot be written ${writeFailure(path, error).why}. This run cannot be resumed.`
      logWarning({ code: 'FILE_NOT_WRITTEN', message })
    }
  }

  async write(result: ImageResult): Promise<boolean> {
    await this.#parts.file.append(this.#parts.format.lines(result), this.resumeCommand)
    return true
  }

  async end({ isComplete }: { isComplete: boolean }): Promise<void> {
    await this.#parts.file.sync(this.resumeCommand)
    // With --resume it stays, so that the command can be repeated for new images.
    if (isComplete && this.#isRecorded && !this.#parts.args.resume) await removeRecord(this.#output)
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.file[Symbol.asyncDispose]()
  }
}
