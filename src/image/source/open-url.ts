import type { DownloadLimits } from '../../download/limits.js'
import { PaddleError, shownValue } from '../../errors.js'

/** An image that is downloaded when it is first read, and kept for further reads. */
export class KeptDownload implements AsyncIterable<Uint8Array> {
  readonly #allowUrls: boolean | DownloadLimits
  #kept: readonly Uint8Array[] | undefined

  /** @param text - the URL, as it was given */
  constructor(
    readonly text: string,
    readonly url: URL,
    { allowUrls }: { allowUrls: boolean | DownloadLimits },
  ) {
    this.#allowUrls = allowUrls
  }

  [Symbol.asyncIterator](): AsyncGenerator<Uint8Array, void, undefined> {
    return this.open(undefined)
  }

  /** @throws as `openUrl` */
  async *open(signal: AbortSignal | undefined): AsyncGenerator<Uint8Array, void, undefined> {
    if (this.#kept) {
      yield* this.#kept
      return
    }
    const chunks: Uint8Array[] = []
    for await (const chunk of await openUrl(this.url, this.#allowUrls, signal)) {
      chunks.push(chunk)
      yield chunk
    }
    this.#kept = chunks
  }
}

/**
 * Starts to download an image.
 *
 * @throws PaddleError DOWNLOAD_REFUSED unless URLs are allowed; iterating throws as `download`
 */
export async function openUrl(
  url: URL,
  allowUrls: boolean | DownloadLimits,
  signal: AbortSignal | undefined,
): Promise<AsyncIterable<Uint8Array>> {
  if (allowUrls === false) {
    throw new PaddleError(
      'DOWNLOAD_REFUSED',
      `${shownValue(url.href)} is a URL, and URLs are not downloaded by default.`,
      {
        advice: {
          library:
            'Set `allowUrls: true` to download images, or pass the contents: `(await fetch(url)).body`.',
          command:
            'Download it and pass the path of the file, or let `paddle-ts infer` do so with --allow-urls.',
        },
      },
    )
  }
  // Loaded only when it is needed.
  const { download } = await import('../../download/index.js')
  return download(url, allowUrls === true ? {} : allowUrls, signal)
}
