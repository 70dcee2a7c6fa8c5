import { listenForAbort, startTimer } from '../async/index.js'
import { abortedBy } from '../errors.js'
import { connectionError, failed, shownUrl, tooLarge, tooSlow } from './download-errors.js'
import { followRedirects, type RequestOptions } from './follow-redirects.js'

/** A download. */
interface Download extends Omit<RequestOptions, 'signal'> {
  readonly url: URL
  readonly limits: Readonly<Record<'maxBytes' | 'timeoutMs' | 'maxRedirects', number>>
  readonly signal?: AbortSignal | undefined
}

/** How often a transfer that breaks off is continued. */
const mostResumes = 5

/** Yields the contents of a URL. @throws PaddleError DOWNLOAD_REFUSED, DOWNLOAD_FAILED, ABORTED */
export async function* downloadWith(what: Download): AsyncGenerator<Uint8Array, void, undefined> {
  const {
    url,
    limits: { timeoutMs },
    signal,
  } = what
  const stop = new AbortController()
  const timer = startTimer(timeoutMs, () => {
    stop.abort(tooSlow(url, timeoutMs))
  })
  const stopListening = listenForAbort(signal, (fired) => {
    stop.abort(abortedBy(fired, 'The download'))
  })
  try {
    yield* contents({ ...what, signal: stop.signal })
  } catch (error) {
    throw stop.signal.aborted ? stop.signal.reason : error
  } finally {
    timer.stop()
    stopListening()
    // Ends a transfer that is no longer needed.
    stop.abort()
  }
}

async function* contents({
  url,
  ...how
}: Download & RequestOptions): AsyncGenerator<Uint8Array, void, undefined> {
  const {
    signal,
    limits: { maxBytes },
  } = how
  signal.throwIfAborted()
  let answer = await followRedirects(url, how)
  const { total, validator } = answer
  if (total !== undefined && total > maxBytes) {
    answer.discard()
    throw tooLarge(url, maxBytes, total)
  }
  let received = 0
  for (let resumes = 0; ; resumes++) {
    const before = received
    let broken: unknown
    try {
      for await (const chunk of answer.body) {
        received += chunk.length
        if (received > maxBytes) break
        yield chunk
      }
    } catch (error) {
      signal.throwIfAborted()
      broken = error
    }
    if (received > maxBytes) throw tooLarge(url, maxBytes)
    if (broken === undefined) break
    if (validator === undefined || received === before || resumes === mostResumes) {
      throw connectionError(url, broken, { received, total })
    }
    answer = await followRedirects(url, how, { from: received, validator })
  }
  if (received === 0) throw failed(`${shownUrl(url)} is empty (0 bytes).`)
}
