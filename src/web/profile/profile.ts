import type { Context } from '../../context.ts'
import { ownFace } from '../../db/media.ts'
import { type Related, relatedTo } from '../../db/related.ts'
import type { DirectoryEntry } from '../../domain/directory.ts'
import type { Attachment } from '../../domain/media.ts'
import { communityPath } from '../community-path.ts'
import type { Page } from '../layout.tsx'
import { spokenPath } from '../locale.ts'
import type { Site } from '../site.ts'
import { communityData } from './json-ld.ts'
import { type Standing, standingOf } from './standing.ts'

/** What a community's page says beside its charter and its posts, and in which other forms the same can be had. */
export type Profile = {
  standing: Standing
  related: Related[]
  faces: Faces
  /** schema.org, as JSON-LD. */
  data: object
  links: NonNullable<Page['links']>
  card: NonNullable<Page['image']>
}

/** The pictures a community has given itself. Those of others stay where they are: nothing is loaded from anywhere else. */
export type Faces = { avatar?: Attachment | undefined; header?: Attachment | undefined }

export function profileOf(ctx: Context, { words, origin }: Site, entry: DirectoryEntry): Profile {
  const { t } = words
  const path = communityPath(entry)
  const { name } = entry.charter
  const faces: Faces = entry.source === 'self' ? { avatar: ownFace(ctx.db, 'avatar'), header: ownFace(ctx.db, 'header') } : {}
  const at = (file: string) => spokenPath(`${path}/${file}`, words.locale)
  return {
    standing: standingOf(ctx, entry),
    related: relatedTo(ctx.db, entry),
    faces,
    data: communityData(words, origin, entry, faces.avatar),
    links: [
      { rel: 'alternate', type: 'application/atom+xml', href: at('feed.atom'), title: t('profile.feed.atom', { name }) },
      { rel: 'alternate', type: 'application/feed+json', href: at('feed.json'), title: t('profile.feed.json', { name }) },
      { rel: 'alternate', type: 'text/vcard', href: at('card.vcf'), title: t('profile.feed.vcard', { name }) },
    ],
    card: { href: `${path}/card.png`, type: 'image/png', width: 1200, height: 630, alt: t('profile.cardAlt', { name }) },
  }
}
