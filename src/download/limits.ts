import { isIP } from 'node:net'
import { wrongValue } from '../errors.js'
import { limit, or, texts, type Form, type Kind } from '../options/index.js'

/** What downloads may reach and take. */
export interface DownloadLimits {
  /**
   * Hosts without a public address that may be reached: addresses (`127.0.0.1`), ranges (`10.0.0.0/8`) and
   * names (`minio.internal`). Without them, loopback, private and link-local addresses are refused, whatever
   * URL, redirect or host name leads to one. @default []
   */
  readonly hosts?: readonly string[] | undefined
  /** The most bytes of one download. @default 67108864 (64 MiB) */
  readonly maxBytes?: number | undefined
  /** The most time of one download, in milliseconds. @default 30000 */
  readonly timeoutMs?: number | undefined
  /** The most redirects of one download. @default 5 */
  readonly maxRedirects?: number | undefined
}

const hostList: Kind<readonly string[]> = {
  ...texts,
  check: (name, value, all) => {
    const hosts = texts.check(name, value, all)
    for (const [index, host] of hosts.entries()) {
      if (!isHost(host)) throw wrongValue(`${name}[${index}]`, expectedHost, host)
    }
    return hosts
  },
}

export const expectedHost = 'an address, a range such as `10.0.0.0/8`, or the name of a host without a port'

/** Whether a text is an address, a range of addresses, or the name of a host. */
export function isHost(text: string): boolean {
  const [, address = text, bits = ''] = /^(.*)\/(\d+)$/.exec(text) ?? []
  const version = isIP(address)
  if (version !== 0) return Number(bits) <= (version === 4 ? 32 : 128)
  return /^[a-z\d](?:[a-z\d.-]*[a-z\d])?\.?$/i.test(text)
}

export const limitsForm = {
  hosts: or(hostList, []),
  maxBytes: or(limit(1), 2 ** 26),
  timeoutMs: or(limit(1), 30_000),
  maxRedirects: or(limit(0), 5),
} satisfies Form<DownloadLimits>
