import { once } from 'node:events'
import { open } from 'node:fs/promises'
import { extname } from 'node:path'
import { codeOf, PaddleError } from '../../errors.js'
import { jsonFormat, textFormat, type AnswerFormat } from './answer-formats.js'

/** Where answers go. */
export interface AnswerSink extends AsyncDisposable {
  readonly format: AnswerFormat
  write(text: string): Promise<void>
}

/** The formats of files, each loaded when it is wanted. */
const formats: Readonly<Record<string, () => Promise<AnswerFormat>>> = {
  '.jsonl': () => Promise.resolve(jsonFormat),
  '.csv': async () => (await import('./csv-format.js')).csvFormat,
}

/** Whether `--output` can be of that name. */
export function isAnswerFile(path: string): boolean {
  return Object.hasOwn(formats, endingOf(path))
}

/** Whether answers in that file are JSON Lines. */
export function isJsonFile(path: string): boolean {
  return endingOf(path) === '.jsonl'
}

function endingOf(path: string): string {
  return extname(path).toLowerCase()
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
  const format = (await formats[endingOf(path)]?.()) ?? jsonFormat
  return {
    format,
    write: async (text) => {
      await file.writeFile(text).catch(failed)
    },
    [Symbol.asyncDispose]: () => file.close(),
  }
}
