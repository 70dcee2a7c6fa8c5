import { lookup, type LookupAddress } from 'node:dns'
import type { LookupFunction } from 'node:net'
import { Agent } from 'undici'
import { isAllowedName, refusalOf, type AllowedHosts } from './allowed-hosts.js'
import { addressRefused } from './download-errors.js'

/** The most connections to one host. */
const mostConnections = 16

/** How long a connection may take. */
const connectTimeoutMs = 10_000

/**
 * Opens and reuses the connections of downloads. The address that a name has at the time of the connection is
 * the one that is checked: a name that was checked before may have another one by then.
 */
export function connectionsTo(hosts: AllowedHosts): Agent {
  return new Agent({
    connections: mostConnections,
    connect: { timeout: connectTimeoutMs, lookup: checkedLookup(hosts) },
  })
}

/** Looks up the addresses of a host name; an error if one of them may not be reached. */
export function checkedLookup(hosts: AllowedHosts, lookUp = lookup): LookupFunction {
  return (host, options, callback) => {
    lookUp(host, { ...options, all: true }, (error, found) => {
      const addresses: readonly LookupAddress[] = found
      if (error) {
        callback(error, [])
        return
      }
      const refused = isAllowedName(host, hosts)
        ? undefined
        : addresses.find(({ address }) => refusalOf(address, hosts) !== undefined)
      if (refused) callback(addressRefused(host, refused.address, refusalOf(refused.address, hosts)), [])
      else if (options.all) callback(null, [...addresses])
      else callback(null, addresses[0]?.address ?? '', addresses[0]?.family)
    })
  }
}
