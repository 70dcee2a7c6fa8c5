import type { PaddleError } from '../../errors.js'
import type { Classification } from '../../tasks/index.js'
import type { AnswerSink } from './answer-sink.js'

/** Where answers go, and what is told beside. */
export interface Writing {
  readonly sink: AnswerSink
  /** The errors of what holds no image, by its path. */
  readonly nothing: ReadonlyMap<unknown, PaddleError>
  /** Told how many answers are written. */
  readonly onDone: (done: number) => void
}

/** Writes each answer as it comes. @returns how many there were, and how many of them were errors */
export async function writeAll(
  results: AsyncIterable<Classification>,
  { sink, nothing, onDone }: Writing,
): Promise<{ all: number; failed: number }> {
  let [all, failed] = [0, 0]
  for await (const result of results) {
    const told = result.error ? { ...result, error: nothing.get(result.image) ?? result.error } : result
    const lines = sink.format.lines(told)
    await sink.write(lines)
    all += 1
    if (told.error) failed += 1
    onDone(all)
    if (told.error && lines === '') process.stderr.write(`${told.error.message}\n[${told.error.code}]\n`)
  }
  return { all, failed }
}
