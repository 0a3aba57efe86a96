import { getDomain } from 'tldts'

/**
 * Whose a host is: the part of its name that somebody has registered (public suffix list, with its private section, where every customer
 * of a host is somebody). An address in numbers, or a name without one, stands for itself, with its port.
 * @param host with its port where there is one
 */
export function registrableDomain(host: string): string {
  const name = host.toLowerCase()
  return getDomain(name.replace(/:\d+$/, ''), { allowPrivateDomains: true, validateHostname: false }) ?? name
}
