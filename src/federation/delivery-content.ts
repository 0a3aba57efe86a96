import { deliveryContent } from '../db/delivery.ts'
import type { Db } from '../db/open.ts'
import { bodyDigest } from './digest.ts'

/** What is sent, ready to be sent: the same bytes and digest for every inbox. */
export type Content = { actor: string; bytes: Buffer; digest: string; toFollowers: boolean }

const REMEMBERED = 32

/** Reads what an activity says; what was read last is kept, because one activity often goes to hundreds of inboxes. */
export function createContents(db: Db): (activity: number) => Content {
  const contents = new Map<number, Content>()
  return activity => {
    const known = contents.get(activity)
    if (known) return known
    const { body, actor } = deliveryContent(db, activity)
    const bytes = Buffer.from(body)
    const content = { actor, bytes, digest: bodyDigest(bytes), toFollowers: body.includes(`"${actor}/followers"`) }
    if (contents.size >= REMEMBERED) contents.delete(contents.keys().next().value!)
    contents.set(activity, content)
    return content
  }
}
