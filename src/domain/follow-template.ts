/** Where somebody's own server takes them to follow an actor; or why that can't be known. */
export type FollowPlace = { url: string } | { fault: FollowFault }
/** Nobody of that name there; no answer; an answer that names no such place; a server this node has nothing to do with. */
export type FollowFault = 'unknown' | 'unreachable' | 'none' | 'suspended'

/** Asks the server of a handle where its people follow others. */
export type FindFollowPlace = (handle: { name: string; host: string }, actor: string) => Promise<FollowPlace>

const HANDLE = /^(?:acct:)?@?([\p{L}\p{N}_]+(?:[.-]+[\p{L}\p{N}_]+)*)@([\p{L}\p{N}.-]+(?::\d{1,5})?)$/u

/** A handle as somebody types it, `@name@host`; or the address of a profile such as https://host/@name. Undefined for anything else. */
export function readOwnHandle(text: string): { name: string; host: string } | undefined {
  const words = text.trim().slice(0, 400)
  const [, name, host] = HANDLE.exec(words) ?? []
  if (name && host && URL.canParse(`https://${host}`)) return { name, host: new URL(`https://${host}`).host }
  const url = URL.canParse(words) && /^https?:/.test(words) ? new URL(words) : undefined
  const [, user] = /^\/(?:@|users\/|u\/|profile\/)([\p{L}\p{N}_.-]+)\/?$/u.exec(url ? decoded(url.pathname) : '') ?? []
  return url && user && !user.includes('@') ? { name: user, host: url.host } : undefined
}

/** The address a template of WebFinger becomes for an actor (FEP-3b86, or OStatus' subscribe); undefined where it is none. */
export function fillTemplate(template: string, actor: string): string | undefined {
  const filled = template.replace(/\{(object|uri)\}/, encodeURIComponent(actor))
  if (filled === template || /[{}]/.test(filled) || !URL.canParse(filled)) return undefined
  const url = new URL(filled)
  return /^https?:$/.test(url.protocol) && !url.username && !url.password ? url.href : undefined
}

function decoded(path: string): string {
  try {
    return decodeURIComponent(path)
  } catch {
    return ''
  }
}
