import type { DirectoryEntry } from '../../domain/directory.ts'
import { readOwnHandle } from '../../domain/follow-template.ts'
import { shortened } from '../../lib/text.ts'
import type { FollowHindrance } from '../follow.ts'
import type { Page } from '../layout.tsx'
import { FollowForm } from '../parts/follow-form.tsx'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

type Props = {
  site: Site
  entry: DirectoryEntry
  /** The page of the community here. */
  path: string
  typed?: string
  fault?: FollowHindrance
  /** Where the server of who asks takes them. */
  url?: string
}

/** Where the own server of a visitor takes them to follow a community: shown before they go. */
export function followPage({ site, entry, path, typed, fault, url }: Props): Page {
  const { t, rich } = site.words
  const name = shortened(entry.charter.name, 60)
  return {
    title: t('community.followTitle', { name }),
    description: t('community.followDescription'),
    canonical: '/follow',
    unlisted: true,
    body: (
      <div class="message">
        <h1>{rich('community.followTitle', { name: <Name>{entry.charter.name}</Name> })}</h1>
        {url ? <Destination site={site} url={url} typed={typed} /> : <FollowForm entry={entry} typed={typed} fault={fault} />}
        <p class="pages">
          <a href={path}>{t('community.followBack', { name })}</a>
        </p>
      </div>
    ),
  }
}

function Destination({ site: { words }, url, typed }: { site: Site; url: string; typed: string | undefined }) {
  const { t } = words
  const { host } = new URL(url)
  const expected = readOwnHandle(typed ?? '')?.host
  return (
    <>
      <p>{t('community.followLeads')}</p>
      <p>
        <code class="address" dir="ltr">
          {url}
        </code>
      </p>
      {host !== expected && <p class="notice">{t('community.followOther')}</p>}
      <p>
        <a class="act" href={url} rel="nofollow noopener noreferrer">
          {t('community.followContinue', { host })}
        </a>
      </p>
    </>
  )
}
