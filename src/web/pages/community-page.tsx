import { address, type DirectoryEntry, type EntrySource } from '../../domain/directory.ts'
import { LIMITS } from '../../domain/entry-limit.ts'
import type { Post } from '../../domain/post.ts'
import { safeUrl } from '../../lib/sanitise.ts'
import { communityPath } from '../community-path.ts'
import type { Page } from '../layout.tsx'
import { CharterText } from '../parts/charter-text.tsx'
import { Facts } from '../parts/facts.tsx'
import { FollowBox } from '../parts/follow-box.tsx'
import { PostItem } from '../parts/post-item.tsx'
import { TitleBlock } from '../parts/title-block.tsx'
import { Day, WebLink } from '../parts/words.tsx'

type Props = {
  /** The community as others may see it, its charter already coarsened. */
  entry: DirectoryEntry
  posts: readonly Post[]
  /** Where older posts are, if there are any. */
  older?: string | undefined
  /** Since when its server has shown keys that its old ones have not signed for. */
  keysChangedAt?: Date | undefined
  now: Date
}

export function communityPage({ entry, posts, older, keysChangedAt, now }: Props): Page {
  const { charter } = entry
  const own = entry.source === 'self'
  return {
    title: charter.name,
    description: charter.summary,
    canonical: own ? communityPath(entry) : homePage(entry),
    kind: 'profile',
    activity: safeUrl(entry.actor)?.href,
    section: own ? 'home' : 'search',
    scripts: ['copy.js'],
    body: (
      <article class="community">
        <TitleBlock charter={charter} />
        <Jump />
        <Cautions entry={entry} now={now} />
        <div class="sheet">
          <section class="at-a-glance" aria-labelledby="glance">
            <h2 id="glance">At a glance</h2>
            <Facts charter={charter} />
          </section>
          <FollowBox entry={entry} />
        </div>
        <section aria-labelledby="charter">
          <div class="section-head">
            <h2 id="charter">The charter</h2>
            <p>
              Edition {entry.edition}, published on <Day date={entry.publishedAt} />
              {own && (
                <>
                  {' '}
                  · <a href={`${communityPath(entry)}/charter`}>All editions</a>
                </>
              )}
            </p>
          </div>
          <CharterText charter={charter} />
        </section>
        <Posts posts={posts} older={older} entry={entry} now={now} />
        <Provenance entry={entry} keysChangedAt={keysChangedAt} now={now} />
      </article>
    ),
  }
}

function Jump() {
  return (
    <nav class="jump" aria-label="On this page">
      <ul>
        <li>
          <a href="#follow">Follow it</a>
        </li>
        <li>
          <a href="#charter">The charter</a>
        </li>
        <li>
          <a href="#posts">Latest posts</a>
        </li>
        <li>
          <a href="#provenance">Where this comes from</a>
        </li>
      </ul>
    </nav>
  )
}

// A page that only repeats another node's own points to it, if that address is truly that node's.
function homePage(entry: DirectoryEntry): string {
  const url = safeUrl(entry.url)
  return url && url.host === safeUrl(entry.actor)?.host ? url.href : communityPath(entry)
}

function Cautions({ entry: { charter }, now }: { entry: DirectoryEntry; now: Date }) {
  const expired = charter.expires !== undefined && new Date(charter.expires) < now
  if (charter.status !== 'disbanded' && charter.status !== 'dormant' && !expired) return null
  return (
    <div class="notice">
      {charter.status === 'disbanded' && (
        <p>
          <strong>This community is history.</strong> It ended{charter.disbanded !== undefined && ` in ${charter.disbanded}`}; what follows
          tells what it was.
        </p>
      )}
      {charter.status === 'dormant' && (
        <p>
          <strong>This community is dormant.</strong> It says of itself that nothing goes on there at present.
        </p>
      )}
      {expired && (
        <p>
          <strong>This charter has expired.</strong> The community asked that it should not be relied on after{' '}
          <Day date={new Date(charter.expires ?? now)} />.
        </p>
      )}
    </div>
  )
}

function Posts({ posts, older, entry, now }: Pick<Props, 'posts' | 'older' | 'entry' | 'now'>) {
  const words =
    entry.source === 'lookup' || entry.source === 'follower'
      ? 'This node does not follow it, so its posts are not here. They are on its own page.'
      : 'Nothing has been posted yet.'
  return (
    <section class="posts" aria-labelledby="posts">
      <h2 id="posts">Latest posts</h2>
      {posts.length === 0 && <p class="soft">{words}</p>}
      {posts.map(post => (
        <PostItem key={post.id} post={post} now={now} />
      ))}
      {older && (
        <p class="pages">
          <a href={older} rel="next nofollow">
            Older posts
          </a>
        </p>
      )}
    </section>
  )
}

const SOURCES: Record<EntrySource, string> = {
  self: 'This node is its home: it writes this page itself.',
  follow: 'The community of this node follows it.',
  follower: 'It follows the community of this node.',
  lookup: 'Somebody at this node looked it up.',
  network: 'Other nodes told this one of it.',
}

/** What the state of an entry means, and why it has it. */
function stateWords({ state, source, expiresAt }: DirectoryEntry): string {
  if (source === 'self') return 'Sure: it is signed here.'
  if (!expiresAt) return 'Its own server was asked. It has signed no entry, so this node tells no other of it.'
  if (state === 'heard') return 'Not sure yet: its entry is signed, but its own server has not been asked.'
  const asked = 'Its entry is signed, and its own server was asked, by this node or by three others that are vouched for here'
  return state === 'vouched' ? `${asked}. Communities near to the one of this node vouch for it.` : `${asked}.`
}

function Provenance({ entry, keysChangedAt, now }: Pick<Props, 'entry' | 'keysChangedAt' | 'now'>) {
  const { charter, expiresAt } = entry
  const signedAt = expiresAt && new Date(expiresAt.getTime() - LIMITS.lease)
  const isLate = signedAt && entry.source !== 'self' && now.getTime() - signedAt.getTime() > LIMITS.notRenewed
  return (
    <section class="provenance" aria-labelledby="provenance">
      <h2 id="provenance">Where this comes from</h2>
      <dl class="fields">
        <div>
          <dt>Why it is here</dt>
          <dd>{SOURCES[entry.source]}</dd>
        </div>
        <div>
          <dt>How sure this node is</dt>
          <dd>{stateWords(entry)}</dd>
          {isLate && (
            <dd>
              Its own node has not renewed it since <Day date={signedAt} />.
            </dd>
          )}
          {keysChangedAt && (
            <dd>
              Since <Day date={keysChangedAt} /> its server shows new keys that the old ones have not signed for. They count after seven
              days; until then this is what the old ones signed.
            </dd>
          )}
        </div>
        <div>
          <dt>Its own page</dt>
          <dd>{entry.source === 'self' ? <a href={communityPath(entry)}>{entry.url}</a> : <WebLink href={entry.url} />}</dd>
        </div>
        <div>
          <dt>Address</dt>
          <dd>
            <bdi class="handle">{address(entry)}</bdi>
          </dd>
        </div>
        {entry.source !== 'self' && (
          <div>
            <dt>Last read there</dt>
            <dd>
              <Day date={entry.verifiedAt} />
            </dd>
          </div>
        )}
        {charter.lastVerified && (
          <div>
            <dt>Confirmed by the community</dt>
            <dd>
              <Day date={new Date(charter.lastVerified)} />
            </dd>
          </div>
        )}
      </dl>
      <p class="soft">Everything here is what the community says of itself. Nobody else has checked it.</p>
    </section>
  )
}
