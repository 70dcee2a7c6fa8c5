import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { codeOf, PaddleError } from '../../errors.js'
import { csvFormat, jsonFormat, textFormat, type AnswerFormat } from './answer-formats.js'

/** Where answers go. */
export interface AnswerSink extends AsyncDisposable {
  readonly format: AnswerFormat
  write(text: string): Promise<void>
}

const formats: Readonly<Record<string, AnswerFormat>> = { '.jsonl': jsonFormat, '.csv': csvFormat }

function formatOf(path: string): AnswerFormat | undefined {
  return formats[extname(path).toLowerCase()]
}

/** Whether `--output` can be of that name. */
export function isAnswerFile(path: string): boolean {
  return formatOf(path) !== undefined
}

/** Whether answers in that file are JSON Lines. */
export function isJsonFile(path: string): boolean {
  return formatOf(path) === jsonFormat
}

/**
 * Opens the file that answers go to, else standard output. Each answer is there as soon as it is known.
 *
 * @throws PaddleError FILE_NOT_WRITTEN
 */
export async function openSink({
  output,
  json,
}: {
  output?: string | undefined
  json: boolean
}): Promise<AnswerSink> {
  const sink = output === undefined ? standardOutput(json ? jsonFormat : textFormat) : await fileSink(output)
  await sink.write(sink.format.head)
  return sink
}

function standardOutput(format: AnswerFormat): AnswerSink {
  return {
    format,
    write: async (text) => {
      if (text !== '' && !process.stdout.write(text)) await once(process.stdout, 'drain')
    },
    [Symbol.asyncDispose]: () => Promise.resolve(),
  }
}

async function fileSink(path: string): Promise<AnswerSink> {
  const failed = (error: unknown): never => {
    const message = `${path} cannot be written (${codeOf(error) ?? 'unknown error'}).\nGive a file that you may write to.`
    throw new PaddleError('FILE_NOT_WRITTEN', message, { cause: error })
  }
  const file = await open(path, 'w').catch(failed)
  return {
    format: formatOf(path) ?? jsonFormat,
    write: async (text) => {
      await file.writeFile(text).catch(failed)
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}
