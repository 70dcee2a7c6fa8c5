import type { Agent } from 'undici'
import { checkOptions } from '../options/index.js'
import { readAllowedHosts } from './allowed-hosts.js'
import { connectionsTo } from './connections.js'
import { downloadWith } from './download.js'
import { limitsForm, type DownloadLimits } from './limits.js'

/** By their allowed hosts. Idle connections close after seconds and do not keep the process alive. */
const pools = new Map<string, Agent>()

/**
 * Yields the contents of an `http:` or `https:` URL. Each host that it is redirected to is checked like the
 * first. A transfer that breaks off is continued where it ended (range requests: RFC 9110, section 14) if the
 * host identifies the contents by an ETag or a date.
 *
 * @throws PaddleError DOWNLOAD_REFUSED, DOWNLOAD_FAILED, ABORTED
 */
export function download(
  url: URL,
  limits: DownloadLimits,
  signal?: AbortSignal,
): AsyncGenerator<Uint8Array, void, undefined> {
  const filled = checkOptions(limitsForm, limits)
  const hosts = readAllowedHosts(filled.hosts)
  const key = filled.hosts.join(' ')
  const connections = pools.get(key) ?? connectionsTo(hosts)
  pools.set(key, connections)
  return downloadWith({ url, connections, hosts, limits: filled, signal })
}
