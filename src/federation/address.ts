import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/**
 * Whether an IP address is one that a stranger's server may have: global unicast, and for IPv6 only in 2000::/3. Everything that
 * leads back inside by another name (IPv4-mapped, IPv4-compatible, NAT64, 6to4, Teredo) is not, nor is what is reserved,
 * for documentation, for benchmarks or shared (IANA special-purpose registries).
 * @param ip as the system writes it, without brackets; anything else is not public
 */
export function isPublicAddress(ip: string): boolean {
  // ipaddr.js reads 127.1, 0x7f.1 and 2130706433 as well; nothing that resolved or connected is written like that.
  if (isIP(ip) === 0 || ip.includes('%')) return false
  const address = ipaddr.parse(ip)
  if (address.range() !== 'unicast') return false
  return address.kind() === 'ipv4' || address.toByteArray()[0]! >> 5 === 0b001
}
