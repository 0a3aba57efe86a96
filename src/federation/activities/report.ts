import { z } from 'zod'
import { hearReport } from '../../actions/report.ts'
import type { Context } from '../../context.ts'
import { publicEdition } from '../../db/charter.ts'
import { localCommunity } from '../../db/community.ts'
import { postByIri } from '../../db/post.ts'
import { communityIri } from '../../domain/iri.ts'
import { REPORT_LIMITS, type Report } from '../../domain/report.ts'
import { htmlToText } from '../../lib/sanitise.ts'
import type { Handler } from '../received.ts'
import { many, one, reference } from '../wire.ts'

const Named = many(reference, 1_000)
const Words = one(z.string())

// Ours to the wire.

/** As Mastodon says it: about the actor and its posts, the words as plain text. */
export function flag({ iri, reporter, target, posts, comment }: Report) {
  return { id: iri, type: 'Flag', actor: reporter, content: comment, object: [target, ...posts], to: [target] }
}

// The wire to ours.

/** Kept if it is about the community or what it has published; whatever else it names is none of our business. */
export const onFlag: Handler = ({ ctx }, { id, sender, object, content }) => {
  const community = localCommunity(ctx.db)
  if (!community) return 'not about us'
  const target = communityIri(ctx.config.publicUrl, community.handle)
  const named = [...new Set(Named.parse(object))]
  const posts: string[] = []
  for (const iri of named) if (posts.length < REPORT_LIMITS.posts && isOurs(ctx, iri)) posts.push(iri)
  if (posts.length === 0 && !named.includes(target)) return 'not about us'
  return hearReport(ctx, { iri: id, reporter: sender.id, target, posts, comment: htmlToText(Words.parse(content) ?? '') })
}

function isOurs({ config, db }: Context, iri: string): boolean {
  if (!iri.startsWith(`${config.publicUrl}/o/`)) return false
  const edition = /\/o\/(?:charter|essence)-([1-9]\d{0,8})$/.exec(iri)?.[1]
  return edition ? publicEdition(db, Number(edition)) !== undefined : postByIri(db, iri)?.local === true
}
