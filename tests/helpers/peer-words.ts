import { gotosocial, mastodon, misskey, misskeyContext, snac, wordpress } from './manners.ts'
import type { Json, Manners, Peer } from './peer.ts'

const AS = 'https://www.w3.org/ns/activitystreams'
const PUBLIC = `${AS}#Public`
const now = () => new Date().toISOString()

/** What its software sends on each occasion, ids included. `n` makes them new. */
export type Words = {
  follow(peer: Peer, us: string, n: number): Json
  undo(peer: Peer, follow: Json, n: number): Json
  accept(peer: Peer, follow: Json, n: number): Json
  note(peer: Peer, n: number): Json
  create(peer: Peer, note: Json): Json
  update(peer: Peer, note: Json): Json
  remove(peer: Peer, note: Json): Json
}
export const plain = (id: string, type: string, { me }: Peer, object: unknown, more: Json = {}): Json => ({
  '@context': AS,
  ...{ id, type, actor: me, object, ...more },
})
const everyone = ({ me }: Peer) => ({ to: [PUBLIC], cc: [`${me}/followers`] })
export const withoutContext = ({ '@context': _, ...rest }: Json) => rest

/** Each software, by its name: how it behaves, and what it says. */
export const software: Record<string, { manners: Manners; words: Words }> = {
  GoToSocial: {
    manners: gotosocial,
    words: {
      follow: (peer, us, n) => plain(`${peer.me}/follow/01F8MH${n}`, 'Follow', peer, us, { to: us }),
      undo: (peer, follow, n) => plain(`${peer.origin}/01UNDO${n}`, 'Undo', peer, withoutContext(follow), { to: follow.object }),
      accept: (peer, follow, n) => plain(`${peer.origin}/01ACC${n}`, 'Accept', peer, withoutContext(follow), { to: follow.actor }),
      note: (peer, n) => ({
        ...{
          id: `${peer.me}/statuses/01S${n}`,
          type: 'Note',
          attributedTo: peer.me,
          content: '<p>hello</p>',
          contentMap: { en: '<p>hello</p>' },
        },
        ...{ to: PUBLIC, cc: `${peer.me}/followers`, published: now(), sensitive: false, attachment: [], tag: [], summary: '' },
        interactionPolicy: { canLike: { always: [PUBLIC], approvalRequired: [], automaticApproval: [PUBLIC], manualApproval: [] } },
        url: `${peer.origin}/@zork/statuses/01S${n}`,
      }),
      create: (peer, note) => ({
        ...plain(`${note.id}/activity#Create`, 'Create', peer, note, { to: PUBLIC, cc: `${peer.me}/followers`, published: now() }),
        '@context': ['https://gotosocial.org/ns', AS, { sensitive: 'as:sensitive' }],
      }),
      update: (peer, note) => ({
        ...plain(`${note.id}/activity#Update/01U`, 'Update', peer, note, { to: PUBLIC }),
        '@context': ['https://gotosocial.org/ns', AS, { sensitive: 'as:sensitive' }],
      }),
      remove: (peer, note) =>
        plain(`${peer.origin}/01DEL${String(note.id).slice(-1)}`, 'Delete', peer, note.id, { to: PUBLIC, cc: `${peer.me}/followers` }),
    },
  },
  snac2: {
    manners: snac,
    words: {
      follow: (peer, us, n) => plain(`${peer.me}/d/1700000000.${n}/Follow`, 'Follow', peer, us),
      undo: (peer, follow, n) =>
        plain(`${follow.id}/Undo_1700000001.${n}`, 'Undo', peer, withoutContext(follow), { published: now(), to: follow.object }),
      accept: (peer, follow, n) => plain(`${peer.me}/d/1700000002.${n}/Accept`, 'Accept', peer, follow, { to: follow.actor }),
      note: (peer, n) => ({
        ...{
          '@context': AS,
          id: `${peer.me}/p/1700000003.${n}`,
          type: 'Note',
          attributedTo: peer.me,
          content: '<p>hello</p>',
          summary: '',
        },
        ...{ context: `${peer.me}/p/1700000003.${n}#ctxt`, to: [PUBLIC], cc: [], published: now(), sourceContent: 'hello', tag: [] },
        url: `${peer.me}/p/1700000003.${n}`,
      }),
      create: (peer, note) =>
        plain(`${note.id}/Create_1`, 'Create', peer, note, { attributedTo: peer.me, published: now(), to: [PUBLIC], cc: [] }),
      update: (peer, note) => plain(`${note.id}/Update_1`, 'Update', peer, note, { published: now(), to: [PUBLIC], cc: [] }),
      remove: (peer, note) =>
        plain(`${note.id}/Delete_1`, 'Delete', peer, { type: 'Tombstone', id: note.id }, { published: now(), to: PUBLIC }),
    },
  },
  WordPress: {
    manners: wordpress,
    words: {
      follow: (peer, us, n) => plain(`${peer.me}#follow-${n}`, 'Follow', peer, us, { to: [us] }),
      undo: (peer, follow, n) => plain(`${peer.me}#undo-${n}`, 'Undo', peer, withoutContext(follow), { to: [follow.object] }),
      // Only what it needs of the Follow comes back.
      accept: (peer, { id, type, actor, object }, n) =>
        plain(
          `${peer.me}#follow-${String(actor).replace(/^https?:\/\//, '')}-${n}`,
          'Accept',
          peer,
          { id, type, actor, object },
          { to: [actor] },
        ),
      note: (peer, n) => ({
        ...{
          id: `${peer.origin}/?p=${n}`,
          type: 'Note',
          attributedTo: peer.me,
          content: '<p>hello</p>',
          contentMap: { en: '<p>hello</p>' },
        },
        ...{ to: [PUBLIC], cc: [`${peer.origin}/wp-json/activitypub/1.0/actors/1/followers`], published: now(), tag: [], attachment: [] },
        url: `${peer.origin}/2026/11/hello-${n}/`,
      }),
      create: (peer, note) =>
        plain(`${note.id}#activity-create-${now()}`, 'Create', peer, note, { to: note.to, cc: note.cc, published: now() }),
      update: (peer, note) =>
        plain(`${note.id}#activity-update-${now()}`, 'Update', peer, note, { to: note.to, cc: note.cc, updated: now() }),
      // The whole post, once more, is what it deletes.
      remove: (peer, note) => plain(`${note.id}#activity-delete-${now()}`, 'Delete', peer, note, { to: note.to, cc: note.cc }),
    },
  },
  Mastodon: {
    manners: mastodon,
    words: {
      follow: (peer, us, n) => plain(`${peer.origin}/7a3f0000-0000-4000-8000-00000000000${n}`, 'Follow', peer, us),
      undo: (peer, follow, n) => plain(`${peer.me}#follows/${n}/undo`, 'Undo', peer, withoutContext(follow)),
      accept: (peer, follow, n) => plain(`${peer.me}#accepts/follows/${n}`, 'Accept', peer, withoutContext(follow)),
      note: (peer, n) => ({
        ...{ id: `${peer.me}/statuses/11${n}`, type: 'Note', summary: null, inReplyTo: null, published: now(), attributedTo: peer.me },
        ...{ url: `${peer.origin}/@ana/11${n}`, ...everyone(peer), sensitive: false, atomUri: `${peer.me}/statuses/11${n}` },
        ...{ inReplyToAtomUri: null, conversation: `tag:${peer.origin},2026:objectId=1:objectType=Conversation`, content: '<p>hello</p>' },
        ...{ contentMap: { en: '<p>hello</p>' }, attachment: [], tag: [] },
        replies: {
          ...{ id: `${peer.me}/statuses/11${n}/replies`, type: 'Collection' },
          first: {
            type: 'CollectionPage',
            next: `${peer.me}/statuses/11${n}/replies?page=true`,
            partOf: `${peer.me}/statuses/11${n}/replies`,
            items: [],
          },
        },
      }),
      create: (peer, note) => ({
        ...plain(`${note.id}/activity`, 'Create', peer, note, { ...everyone(peer), published: now() }),
        '@context': mastodonContext,
      }),
      update: (peer, note) => ({ ...plain(`${note.id}#updates/1`, 'Update', peer, note, everyone(peer)), '@context': mastodonContext }),
      remove: (peer, note) => ({
        ...plain(`${note.id}#delete`, 'Delete', peer, { id: note.id, type: 'Tombstone', atomUri: note.id }, { to: [PUBLIC] }),
        '@context': [AS, { ostatus: 'http://ostatus.org#', atomUri: 'ostatus:atomUri' }],
      }),
    },
  },
  Misskey: {
    manners: misskey,
    words: {
      follow: (peer, us, n) => ({ ...plain(`${peer.origin}/follows/req${n}`, 'Follow', peer, us), '@context': misskeyContext }),
      // The same id for every Follow of these two, and another one than it sent the Follow with.
      undo: (peer, { actor, object }) => ({
        ...plain(`${peer.origin}/follows/9abcdef/oak/undo`, 'Undo', peer, {
          id: `${peer.origin}/follows/9abcdef/oak`,
          type: 'Follow',
          actor,
          object,
        }),
        ...{ '@context': misskeyContext, published: now() },
      }),
      accept: (peer, { id, type, actor, object }, n) => ({
        ...plain(`${peer.origin}/b1d00000-0000-4000-8000-00000000000${n}`, 'Accept', peer, { id, type, actor, object }),
        '@context': misskeyContext,
      }),
      note: (peer, n) => ({
        ...{
          id: `${peer.origin}/notes/9note${n}`,
          type: 'Note',
          attributedTo: peer.me,
          summary: null,
          content: '<p>hello</p>',
          _misskey_content: 'hello',
        },
        ...{ source: { content: 'hello', mediaType: 'text/x.misskeymarkdown' }, published: now(), ...everyone(peer), inReplyTo: null },
        ...{ attachment: [], sensitive: false, tag: [] },
      }),
      create: (peer, note) => ({
        ...plain(`${note.id}/activity`, 'Create', peer, note, { ...everyone(peer), published: now() }),
        '@context': misskeyContext,
      }),
      update: (peer, note) => ({
        ...plain(`${peer.me}#updates/${Date.now()}`, 'Update', peer, note, { to: [PUBLIC], published: now() }),
        '@context': misskeyContext,
      }),
      remove: (peer, note) => ({
        ...plain(
          `${peer.origin}/c2e00000-0000-4000-8000-00000000000${String(note.id).slice(-1)}`,
          'Delete',
          peer,
          { id: note.id, type: 'Tombstone' },
          { published: now() },
        ),
        '@context': misskeyContext,
      }),
    },
  },
}
const mastodonContext = [
  AS,
  {
    ...{ ostatus: 'http://ostatus.org#', atomUri: 'ostatus:atomUri', inReplyToAtomUri: 'ostatus:inReplyToAtomUri' },
    ...{
      conversation: 'ostatus:conversation',
      sensitive: 'as:sensitive',
      toot: 'http://joinmastodon.org/ns#',
      votersCount: 'toot:votersCount',
    },
  },
]
