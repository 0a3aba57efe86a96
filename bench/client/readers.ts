import { randomBytes } from 'node:crypto'
import { addAccounts } from '../../src/db/account.ts'
import { saveActor } from '../../src/db/actor.ts'
import { saveFollowing } from '../../src/db/following.ts'
import { addApp, addToken } from '../../src/db/oauth.ts'
import { type Connection, type Tx, transact } from '../../src/db/open.ts'
import { addPost } from '../../src/db/post.ts'
import { takeInWords } from '../../src/db/post-words.ts'
import { addReaction } from '../../src/db/reaction.ts'
import { addSteward } from '../../src/db/steward.ts'
import { addTags } from '../../src/db/tag.ts'
import { placeItem } from '../../src/db/timeline.ts'
import type { Actor } from '../../src/domain/actor.ts'
import { PLAIN } from '../../src/domain/post.ts'
import { tokenHash } from '../../src/lib/private-token.ts'
import { randomNumbers } from '../directory/random.ts'

const WORDS = 'hay field bread song meeting roof harvest winter visitors school goats garden kitchen council river bees orchard fire'.split(
  ' ',
)
const MINUTE = 60_000
/** So many rows are written at once. */
const BATCH = 5_000

export const tagOf = (n: number) => `tag${n % 200}`
const actorIri = (n: number) => `https://c${n}.example/c/c${n}`

/** Communities that are followed, and what they have said: most of it posts, some of it boosts of one another. */
export function fillTimeline(db: Connection, { posts, followed }: { posts: number; followed: number }): void {
  const random = randomNumbers(11)
  const pick = <T>(all: readonly T[]) => all[Math.floor(random() * all.length)]!
  const start = Date.now() - posts * MINUTE
  transact(db, tx => {
    for (let n = 0; n < followed; n++) follow(tx, n, new Date(start))
  })
  for (let from = 0; from < posts; from += BATCH)
    transact(db, tx => {
      for (let n = from; n < Math.min(posts, from + BATCH); n++) {
        const at = new Date(start + n * MINUTE)
        const author = actorIri(Math.floor(random() * followed))
        const words = Array.from({ length: 30 }, () => pick(WORDS)).join(' ')
        const iri = `${author}/posts/${n}`
        const words_ = { ...PLAIN, iri, url: iri, author, local: false, type: 'Note' as const, source: null, publishedAt: at }
        const id = addPost(tx, { ...words_, content: `<p>${words} <a href="https://example.org/">#${tagOf(n)}</a></p>`, language: 'en' })!
        addTags(tx, id, [{ name: tagOf(n), shown: tagOf(n) }])
        placeItem(tx, { post: id, actor: author, boost: false, home: true, at })
        if (n % 10 !== 0) continue
        const booster = actorIri(Math.floor(random() * followed))
        addReaction(tx, { post: id, actor: booster, kind: 'boost', iri: `${booster}/boosts/${n}`, at })
        placeItem(tx, { post: id, actor: booster, boost: true, home: n % 20 === 0, at })
      }
    })
  // A node takes their words in as they come. Left to it, it would still be at it minutes later, beside what is measured.
  while (transact(db, tx => takeInWords(tx, BATCH)) > 0);
}

function follow(tx: Tx, n: number, at: Date): void {
  const id = actorIri(n)
  const actor: Actor = {
    id,
    type: 'Organization',
    handle: `c${n}`,
    host: `c${n}.example`,
    name: `Community ${n}`,
    summary: '<p>People who live together.</p>',
    url: id,
    inbox: `${id}/inbox`,
    sharedInbox: null,
    outbox: null,
    followers: `${id}/followers`,
    featured: null,
    icon: null,
    charter: null,
    fetchedAt: at,
    goneAt: null,
  }
  saveActor(tx, actor, [])
  saveFollowing(tx, { actor: id, followId: `${id}#follow`, state: 'accepted', since: at })
  addAccounts(tx, [id], at)
}

/** Tokens of an app that a steward has let in: several, because each may ask only so often. */
export function makeTokens(db: Connection, count: number): string[] {
  return transact(db, tx => {
    const at = new Date()
    const steward = addSteward(tx, { name: 'bench', passwordHash: 'none', role: 'owner', createdAt: at })
    const app = addApp(tx, {
      clientId: 'bench',
      secretHash: 'none',
      name: 'Bench',
      website: null,
      redirectUris: [],
      scopes: 'read write',
      createdAt: at,
    })
    return Array.from({ length: count }, () => {
      const token = randomBytes(32).toString('base64url')
      addToken(tx, { hash: tokenHash(token), app: app.id, steward, scopes: 'read write follow push', createdAt: at, usedAt: at })
      return token
    })
  })
}
