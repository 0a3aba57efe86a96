import { isHandle, RESERVED_HANDLES } from './iri.ts'
import { Refusal } from './refusal.ts'

/** The community this node is run for, and how its steward wants it to behave. */
export type Community = {
  handle: string
  foundedAt: Date
  /** A follower waits until the steward says yes. */
  approvesFollowers: boolean
  /** Theme and kind stand in the display name, because that is all most servers search. */
  themeInName: boolean
  /** The steward agrees to be found: in directories, and in the search of other servers. */
  listed: boolean
}

export type CommunitySettings = Pick<Community, 'approvesFollowers' | 'themeInName' | 'listed'>

/** @throws Refusal when other servers would not accept the handle */
export function checkHandle(handle: string): string {
  if (!isHandle(handle))
    throw new Refusal('invalid', `“${handle}” can't be a handle: use 1 to 30 lower-case letters a-z, digits and underscores.`)
  if (RESERVED_HANDLES.includes(handle))
    throw new Refusal('invalid', `“${handle}” is a name the node needs for itself. Choose another handle.`)
  return handle
}

/** A handle made of a community's name: “Brook Farm” becomes brookfarm. */
export function suggestHandle(name: string): string {
  const plain = name
    .normalize('NFKD')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '')
    .slice(0, 30)
  return isHandle(plain) && !RESERVED_HANDLES.includes(plain) ? plain : 'community'
}
