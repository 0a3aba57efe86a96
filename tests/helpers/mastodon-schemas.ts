import { z } from 'zod'

// As docs.joinmastodon.org describes each entity: every key is there, and of its kind.

const id = z.string().regex(/^\d+$/)
const url = z.url({ protocol: /^https?$/ })
/** Some apps read nothing without milliseconds. */
const time = z.string().regex(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$/)
const count = z.int().min(0)
const html = z
  .string()
  .refine(text => !/<(?:script|style|iframe|object|form|img)\b|<[^>]*(?:\son\w+=|javascript:)/i.test(text), 'unsafe HTML')

export const Emoji = z.object({ shortcode: z.string(), url, static_url: url, visible_in_picker: z.boolean() })
export const Field = z.object({ name: z.string().min(1), value: html, verified_at: time.nullable() })

export const Account = z.object({
  id,
  username: z.string().min(1),
  acct: z.string().regex(/^[^@\s]+(@[^@\s]+)?$/),
  url,
  uri: url,
  display_name: z.string(),
  note: html,
  avatar: url,
  avatar_static: url,
  header: url,
  header_static: url,
  locked: z.boolean(),
  fields: z.array(Field),
  emojis: z.array(Emoji),
  bot: z.boolean(),
  group: z.boolean(),
  discoverable: z.boolean().nullable(),
  indexable: z.boolean(),
  noindex: z.boolean().nullable(),
  moved: z.null(),
  created_at: time,
  last_status_at: z
    .string()
    .regex(/^\d{4}-\d\d-\d\d$/)
    .nullable(),
  statuses_count: count,
  followers_count: count,
  following_count: count,
  hide_collections: z.boolean(),
  roles: z.array(z.unknown()),
})

export const CredentialAccount = Account.extend({
  source: z.object({
    note: z.string(),
    fields: z.array(Field),
    privacy: z.enum(['public', 'unlisted', 'private', 'direct']),
    sensitive: z.boolean(),
    language: z.string().nullable(),
    follow_requests_count: count,
    discoverable: z.boolean(),
    indexable: z.boolean(),
    hide_collections: z.boolean(),
    attribution_domains: z.array(z.string()),
  }),
  role: z.object({ id: z.string(), name: z.string(), permissions: z.string(), color: z.string(), highlighted: z.boolean() }),
})

export const MediaAttachment = z.object({
  id,
  type: z.enum(['unknown', 'image', 'gifv', 'video', 'audio']),
  url,
  preview_url: url.nullable(),
  remote_url: url.nullable(),
  meta: z.object({
    original: z.object({ width: z.int().positive(), height: z.int().positive() }).loose().optional(),
    focus: z.object({ x: z.number(), y: z.number() }).optional(),
  }),
  description: z.string().nullable(),
  blurhash: z.string().nullable(),
})
export const Mention = z.object({ id, username: z.string(), acct: z.string(), url })
export const StatusTag = z.object({ name: z.string(), url })
export const Tag = StatusTag.extend({
  history: z.array(z.object({ day: z.string(), uses: z.string(), accounts: z.string() })),
  following: z.boolean(),
})
export const Poll = z.object({
  id: z.string(),
  expires_at: time.nullable(),
  expired: z.boolean(),
  multiple: z.boolean(),
  votes_count: count,
  voters_count: count.nullable(),
  options: z.array(z.object({ title: z.string(), votes_count: count.nullable() })).min(1),
  emojis: z.array(Emoji),
  voted: z.boolean().optional(),
  own_votes: z.array(z.int()).optional(),
})

const Plain = z.object({
  id,
  uri: z.string().min(1),
  created_at: time,
  edited_at: time.nullable(),
  account: Account,
  content: html,
  text: z.string().nullable(),
  visibility: z.enum(['public', 'unlisted', 'private', 'direct']),
  sensitive: z.boolean(),
  spoiler_text: z.string(),
  media_attachments: z.array(MediaAttachment),
  mentions: z.array(Mention),
  tags: z.array(StatusTag),
  emojis: z.array(Emoji),
  reblogs_count: count,
  favourites_count: count,
  replies_count: count,
  quotes_count: count,
  url: url.nullable(),
  in_reply_to_id: id.nullable(),
  in_reply_to_account_id: id.nullable(),
  poll: Poll.nullable(),
  card: z.null(),
  language: z.string().nullable(),
  favourited: z.boolean(),
  reblogged: z.boolean(),
  muted: z.boolean(),
  bookmarked: z.boolean(),
  pinned: z.boolean(),
  filtered: z.array(z.unknown()),
  application: z.unknown(),
})
export const Status = Plain.extend({ reblog: Plain.extend({ reblog: z.null() }).nullable() })
export const Context = z.object({ ancestors: z.array(Status), descendants: z.array(Status) })

export const Relationship = z.object({
  id,
  following: z.boolean(),
  showing_reblogs: z.boolean(),
  notifying: z.boolean(),
  languages: z.array(z.string()).nullable(),
  followed_by: z.boolean(),
  blocking: z.boolean(),
  blocked_by: z.boolean(),
  muting: z.boolean(),
  muting_notifications: z.boolean(),
  requested: z.boolean(),
  requested_by: z.boolean(),
  domain_blocking: z.boolean(),
  endorsed: z.boolean(),
  note: z.string(),
})

export const Notification = z.object({
  id: z.string(),
  type: z.string(),
  group_key: z.string(),
  created_at: time,
  account: Account,
  status: Status.optional(),
})
export const Marker = z.object({ last_read_id: z.string(), version: count, updated_at: time })
export const Search = z.object({ accounts: z.array(Account), statuses: z.array(Status), hashtags: z.array(Tag) })
export const Suggestion = z.object({ source: z.string(), sources: z.array(z.string()), account: Account })
const Rule = z.object({ id: z.string(), text: z.string(), hint: z.string() })

const Configuration = z.object({
  accounts: z.object({ max_featured_tags: count, max_pinned_statuses: count }).loose(),
  statuses: z.object({ max_characters: count, max_media_attachments: count, characters_reserved_per_url: count }),
  media_attachments: z
    .object({ supported_mime_types: z.array(z.string()), image_size_limit: count, image_matrix_limit: count, video_size_limit: count })
    .loose(),
  polls: z.object({ max_options: count, max_characters_per_option: count, min_expiration: count, max_expiration: count }),
})

export const InstanceV1 = z.object({
  uri: z.string(),
  title: z.string(),
  short_description: z.string(),
  description: html,
  email: z.string(),
  version: z.string().regex(/^4\.\d\.\d \(compatible; /),
  urls: z.object({ streaming_api: z.string() }),
  stats: z.object({ user_count: count, status_count: count, domain_count: count }),
  thumbnail: url.nullable(),
  languages: z.array(z.string()),
  registrations: z.boolean(),
  approval_required: z.boolean(),
  invites_enabled: z.boolean(),
  configuration: Configuration,
  contact_account: Account.nullable(),
  rules: z.array(Rule),
})

export const InstanceV2 = z.object({
  domain: z.string(),
  title: z.string(),
  version: z.string(),
  source_url: url,
  description: z.string(),
  usage: z.object({ users: z.object({ active_month: count }) }),
  thumbnail: z.object({ url, blurhash: z.string().nullable(), versions: z.object({}).loose() }),
  icon: z.array(z.unknown()),
  languages: z.array(z.string()),
  configuration: Configuration.extend({
    urls: z.object({ streaming: z.string().optional() }).loose(),
    vapid: z.object({ public_key: z.string() }),
    translation: z.object({ enabled: z.boolean() }),
  }),
  registrations: z.object({ enabled: z.boolean(), approval_required: z.boolean(), message: z.string().nullable() }).loose(),
  contact: z.object({ email: z.string(), account: Account.nullable() }),
  rules: z.array(Rule),
  api_versions: z.object({}).loose(),
})

export const Application = z.object({
  id: z.string(),
  name: z.string(),
  website: z.string().nullable(),
  scopes: z.array(z.string()),
  redirect_uris: z.array(z.string()),
})
