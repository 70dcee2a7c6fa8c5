import type { ImageResult } from '../../../tasks/index.js'
import { mapAhead } from '../../../async/index.js'
import type { PaddleError } from '../../../errors.js'
import { sourceName, type ImageSource } from '../../../image/index.js'
import { usableCores } from '../../../inference/index.js'
import { describeInFlags } from '../../flags/flag-errors.js'
import { interruption } from '../../terminal/interruption.js'
import { logError } from '../../terminal/print.js'
import type { AnnotatedImages } from '../annotated/annotated-images.js'
import type { ResultSink } from './result-sink.js'

/** The destinations of results. */
export interface Writing {
  readonly sink: ResultSink
  /** Undefined without `--save-dir`. */
  readonly pictures: AnnotatedImages | undefined
  /** Errors of paths that stand for no readable image, by path. */
  readonly nothing: ReadonlyMap<unknown, PaddleError>
  /** Called with the number of results written. */
  readonly onDone: (done: number) => void
}

/** The numbers of results. */
export interface Written {
  readonly all: number
  /** The number of images with an error. */
  readonly failed: number
  /** The number of paths that stand for no image, each with an error as its result. */
  readonly empty: number
  /** The number of annotated images that could not be written. */
  readonly unsaved: number
}

/**
 * Writes each result as it arrives, after its annotated image, so that a resumed run finds the annotated
 * image of every result.
 */
export async function writeResults(
  results: AsyncIterable<ImageResult>,
  { sink, pictures, nothing, onDone }: Writing,
): Promise<Written> {
  let [all, failed, empty, unsaved] = [0, 0, 0, 0]
  for await (const { result, missing } of withPictures(results, pictures)) {
    const shown = result.error ? { ...result, error: nothing.get(result.image) ?? result.error } : result
    const isWritten = await sink.write(shown)
    all += 1
    if (nothing.has(result.image)) empty += 1
    else if (shown.error) failed += 1
    if (missing) unsaved += 1
    onDone(all)
    if (shown.error && !isWritten) tell(shown.error)
    if (missing) tell(missing)
  }
  return { all, failed, empty, unsaved }
}

interface Pictured {
  readonly result: ImageResult
  /** Why there is no annotated image. */
  readonly missing?: PaddleError | undefined
}

/** Annotates as many images in parallel as there are usable cores. */
async function* withPictures(
  results: AsyncIterable<ImageResult>,
  pictures: AnnotatedImages | undefined,
): AsyncGenerator<Pictured, void, undefined> {
  if (!pictures) {
    for await (const result of results) yield { result }
    return
  }
  const save = async (result: ImageResult): Promise<Pictured> => ({
    result: { ...result, image: givenText(result.image) },
    missing: await pictures.save(result),
  })
  yield* mapAhead(results, usableCores(), save, interruption)
}

/** A kept download is written as the URL that was given. */
function givenText(image: ImageSource): ImageSource {
  return typeof image === 'string' ? image : sourceName(image)
}

function tell(error: PaddleError): void {
  logError(`${describeInFlags(error)}\n`)
}
