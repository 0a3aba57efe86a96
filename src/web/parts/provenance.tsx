import type { ComponentChildren } from 'preact'
import { address, type DirectoryEntry } from '../../domain/directory.ts'
import { safeUrl } from '../../lib/sanitise.ts'
import { communityPath } from '../community-path.ts'
import type { Standing } from '../profile/standing.ts'
import { useWords } from './use-words.ts'
import { Day, WebLink } from './words.tsx'

type Props = { entry: DirectoryEntry; standing: Standing; now: Date }

/** Where an entry came from, how sure this node is of it, and when it was last verified. */
export function Provenance({ entry, standing, now }: Props) {
  const { t, rich } = useWords()
  const { charter } = entry
  const own = entry.source === 'self'
  const { seenAt, signedAt, expiresAt, lateSince, keysChangedAt } = standing
  const charterEnds = charter.expires === undefined ? undefined : new Date(charter.expires)
  return (
    <section class="provenance" aria-labelledby="provenance">
      <h2 id="provenance">{t('profile.provenance')}</h2>
      <dl class="fields">
        <Row title={t('profile.why')}>
          <dd>{t(`profile.source.${entry.source}`)}</dd>
        </Row>
        <Row title={t('profile.sure')}>
          <dd>{t(`profile.state.${stateOf(entry)}`)}</dd>
          {lateSince && <dd>{rich('profile.late', { day: <Day date={lateSince} /> })}</dd>}
          {keysChangedAt && <dd>{rich('profile.keysChanged', { day: <Day date={keysChangedAt} /> })}</dd>}
        </Row>
        <Row title={t('profile.ownPage')}>
          <dd>{own ? <a href={communityPath(entry)}>{entry.url}</a> : <WebLink href={entry.url} />}</dd>
        </Row>
        <Row title={t('profile.address')}>
          <dd>
            <bdi class="handle">{address(entry)}</bdi>
          </dd>
        </Row>
        {!own && (
          <Row title={t('profile.lastRead')}>
            <dd>{seenAt ? <Day date={seenAt} /> : t('profile.neverRead')}</dd>
          </Row>
        )}
        {!own && standing.heardAt && (
          <Row title={t('profile.heard')}>
            <dd>
              {rich(standing.peer ? 'profile.heardFrom' : 'profile.heardThere', {
                day: <Day date={standing.heardAt} />,
                node: <bdi class="host">{hostOf(standing.peer)}</bdi>,
              })}
            </dd>
          </Row>
        )}
        {signedAt && (
          <Row title={t('profile.signed')}>
            <dd>
              {rich('profile.signedUntil', {
                day: <Day date={signedAt} />,
                end: expiresAt ? <Day date={expiresAt} /> : '',
              })}
            </dd>
          </Row>
        )}
        {charter.lastVerified && (
          <Row title={t('profile.confirmed')}>
            <dd>
              <Day date={new Date(charter.lastVerified)} />
            </dd>
          </Row>
        )}
        {charterEnds && (
          <Row title={t(charterEnds < now ? 'profile.charterEnded' : 'profile.charterEnds')}>
            <dd>
              <Day date={charterEnds} />
            </dd>
          </Row>
        )}
      </dl>
      <p class="soft">{t('profile.ownWords')}</p>
    </section>
  )
}

function Row({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      {children}
    </div>
  )
}

function stateOf({ state, source, expiresAt }: DirectoryEntry): string {
  if (source === 'self') return 'own'
  if (!expiresAt) return 'unsigned'
  return state === 'heard' || state === 'vouched' ? state : 'confirmed'
}

const hostOf = (origin: string | undefined) => (origin ? (safeUrl(origin)?.host ?? '') : '')
