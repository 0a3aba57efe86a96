/** Where things of this node live. `origin` is the node's public URL. Ids never change, so these shapes never do. */
export const communityIri = (origin: string, handle: string) => `${origin}/c/${handle}`
export const nodeIri = (origin: string) => `${origin}/node`
export const objectIri = (origin: string, id: string) => `${origin}/o/${id}`
export const activityIri = (origin: string, id: string) => `${origin}/a/${id}`
/** The community's agreement to a quote (FEP-044f). */
export const quoteIri = (origin: string, id: string) => `${origin}/q/${id}`
/** The article that carries an edition's full text, and the pinned note with its essence. */
export const charterIri = (origin: string, edition: number) => objectIri(origin, `charter-${edition}`)
export const essenceIri = (origin: string, edition: number) => objectIri(origin, `essence-${edition}`)

const HANDLE = /^[a-z0-9_]{1,30}$/

/** A handle every server of the fediverse accepts: 1 to 30 lower-case ASCII letters, digits and underscores. */
export function isHandle(text: string): boolean {
  return HANDLE.test(text)
}

/** Names the node itself answers to. */
export const RESERVED_HANDLES: readonly string[] = [
  'node',
  'admin',
  'root',
  'api',
  'support',
  'security',
  'abuse',
  'postmaster',
  'webmaster',
  'relay',
]
