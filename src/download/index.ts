import type { Agent } from 'undici'
import { checkOptions } from '../options/index.js'
import { readAllowedHosts, type AllowedHosts } from './allowed-hosts.js'
import { connectionsTo } from './connections.js'
import { downloadWith } from './download.js'
import { limitsForm, type DownloadLimits } from './limits.js'

/** The connections to allowed hosts. */
interface Reach {
  readonly hosts: AllowedHosts
  readonly connections: Agent
}

/** By the list of hosts. Idle connections close after seconds and do not keep the process alive. */
const reaches = new Map<string, Reach>()

function reachOf(list: readonly string[]): Reach {
  const key = list.join(' ')
  const known = reaches.get(key)
  if (known) return known
  const hosts = readAllowedHosts(list)
  const reach = { hosts, connections: connectionsTo(hosts) }
  reaches.set(key, reach)
  return reach
}

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
  return downloadWith({ url, ...reachOf(filled.hosts), limits: filled, signal })
}
