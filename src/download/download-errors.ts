import { codeOf, messageOf, PaddleError, shownValue } from '../errors.js'
import { wording, type Wording } from '../wording.js'

const refusedAdvice = wording`Download it yourself, or allow the address with ${{
  library: '`allowUrls: { hosts: [...] }`',
  command: '--allow-hosts',
}} if you trust the URL.`

/** The error for an address that is not public. */
export function addressRefused(host: string, address: string, kind: string | undefined): PaddleError {
  const resolved = host === address ? '' : ` of ${host}`
  return refused(`The address ${address}${resolved} is not public (${wordsOf(kind)}).`, refusedAdvice)
}

/** `uniqueLocal` as `unique local`. */
function wordsOf(kind = 'reserved'): string {
  return kind.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`)
}

export function refused(what: string, advice: Wording): PaddleError {
  return new PaddleError('DOWNLOAD_REFUSED', what, { advice })
}

export function failed(what: string, advice: Wording = 'Check the URL.', cause?: unknown): PaddleError {
  return new PaddleError('DOWNLOAD_FAILED', what, { advice, cause })
}

/** A URL in a message: without what may be a secret (password, query), and not longer than helps. */
export function shownUrl(url: URL): string {
  const shown = new URL(url)
  shown.username = shown.password = shown.search = shown.hash = ''
  return `${shownValue(shown.href)}${url.search === '' ? '' : '?…'}`
}

/** The error for a download that takes too long. */
export function tooSlow(url: URL, timeoutMs: number): PaddleError {
  return failed(`${shownUrl(url)} took longer than ${timeoutMs} ms to download.`, raise('timeoutMs'))
}

/** The error for a download that is too large. */
export function tooLarge(url: URL, maxBytes: number, bytes?: number): PaddleError {
  const size = bytes === undefined ? `more bytes than` : `${bytes} bytes, above`
  return failed(`${shownUrl(url)} has ${size} the limit of ${maxBytes}.`, raise('maxBytes'))
}

function raise(option: 'maxBytes' | 'timeoutMs'): Wording {
  return wording`Download it yourself${{ library: `, or raise \`allowUrls: { ${option} }\``, command: '' }}.`
}

/** How far a transfer came; `total` if the host said it. */
interface Progress {
  readonly received: number
  readonly total: number | undefined
}

/** The error for a connection or a transfer that failed. */
export function connectionError(url: URL, cause: unknown, progress?: Progress): PaddleError {
  const shown = shownUrl(url)
  if (cause instanceof PaddleError) {
    const { code, advice, reason } = cause
    return new PaddleError(code, `${shown} is not downloaded: ${lowered(reason)}`, { advice, cause })
  }
  const { received = 0, total } = progress ?? {}
  const after = received > 0 ? ` after ${received}${total === undefined ? '' : ` of ${total}`} bytes` : ''
  const advice = 'Check that this machine can reach the host, and try again.'
  return failed(`${shown} cannot be downloaded: ${reasonOf(url, cause)}${after}.`, advice, cause)
}

function reasonOf(url: URL, cause: unknown): string {
  const code = codeOf(cause) ?? ''
  switch (code) {
    case 'ENOTFOUND':
      return `there is no host ${url.hostname}`
    case 'EAI_AGAIN':
      return `the name ${url.hostname} could not be looked up`
    case 'ECONNREFUSED':
      return `nothing listens on ${url.host}`
    case 'ECONNRESET':
    case 'EPIPE':
    case 'UND_ERR_SOCKET':
      return 'the host closed the connection'
    case 'UND_ERR_CONNECT_TIMEOUT':
    case 'ETIMEDOUT':
      return 'the host does not accept a connection'
    case 'UND_ERR_HEADERS_TIMEOUT':
    case 'UND_ERR_BODY_TIMEOUT':
      return 'the host sends nothing any more'
    default:
      return `${shownValue(messageOf(cause)) || 'the connection failed'}${code ? ` (${code})` : ''}`
  }
}

function lowered(text: string): string {
  return text.charAt(0).toLowerCase() + text.slice(1)
}
