import { once } from 'node:events'
import type { TaskName } from '../../tasks/index.js'
import { jsonFormat, textFormat, type ResultFormat } from './answer-formats.js'
import { noResults, type ExistingResults } from './answered.js'
import type { InferArguments } from './arguments.js'
import { openFileSink } from './file-sink.js'

/** Where answers go. */
export interface ResultSink extends AsyncDisposable {
  readonly format: ResultFormat
  /** What is there already. */
  readonly existing: ExistingResults
  /** The command line that goes on where the answers end, where there can be one. */
  readonly resumeCommand: string | undefined
  /**
   * Has to be called before the first answer: until then nothing is changed.
   *
   * @throws PaddleError RESUME_REFUSED, FILE_NOT_WRITTEN
   */
  begin(): Promise<void>
  /** Writes the lines of one image. @throws PaddleError FILE_NOT_WRITTEN */
  write(lines: string): Promise<void>
  /** Has to be called after the last answer. @throws PaddleError FILE_NOT_WRITTEN */
  end(how: { readonly isComplete: boolean }): Promise<void>
}

/**
 * Opens the file that answers go to, else standard output. Each answer is there as soon as it is known.
 *
 * @throws PaddleError FILE_NOT_WRITTEN, RESUME_REFUSED
 */
export async function openSink(args: InferArguments, task: TaskName): Promise<ResultSink> {
  const { output, json } = args
  if (output === undefined) return standardOutput(json ? jsonFormat : textFormat)
  return openFileSink(output, args, task)
}

function standardOutput(format: ResultFormat): ResultSink {
  return {
    format,
    existing: noResults,
    resumeCommand: undefined,
    begin: () => Promise.resolve(),
    write: async (lines) => {
      if (lines !== '' && !process.stdout.write(lines)) await once(process.stdout, 'drain')
    },
    end: () => Promise.resolve(),
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}
