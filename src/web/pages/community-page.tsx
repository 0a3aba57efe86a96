import type { DirectoryEntry } from '../../domain/directory.ts'
import type { Attachment } from '../../domain/media.ts'
import type { Post } from '../../domain/post.ts'
import { safeUrl } from '../../lib/sanitise.ts'
import { communityPath } from '../community-path.ts'
import type { Page } from '../layout.tsx'
import { AtAGlance } from '../parts/at-a-glance.tsx'
import { Cautions } from '../parts/cautions.tsx'
import { CharterText } from '../parts/charter-text.tsx'
import { CompareOne } from '../parts/compare-pick.tsx'
import { FollowBox } from '../parts/follow-box.tsx'
import { JsonLd } from '../parts/json-ld.tsx'
import { PostItem } from '../parts/post-item.tsx'
import { Provenance } from '../parts/provenance.tsx'
import { type Reach, ReachBox } from '../parts/reach-box.tsx'
import { RelatedCommunities } from '../parts/related-communities.tsx'
import { TakeAlong } from '../parts/take-along.tsx'
import { TitleBlock } from '../parts/title-block.tsx'
import { useWords } from '../parts/use-words.ts'
import { Day } from '../parts/words.tsx'
import type { Profile } from '../profile/profile.ts'

type Props = {
  /** The community as others may see it, its charter already coarsened. */
  entry: DirectoryEntry
  posts: readonly Post[]
  /** What each of them carries. */
  attachments: ReadonlyMap<number, readonly Attachment[]>
  /** Where older posts are, if there are any. */
  older?: string | undefined
  profile: Profile
  /** How to reach it, if it is the community of this node. */
  reach?: Reach | undefined
  now: Date
}

export function communityPage({ entry, posts, attachments, older, profile, reach, now }: Props): Page {
  const { charter } = entry
  const own = entry.source === 'self'
  return {
    title: charter.name,
    description: charter.summary,
    canonical: own ? communityPath(entry) : homePage(entry),
    kind: 'profile',
    activity: safeUrl(entry.actor)?.href,
    section: own ? 'home' : 'search',
    scripts: ['copy.js', 'compare.js'],
    links: profile.links,
    image: profile.card,
    body: (
      <article class="community">
        <TitleBlock charter={charter} faces={profile.faces} />
        <Jump related={profile.related.length > 0} />
        <CompareOne entry={entry} />
        <Cautions entry={entry} standing={profile.standing} now={now} />
        <div class="sheet">
          <AtAGlance charter={charter} />
          <div class="beside">
            {reach && <ReachBox reach={reach} />}
            <FollowBox entry={entry} />
          </div>
        </div>
        <section aria-labelledby="charter">
          <CharterHead entry={entry} />
          <CharterText charter={charter} />
        </section>
        <Posts posts={posts} attachments={attachments} older={older} entry={entry} now={now} />
        <TakeAlong entry={entry} />
        <RelatedCommunities related={profile.related} />
        <Provenance entry={entry} standing={profile.standing} now={now} />
        <JsonLd data={profile.data} />
      </article>
    ),
  }
}

function CharterHead({ entry }: Pick<Props, 'entry'>) {
  const { t, rich } = useWords()
  return (
    <div class="section-head">
      <h2 id="charter">{t('community.charter')}</h2>
      <p>
        {rich('community.edition', { edition: entry.edition, day: <Day date={entry.publishedAt} /> })}
        {entry.source === 'self' && (
          <>
            {' '}
            · <a href={`${communityPath(entry)}/charter`}>{t('community.allEditions')}</a>
          </>
        )}
      </p>
    </div>
  )
}

function Jump({ related }: { related: boolean }) {
  const { t } = useWords()
  return (
    <nav class="jump" aria-label={t('community.onThisPage')}>
      <ul>
        <li>
          <a href="#follow">{t('community.follow')}</a>
        </li>
        <li>
          <a href="#charter">{t('community.charter')}</a>
        </li>
        <li>
          <a href="#posts">{t('community.posts')}</a>
        </li>
        {related && (
          <li>
            <a href="#related">{t('profile.related')}</a>
          </li>
        )}
        <li>
          <a href="#provenance">{t('community.provenance')}</a>
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

function Posts({ posts, attachments, older, entry, now }: Pick<Props, 'posts' | 'attachments' | 'older' | 'entry' | 'now'>) {
  const { t } = useWords()
  const isElsewhere = entry.source === 'lookup' || entry.source === 'follower'
  return (
    <section class="posts" aria-labelledby="posts">
      <h2 id="posts">{t('community.posts')}</h2>
      {posts.length === 0 && <p class="soft">{t(isElsewhere ? 'community.postsElsewhere' : 'community.noPosts')}</p>}
      {posts.map(post => (
        <PostItem key={post.id} post={post} now={now} attachments={attachments.get(post.id)} />
      ))}
      {older && (
        <p class="pages">
          <a href={older} rel="next nofollow">
            {t('community.olderPosts')}
          </a>
        </p>
      )}
    </section>
  )
}
