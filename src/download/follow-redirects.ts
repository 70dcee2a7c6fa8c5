import { isIP } from 'node:net'
import { request, type Agent, type Dispatcher } from 'undici'
import { isAllowedName, refusalOf, type AllowedHosts } from './allowed-hosts.js'
import { counted } from '../wording.js'
import { addressRefused, connectionError, failed, refused, shownUrl } from './download-errors.js'

/** The rest of contents whose beginning has been received. */
export interface Rest {
  readonly from: number
  /** The ETag or the date of the contents. */
  readonly validator: string
}

/** An answer with contents. */
export interface Answer {
  readonly body: AsyncIterable<Uint8Array>
  /** The size of the contents in bytes, if the host says it. */
  readonly total: number | undefined
  /** What the rest can be requested with, if the host says it. */
  readonly validator: string | undefined
  /** Closes the connection before the contents have been read. */
  readonly discard: () => void
}

/** How to request. */
export interface RequestOptions {
  readonly connections: Agent
  readonly hosts: AllowedHosts
  readonly limits: { readonly maxRedirects: number }
  readonly signal: AbortSignal
}

/**
 * Requests a URL, and those that it redirects to.
 *
 * @param rest - what to request instead of the whole contents
 * @throws PaddleError DOWNLOAD_REFUSED, DOWNLOAD_FAILED; the signal's reason
 */
export async function followRedirects(first: URL, how: RequestOptions, rest?: Rest): Promise<Answer> {
  const { maxRedirects } = how.limits
  let url = first
  for (let redirects = 0; ; redirects++) {
    checkUrl(url, how.hosts)
    const response = await send(url, how, rest)
    const target = redirectOf(response, url)
    if (target === undefined) return answerOf(url, response, rest)
    discard(response)
    if (redirects === maxRedirects) {
      throw failed(
        `${shownUrl(first)} redirects more than ${counted(maxRedirects, 'time')}, last to ${shownUrl(target)}.`,
      )
    }
    url = target
  }
}

/** @throws PaddleError DOWNLOAD_REFUSED */
function checkUrl(url: URL, hosts: AllowedHosts): void {
  const shown = shownUrl(url)
  if (!['http:', 'https:'].includes(url.protocol)) {
    throw refused(`${shown} is not downloaded: only http: and https: URLs are.`, 'Check the URL.')
  }
  if (url.username !== '' || url.password !== '') {
    throw refused(
      `${shown} is not downloaded: it contains a user name or a password.`,
      'Remove them, or download it yourself.',
    )
  }
  const host = url.hostname.replace(/^\[|\]$/g, '')
  // A name is checked when it is looked up for the connection.
  if (isIP(host) === 0 || isAllowedName(host, hosts)) return
  const kind = refusalOf(host, hosts)
  if (kind !== undefined) throw connectionError(url, addressRefused(host, host, kind))
}

async function send(
  url: URL,
  { connections, signal }: RequestOptions,
  rest: Rest | undefined,
): Promise<Dispatcher.ResponseData> {
  const headers = {
    accept: '*/*',
    'accept-encoding': 'identity',
    'user-agent': 'paddle-ts',
    ...(rest && { range: `bytes=${rest.from}-`, 'if-range': rest.validator }),
  }
  try {
    return await request(url, { dispatcher: connections, headers, signal })
  } catch (error) {
    signal.throwIfAborted()
    throw connectionError(url, error)
  }
}

/** Undefined for an answer that is no redirect. */
function redirectOf({ statusCode, headers }: Dispatcher.ResponseData, from: URL): URL | undefined {
  if (![301, 302, 303, 307, 308].includes(statusCode)) return undefined
  const location = textOf(headers['location'])
  if (location === undefined || !URL.canParse(location, from.href)) {
    throw failed(`${shownUrl(from)} redirects (${statusCode}) without a valid location.`)
  }
  return new URL(location, from)
}

/** @throws PaddleError DOWNLOAD_FAILED unless the answer has the contents, or the rest of them */
function answerOf(url: URL, response: Dispatcher.ResponseData, rest: Rest | undefined): Answer {
  const { statusCode, headers, body } = response
  const problem = problemOf(response, rest)
  if (problem !== undefined) {
    discard(response)
    throw failed(`${shownUrl(url)} ${problem}.`)
  }
  const length = Number(textOf(headers['content-length']) ?? NaN)
  const etag = textOf(headers['etag'])
  return {
    body,
    total: Number.isSafeInteger(length) ? length + (rest?.from ?? 0) : undefined,
    // A weak ETag does not say that the bytes are the same.
    validator: statusCode === 200 && etag?.startsWith('"') ? etag : textOf(headers['last-modified']),
    discard: () => {
      discard(response)
    },
  }
}

function problemOf(
  { statusCode, statusText, headers }: Dispatcher.ResponseData,
  rest: Rest | undefined,
): string | undefined {
  if (statusCode !== 200 && statusCode !== 206) return `answers ${`${statusCode} ${statusText}`.trim()}`
  const encoding = textOf(headers['content-encoding']) ?? 'identity'
  if (encoding.toLowerCase() !== 'identity') return `is compressed (${encoding}), which was not asked for`
  if (rest === undefined) return statusCode === 206 ? 'answers with a part of the contents' : undefined
  if (statusCode === 200) return 'changed while it was downloaded'
  const from = /^bytes (\d+)-/.exec(textOf(headers['content-range']) ?? '')?.[1]
  return Number(from) === rest.from ? undefined : `does not answer with the bytes from ${rest.from}`
}

/** A header; the first one if it was sent several times. */
function textOf(header: string | string[] | undefined): string | undefined {
  return Array.isArray(header) ? header[0] : header
}

/** Closes the connection of an answer whose body is not needed: it may be endless. */
function discard({ body }: Dispatcher.ResponseData): void {
  body.on('error', () => undefined).destroy()
}
