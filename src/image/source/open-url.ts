import type { DownloadLimits } from '../../download/limits.js'
import { PaddleError, shownValue } from '../../errors.js'

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
