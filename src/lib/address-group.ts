import ipaddr from 'ipaddr.js'

/** Addresses that are in one hand count as one: an IPv4 address, also inside IPv6, is itself; of IPv6 a whole /64 is given to one household. */
export function addressGroup(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 64)
  const plain = ipaddr.process(address)
  return plain.kind() === 'ipv6'
    ? `${(plain as ipaddr.IPv6).parts
        .slice(0, 4)
        .map(part => part.toString(16))
        .join(':')}::/64`
    : plain.toString()
}
