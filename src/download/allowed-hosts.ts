import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

type Address = ipaddr.IPv4 | ipaddr.IPv6
type Range = readonly [address: Address, prefixBits: number]

/** The hosts without a public address that may be reached. */
export interface AllowedHosts {
  readonly names: ReadonlySet<string>
  readonly ranges: readonly Range[]
}

/** Reads addresses, ranges and names that have been checked with the options. */
export function readAllowedHosts(entries: readonly string[]): AllowedHosts {
  const names = new Set<string>()
  const ranges: Range[] = []
  for (const entry of entries) {
    if (entry.includes('/')) ranges.push(ipaddr.parseCIDR(entry))
    else if (isIP(entry)) {
      const address = ipaddr.process(entry)
      ranges.push([address, address.kind() === 'ipv4' ? 32 : 128])
    } else names.add(nameOf(entry))
  }
  return { names, ranges }
}

/** Whether a host may be reached whatever its address is. */
export function isAllowedName(host: string, { names }: AllowedHosts): boolean {
  return names.has(nameOf(host))
}

/** Host names are the same in lower case and without the dot at the end. */
function nameOf(host: string): string {
  return host.toLowerCase().replace(/\.$/, '')
}

/**
 * Why an IP address may not be reached (`loopback`, `private`, `linkLocal`, …); undefined if it may: it is a
 * public one, or in an allowed range.
 */
export function refusalOf(text: string, { ranges }: AllowedHosts): string | undefined {
  const address = ipaddr.process(text)
  if (ranges.some(([range, bits]) => range.kind() === address.kind() && address.match([range, bits]))) {
    return undefined
  }
  const kind = kindOfAddress(address)
  return kind === 'unicast' ? undefined : kind
}

/** The addresses that are assigned to hosts on the internet (RFC 4291, section 2.4). */
const globalUnicast: Range = [ipaddr.parse('2000::'), 3]

/** The range of the special addresses that it belongs to, or `unicast`. */
function kindOfAddress(address: Address): string {
  if (!(address instanceof ipaddr.IPv6)) return address.range()
  // Translates the IPv4 address in its last four bytes (RFC 6052).
  if (address.range() === 'rfc6052') return new ipaddr.IPv4(address.toByteArray().slice(12)).range()
  if (!address.match(globalUnicast as [ipaddr.IPv6, number])) {
    return address.range() === 'unicast' ? 'reserved' : address.range()
  }
  return address.range()
}
