import type { ImageResult } from '../../../tasks/index.js'
import { mapAhead } from '../../../async/index.js'
import type { PaddleError } from '../../../errors.js'
import { usableCores } from '../../../inference/index.js'
import { interruption } from '../../terminal/interruption.js'
import type { AnnotatedImages } from '../annotated/annotated-images.js'
import type { ResultSink } from './result-sink.js'

/** Where answers go, and what is told beside. */
export interface Writing {
  readonly sink: ResultSink
  /** Where the images are drawn upon, if they are. */
  readonly pictures: AnnotatedImages | undefined
  /** The errors of what holds no image, by its path. */
  readonly nothing: ReadonlyMap<unknown, PaddleError>
  /** Told how many answers are written. */
  readonly onDone: (done: number) => void
}

/** What was written. */
export interface Written {
  readonly all: number
  /** How many of them were errors. */
  readonly failed: number
  /** How many pictures are missing. */
  readonly unsaved: number
}

/** Writes each answer as it comes, and its picture before it: who goes on where the answers end finds that too. */
export async function writeResults(
  results: AsyncIterable<ImageResult>,
  { sink, pictures, nothing, onDone }: Writing,
): Promise<Written> {
  let [all, failed, unsaved] = [0, 0, 0]
  for await (const { result, missing } of withPictures(results, pictures)) {
    const told = result.error ? { ...result, error: nothing.get(result.image) ?? result.error } : result
    const isWritten = await sink.write(told)
    all += 1
    if (told.error) failed += 1
    if (missing) unsaved += 1
    onDone(all)
    if (told.error && !isWritten) tell(told.error)
    if (missing) tell(missing)
  }
  return { all, failed, unsaved }
}

interface Pictured {
  readonly result: ImageResult
  /** Why it has no picture. */
  readonly missing?: PaddleError | undefined
}

/** As many pictures at once as keep the cores busy. */
async function* withPictures(
  results: AsyncIterable<ImageResult>,
  pictures: AnnotatedImages | undefined,
): AsyncGenerator<Pictured, void, undefined> {
  if (!pictures) {
    for await (const result of results) yield { result }
    return
  }
  const save = async (result: ImageResult): Promise<Pictured> => ({
    result,
    missing: await pictures.save(result),
  })
  yield* mapAhead(results, usableCores(), save, interruption)
}

function tell({ message, code }: PaddleError): void {
  process.stderr.write(`${message}\n[${code}]\n`)
}
