import { codeOf, PaddleError } from '../../errors.js'
import type { TaskName } from '../../tasks/index.js'
import { shellLine } from '../shell-words.js'
import { showWarning } from '../show-warning.js'
import { AnswerFile } from './answer-file.js'
import type { AnswerFormat } from './answer-formats.js'
import type { AnswerSink } from './answer-sink.js'
import { nothingAnswered, type Answered } from './answered.js'
import type { InferArguments } from './arguments.js'
import { formatOf, isJsonFile } from './file-formats.js'
import { madeWith } from './made-with.js'
import {
  checkSame,
  readRecord,
  recordOf,
  removeRecord,
  writeRecord,
  type ResumeRecord,
} from './resume-record.js'

/**
 * Opens a file for answers, and with `--resume` reads those that it holds.
 *
 * @throws PaddleError FILE_NOT_WRITTEN, RESUME_REFUSED
 */
export async function openFileSink(
  output: string,
  args: InferArguments,
  task: TaskName,
): Promise<AnswerSink> {
  const file = await AnswerFile.open(output, { readable: args.resume })
  try {
    // The model's files are read while paddle is imported.
    const made = file.isRegular && isJsonFile(output) ? madeWith(args, task) : undefined
    made?.catch(() => undefined)
    const size = args.resume ? file.size : 0
    const there = size > 0 ? await readRecord(output) : undefined
    const answered = there ? await file.readAnswered() : nothingAnswered
    return new FileSink(output, { file, format: await formatOf(output, task), answered, there, made, args })
  } catch (error) {
    await file[Symbol.asyncDispose]()
    throw error
  }
}

interface Parts {
  readonly file: AnswerFile
  readonly format: AnswerFormat
  readonly answered: Answered
  /** What made the answers that are there. */
  readonly there: ResumeRecord | undefined
  /** What makes those that are to come; undefined where they cannot be gone on with. */
  readonly made: Promise<ResumeRecord> | undefined
  readonly args: InferArguments
}

class FileSink implements AnswerSink {
  readonly format: AnswerFormat
  readonly answered: Answered
  readonly #output: string
  readonly #parts: Parts
  #isRecorded = false

  constructor(output: string, parts: Parts) {
    this.format = parts.format
    this.answered = parts.answered
    this.#output = output
    this.#parts = parts
  }

  get goOn(): string | undefined {
    if (!this.#isRecorded) return undefined
    const words = process.argv.slice(2)
    return shellLine(['paddle-ts', ...words, ...(this.#parts.args.resume ? [] : ['--resume'])])
  }

  async begin(): Promise<void> {
    const { file, made, there, answered, format } = this.#parts
    const now = await made
    if (there && now) checkSame(this.#output, there, now)
    // A record of other answers must not be found beside new ones, whenever this process is killed.
    if (now && !there) await this.#forgetOther()
    await file.begin(answered)
    if (there) this.#isRecorded = true
    else if (now) await this.#record(now)
    if (format.head !== '') await file.append(format.head, '', 0)
  }

  /** @throws PaddleError FILE_NOT_WRITTEN */
  async #forgetOther(): Promise<void> {
    await removeRecord(this.#output).catch((cause: unknown) => {
      const path = recordOf(this.#output)
      throw new PaddleError(
        'FILE_NOT_WRITTEN',
        `${path}, which is of an earlier run, cannot be removed (${codeOf(cause) ?? 'unknown error'}).`,
        { cause, advice: 'Remove it, or give another file.' },
      )
    })
  }

  async #record(now: ResumeRecord): Promise<void> {
    const path = recordOf(this.#output)
    try {
      await writeRecord(this.#output, now)
      this.#isRecorded = true
    } catch (error) {
      const message = `${path} cannot be written (${codeOf(error) ?? 'unknown error'}): --resume will not be able to go on.`
      showWarning({ code: 'FILE_NOT_WRITTEN', message })
    }
  }

  async write(lines: string): Promise<void> {
    await this.#parts.file.append(lines, this.#onwards())
  }

  async end({ isComplete }: { isComplete: boolean }): Promise<void> {
    await this.#parts.file.sync(this.#onwards())
    // With --resume it stays, for images that may come later.
    if (isComplete && this.#isRecorded && !this.#parts.args.resume) await removeRecord(this.#output)
  }

  #onwards(): string {
    const line = this.goOn
    return line === undefined ? 'Make room, or give another file.' : `Make room, and go on: ${line}`
  }

  [Symbol.asyncDispose](): Promise<void> {
    return this.#parts.file[Symbol.asyncDispose]()
  }
}
