import type { Context } from '../../context.ts'
import { currentEdition } from '../../db/charter.ts'
import { localCommunity } from '../../db/community.ts'
import { directorySize } from '../../db/directory.ts'
import { localPostCount } from '../../db/post.ts'
import { publicCharter } from '../../domain/charter.ts'
import { communityIri } from '../../domain/iri.ts'
import { LARGEST_PICTURE, LONGEST_ALT, MOST_PICTURES } from '../../domain/media.ts'
import { LONGEST } from '../../domain/post.ts'
import { MOST_PINS } from '../../domain/post-kind.ts'
import { escapeHtml } from '../../lib/sanitise.ts'
import { serverKey } from '../push-message.ts'
import { accountEntity } from './account.ts'

const PIXELS = 50_000_000

/** Apps take a server of another version for one that lacks what they need, or has what is not here. */
function version({ config }: Context): string {
  return `4.2.0 (compatible; Archipelago ${config.version})`
}

function configuration() {
  return {
    accounts: { max_featured_tags: 10, max_pinned_statuses: MOST_PINS, max_profile_fields: 12 },
    statuses: { max_characters: LONGEST.Note, max_media_attachments: MOST_PICTURES, characters_reserved_per_url: 23 },
    media_attachments: {
      supported_mime_types: ['image/jpeg', 'image/png', 'image/webp', 'image/gif', 'image/avif'],
      description_limit: LONGEST_ALT,
      image_size_limit: LARGEST_PICTURE,
      image_matrix_limit: PIXELS,
      video_size_limit: 0,
      video_frame_rate_limit: 0,
      video_matrix_limit: 0,
    },
    polls: { max_options: 12, max_characters_per_option: 100, min_expiration: 300, max_expiration: 2_678_400 },
    translation: { enabled: false },
  }
}

function facts(ctx: Context) {
  const { config, db } = ctx
  const community = localCommunity(db)
  const charter = currentEdition(db)?.charter
  const shown = charter && publicCharter(charter)
  return {
    title: shown?.name ?? config.host,
    description: shown?.summary ?? '',
    languages: shown?.languages.length ? shown.languages : ['en'],
    email: /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(shown?.contact ?? '') ? shown!.contact! : '',
    account: community ? (accountEntity(ctx, communityIri(config.publicUrl, community.handle)) ?? null) : null,
    header: `${config.publicUrl}/assets/header.png`,
    streaming: config.publicUrl.replace(/^http/, 'ws'),
    people: community ? 1 : 0,
  }
}

/** GET /api/v2/instance. `domain` is where apps go on to sign in. */
export function instanceV2(ctx: Context) {
  const { title, description, languages, email, account, header, streaming, people } = facts(ctx)
  return {
    domain: ctx.config.host,
    title,
    version: version(ctx),
    source_url: `${ctx.config.publicUrl}/about`,
    description,
    usage: { users: { active_month: people } },
    thumbnail: { url: header, blurhash: null, versions: {} },
    icon: [],
    languages,
    configuration: {
      urls: { streaming, about: `${ctx.config.publicUrl}/about` },
      vapid: { public_key: serverKey(ctx) },
      ...configuration(),
    },
    registrations: { enabled: false, approval_required: false, reason_required: false, message: null, url: null },
    contact: { email, account },
    rules: rules(ctx),
    // Groups of notifications, and nothing that came after them.
    api_versions: { mastodon: 2 },
  }
}

/** GET /api/v1/instance, which older apps ask for. */
export function instanceV1(ctx: Context) {
  const { title, description, languages, email, account, header, streaming, people } = facts(ctx)
  return {
    uri: ctx.config.host,
    title,
    short_description: description,
    // HTML here, and nowhere else.
    description: escapeHtml(description),
    email,
    version: version(ctx),
    urls: { streaming_api: streaming },
    stats: { user_count: people, status_count: localPostCount(ctx.db), domain_count: directorySize(ctx.db) },
    thumbnail: header,
    languages,
    registrations: false,
    approval_required: false,
    invites_enabled: false,
    configuration: configuration(),
    contact_account: account,
    rules: rules(ctx),
  }
}

/** The agreements of the charter: what holds here. */
export function rules({ db }: Context) {
  const charter = currentEdition(db)?.charter
  const agreements = charter ? publicCharter(charter).agreements : []
  return agreements
    .slice(0, 50)
    .map(({ title, text }, at) => ({ id: String(at + 1), text: title, hint: (text ?? '').slice(0, 500), translations: {} }))
}
