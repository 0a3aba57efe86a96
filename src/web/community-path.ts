import type { DirectoryEntry } from '../domain/directory.ts'

/** Where this site shows a community: our own has the address of its actor, the others stand under the host they are from. */
export function communityPath({ source, host, handle }: Pick<DirectoryEntry, 'source' | 'host' | 'handle'>): string {
  if (source === 'self') return `/c/${handle}`
  return `/communities/${encodeURIComponent(host).replaceAll('%3A', ':')}/${encodeURIComponent(handle)}`
}
