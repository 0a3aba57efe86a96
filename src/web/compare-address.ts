import { address, type DirectoryEntry } from '../domain/directory.ts'

/** So many communities stand beside each other. */
export const MOST_COMPARED = 5
const LONGEST_NAME = 200

/** What a comparison shows, as its address says it. */
export type Compared = {
  /** Handles of communities such as `@oak@hill.test`, each once. */
  handles: string[]
  /** Only where they differ. */
  differences: boolean
  /** Words to find a community by that is to be added. */
  add: string
}

/** Where a community is, as somebody may write it: its handle, or its page here or at its own node. */
export function readHandle(text: string, ownHost: string): { host: string; handle: string } | undefined {
  const short = text.trim().slice(0, 600)
  const [, own] = /^\/(?:c\/|@)([\w.-]+)\/?$/.exec(short) ?? []
  if (own) return { host: ownHost, handle: own.toLowerCase() }
  const [, host, handle] = /^\/communities\/([^/?#]+)\/([^/?#]+)\/?$/.exec(short) ?? []
  if (host && handle) return { host: unescaped(host).toLowerCase(), handle: unescaped(handle).toLowerCase() }
  const [, name, at] = /^@?([^\s/@]+)@([^\s/@]+)$/.exec(short) ?? []
  if (name && at) return { host: at.toLowerCase(), handle: name.toLowerCase() }
  if (!/^https?:\/\//.test(short) || !URL.canParse(short)) return undefined
  const url = new URL(short)
  return readHandle(url.pathname, url.host)
}

/** @param parameters of the query string; what is no address of a community is told as `unknown` */
export function readCompared(parameters: Readonly<Record<string, unknown>>, ownHost: string): Compared & { unknown: string[] } {
  const texts = (name: string) => [parameters[name] ?? []].flat().map(value => String(value).trim()).filter(Boolean) // biome-ignore format: one chain
  const unknown: string[] = []
  const handles = new Set<string>()
  const [add = ''] = texts('add')
  const added = readHandle(add, ownHost)
  for (const text of texts('c')) {
    const read = readHandle(text, ownHost)
    if (read) handles.add(address(read))
    else unknown.push(text.slice(0, LONGEST_NAME))
  }
  if (added) handles.add(address(added))
  return { handles: [...handles], differences: texts('only')[0] === 'differences', add: added ? '' : add.slice(0, LONGEST_NAME), unknown }
}

export function comparePath({ handles, differences = false, add = '' }: Partial<Compared> & Pick<Compared, 'handles'>): string {
  const pairs = handles.map(handle => `c=${encodeURIComponent(handle).replaceAll('%40', '@').replaceAll('%3A', ':')}`)
  const all = [...pairs, ...(differences ? ['only=differences'] : []), ...(add ? [`add=${encodeURIComponent(add)}`] : [])]
  return all.length > 0 ? `/compare?${all.join('&')}` : '/compare'
}

/** As a form sends it: letters that could deceive a reader of the page stand there as in an address. */
export function handleOf(entry: Pick<DirectoryEntry, 'host' | 'handle'>): string {
  const [host, handle] = [entry.host.toLowerCase(), entry.handle.toLowerCase()]
  return /^[\w.-]+$/.test(handle) ? address({ host, handle }) : `/communities/${encodeURIComponent(host)}/${encodeURIComponent(handle)}`
}

function unescaped(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    return text
  }
}
