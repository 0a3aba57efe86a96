import { createReadStream, existsSync } from 'node:fs'
import { basename, join } from 'node:path'
import { allActorBlocks, allBlocks } from '../db/block.ts'
import { allEditions, publicEdition } from '../db/charter.ts'
import { theCommunity } from '../db/community.ts'
import { facesOf, type KeptPost, keptPosts, openActivities, privateWords, tiedTo } from '../db/takeout.ts'
import { writeBlocklist } from '../domain/blocklist.ts'
import { writeFollowingList } from '../domain/following-list.ts'
import { communityIri } from '../domain/iri.ts'
import { isOpen } from '../domain/post.ts'
import { csvOf } from '../lib/csv.ts'
import type { ZipFile } from '../lib/zip.ts'
import { communityActor } from './activities/community.ts'
import { CONTEXT } from './context.ts'
import type { Federation } from './federation.ts'

/**
 * Everything of a community as files, one after another. No keys, sessions, passwords or tokens are among them.
 * @param withPrivate also what was meant for few: inquiries, pledges, reports, posts to some, and the exact place
 * @throws Refusal when there is no community yet
 */
export function* takeout(federation: Federation, withPrivate: boolean): Generator<ZipFile> {
  const { db, config, now } = federation.ctx
  const { handle } = theCommunity(db)
  const me = communityIri(config.publicUrl, handle)
  const json = (path: string, value: unknown): ZipFile => ({ path, parts: [JSON.stringify(value, undefined, 2), '\n'] })

  yield { path: 'README.txt', parts: [readme(`@${handle}@${config.host}`, now(), withPrivate)] }
  yield json('activitypub/actor.json', communityActor(federation) ?? {})
  yield { path: 'activitypub/outbox.json', parts: outbox(openActivities(db, me), me) }
  const ties = { followers: tiedTo(db, 'followers'), following: tiedTo(db, 'following') }
  for (const name of ['followers', 'following'] as const)
    yield json(`activitypub/${name}.json`, {
      '@context': CONTEXT,
      id: `${me}/${name}`,
      type: 'OrderedCollection',
      totalItems: ties[name].length,
      orderedItems: ties[name].map(({ actor }) => actor),
    })
  // As Mastodon writes and reads them.
  const table = (path: string, rows: Parameters<typeof csvOf>[0]): ZipFile => ({ path, parts: [csvOf(rows)] })
  yield { path: 'mastodon/following_accounts.csv', parts: [writeFollowingList(ties.following.map(({ address }) => address))] }
  yield table('mastodon/followers.csv', [['Account address'], ...ties.followers.map(({ address }) => [address])])
  yield table(
    'mastodon/blocked_accounts.csv',
    allActorBlocks(db).map(({ actor, handle, host }) => [handle ? `${handle}@${host}` : actor]),
  )
  yield { path: 'mastodon/domain_blocks.csv', parts: [writeBlocklist(allBlocks(db))] }
  for (const { edition, charter } of allEditions(db)) {
    yield json(`charters/edition-${edition}.json`, publicEdition(db, edition)!.charter)
    if (withPrivate) yield json(`private/charters/edition-${edition}.json`, charter)
  }
  for (const file of facesOf(db)) yield* picture(config.dataDir, file)
  for (const post of keptPosts(db, 'own')) {
    if (!withPrivate && !isOpen(post)) continue
    yield json(`${isOpen(post) ? '' : 'private/'}posts/${post.id}.json`, shown(post))
    for (const { file } of post.carries) if (file) yield* picture(config.dataDir, file)
  }
  if (!withPrivate) return
  for (const post of keptPosts(db, 'others')) yield json(`private/received/${post.id}.json`, shown(post))
  for (const [name, rows] of Object.entries(privateWords(db))) yield json(`private/${name}.json`, rows)
}

function* outbox(bodies: Iterable<string>, me: string): Generator<string> {
  yield `{"@context":${JSON.stringify(CONTEXT)},"id":"${me}/outbox","type":"OrderedCollection","orderedItems":[`
  let between = '\n'
  for (const body of bodies) {
    yield between + body
    between = ',\n'
  }
  yield '\n]}\n'
}

function* picture(dataDir: string, name: string): Generator<ZipFile> {
  const file = basename(name)
  const path = join(dataDir, 'media', file)
  // Pictures are packed already.
  if (existsSync(path)) yield { path: `media/${file}`, parts: createReadStream(path), packed: true }
}

function shown({ id: _, local: __, carries, ...post }: KeptPost): object {
  return {
    ...post,
    attachments: carries.map(({ file, url, type, alt, focus }) => ({ ...(file ? { file: `media/${file}` } : { url }), type, alt, focus })),
  }
}

function readme(address: string, at: Date, withPrivate: boolean): string {
  return [
    `${address}, as it was on ${at.toISOString().slice(0, 10)}`,
    '',
    'activitypub/  the actor, its outbox, followers and following, as ActivityPub shows them',
    'mastodon/     lists of addresses and servers that Mastodon can read in',
    'charters/     every edition of the charter; each is a file that `archipelago charter publish` and `archipelago setup --charter` take',
    'posts/        the posts as they were written (`source` is markdown), media/ what they carry',
    ...(withPrivate
      ? [
          'private/      what was meant for few: inquiries and pledges with names and addresses of those who made them, reports, blocks',
          '              with notes, posts to followers and to single people, what others wrote here, the log of what was done, and charters',
          '              with the exact place. Keep it as you would keep letters.',
        ]
      : [
          '',
          'What was meant for few is not in it: inquiries, pledges, reports, posts to followers or to single people, and the exact place.',
        ]),
    '',
    'No keys, passwords, sessions or tokens are in it. To move a whole node, keys included, make a backup: docs/backup.md.',
    '',
  ].join('\n')
}
