import type { Context } from '../../context.ts'
import { allEditions } from '../../db/charter.ts'
import { attachmentsOf } from '../../db/media.ts'
import { postsBy } from '../../db/post.ts'
import { publicCharter, shownPrecision } from '../../domain/charter.ts'
import { charterHtml } from '../../domain/charter-html.ts'
import type { DirectoryEntry } from '../../domain/directory.ts'
import { charterIri } from '../../domain/iri.ts'
import { type Attachment, attachmentUrl } from '../../domain/media.ts'
import { type Post, warningOf } from '../../domain/post.ts'
import { wallClock } from '../../domain/post-kind.ts'
import { escapeHtml, htmlToText, safeUrl, sanitiseHtml } from '../../lib/sanitise.ts'
import { shortened } from '../../lib/text.ts'
import { factsIn } from '../charter-value.ts'
import { communityPath } from '../community-path.ts'
import type { Locale } from '../locale.ts'
import type { Words } from '../messages.ts'
import type { Site } from '../site.ts'

/** One piece of news: a post, or an edition of the charter. `html` is clean. */
export type FeedItem = {
  id: string
  url: string
  title: string
  html: string
  publishedAt: Date
  updatedAt: Date
  language: string | undefined
  kind: 'post' | 'edition'
}

/** What a community has published lately, newest first. Addresses are absolute. */
export type Feed = {
  /** Of the community: the same wherever its feed is read. */
  id: string
  title: string
  summary: string
  /** Of its page here; feeds lie beneath it. */
  page: string
  language: Locale
  updatedAt: Date
  items: FeedItem[]
}

const MOST = 30

export function feedOf(ctx: Context, { origin, words }: Site, entry: DirectoryEntry): Feed {
  const { actor, charter, publishedAt } = entry
  const page = `${origin}${communityPath(entry)}`
  const posts = postsBy(ctx.db, actor, { limit: MOST * 2 })
    // An answer says nothing without its question.
    .filter(({ inReplyTo }) => inReplyTo === null)
    .map(post => postItem(post, attachmentsOf(ctx.db, post.id), page, words))
  const items = [...posts, ...editionItems(ctx, entry, page, words)]
    .sort((a, b) => b.publishedAt.getTime() - a.publishedAt.getTime() || (a.id < b.id ? 1 : -1))
    .slice(0, MOST)
  const latest = Math.max(publishedAt.getTime(), ...items.map(({ updatedAt }) => updatedAt.getTime()))
  return {
    id: actor,
    title: shortened(charter.name, 120),
    summary: shortened(charter.summary, 500),
    page,
    language: words.locale,
    updatedAt: new Date(latest),
    items,
  }
}

function postItem(post: Post, attachments: readonly Attachment[], page: string, site: Words): FeedItem {
  const { iri, url, name, content, publishedAt, updatedAt, language, type } = post
  const link = safeUrl(url)?.href ?? safeUrl(iri)?.href ?? page
  // What stands behind a warning is not sent to where nobody would see the warning.
  const warning = warningOf(post)
  const words = warning
    ? `<p>${escapeHtml(warning)}</p><p><a href="${escapeHtml(link)}">${escapeHtml(site.t('profile.feed.warned'))}</a></p>`
    : `${sanitiseHtml(content)}${picturesHtml(post, attachments, new URL(page).origin)}`
  const text = htmlToText(warning ? escapeHtml(warning) : content)
  return {
    id: iri,
    url: link,
    title: shortened(name ?? text, 90) || type,
    html: `${eventHtml(post, site)}${words}`,
    publishedAt,
    updatedAt: updatedAt ?? publishedAt,
    language: language ?? undefined,
    kind: 'post',
  }
}

// Of others’ posts only where the pictures are: a reader of feeds would load them.
function picturesHtml({ sensitive }: Post, attachments: readonly Attachment[], origin: string): string {
  return attachments
    .flatMap(one => {
      const url = escapeHtml(attachmentUrl(origin, one))
      const alt = escapeHtml(one.alt)
      if (one.file && !sensitive) return `<p><img src="${url}" alt="${alt}" width="${one.width}" height="${one.height}"></p>`
      return safeUrl(attachmentUrl(origin, one)) ? `<p><a href="${url}">${alt || url}</a></p>` : []
    })
    .join('')
}

function eventHtml({ type, details }: Post, { t, day }: Words): string {
  if (type !== 'Event' || !details?.startsAt) return ''
  const times = [details.startsAt, details.endsAt].flatMap(iso => {
    const clock = iso === undefined ? undefined : wallClock(iso)
    return clock ? [t('post.moment', { day: day(clock.date), time: clock.time, zone: clock.zone })] : []
  })
  return `<p>${escapeHtml([times.join(' – '), details.place].filter(Boolean).join(', '))}</p>`
}

// Of our own community every edition, shown no finer than the one in force allows; of others the one that is known.
function editionItems({ db, config }: Context, entry: DirectoryEntry, page: string, words: Words): FeedItem[] {
  const { t } = words
  const own = entry.source === 'self'
  const all = own ? allEditions(db).slice(0, MOST) : [entry]
  const precision = own && all[0] ? shownPrecision(all[0].charter) : undefined
  return all.map(({ edition, charter, publishedAt }) => {
    const shown = precision ? publicCharter(charter, precision) : charter
    const url = own ? `${page}/charter/${edition}` : `${page}#charter`
    const changes = own && edition > 1 ? `<p><a href="${url}/diff">${escapeHtml(t('profile.feed.changes'))}</a></p>` : ''
    return {
      id: own ? charterIri(config.publicUrl, edition) : `${entry.actor}#charter-${edition}`,
      url,
      title: t('profile.feed.edition', { number: edition }),
      html: `${changes}${charterHtml(shown, factsIn(words, shown))}`,
      publishedAt,
      updatedAt: publishedAt,
      language: undefined,
      kind: 'edition',
    }
  })
}
