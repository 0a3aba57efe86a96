import type { PeerReport } from '../../actions/peer.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { useWords } from '../parts/use-words.ts'

type Counts = Record<'vouched' | 'confirmed' | 'heard' | 'forked' | 'tombstoned' | 'expired' | 'unsigned', number>
type Props = { counts: Counts; peers: number; root: string; reports: readonly PeerReport[]; now: Date; words: Words }

/** How the directory of this node comes about. */
export function networkPage({ counts, peers, root, reports, now, words }: Props): Page {
  const shown = counts.vouched + counts.confirmed
  const all = shown + counts.heard
  const compared = reports.reduce<Date | null>(
    (last, { reconciledAt }) => (reconciledAt && (!last || reconciledAt > last) ? reconciledAt : last),
    null,
  )
  const { t, number } = words
  const moment = momentIn(words)
  return {
    title: t('network.title'),
    description: t('network.description'),
    canonical: '/network',
    section: 'about',
    unlisted: true,
    body: (
      <div class="about">
        <h1>{t('network.head')}</h1>
        <p class="lede">{t('network.lede')}</p>

        <h2>{t('network.known')}</h2>
        <dl class="facts">
          <Figure
            title={t('network.shown')}
            value={all > 0 ? t('network.shownOf', { count: shown, share: Math.floor((100 * shown) / all) }) : number(0)}
          />
          <Figure title={t('network.vouched')} value={number(counts.vouched)} />
          <Figure title={t('network.heard')} value={number(counts.heard)} />
          <Figure title={t('network.withdrawn')} value={number(counts.tombstoned)} />
          <Figure title={t('network.disputed')} value={number(counts.forked)} />
          <Figure title={t('network.late')} value={number(counts.expired)} />
          <Figure title={t('network.unsigned')} value={number(counts.unsigned)} />
          <Figure title={t('network.comparedWith')} value={compared ? moment(compared) : t('network.neverYet')} />
        </dl>
        <p>{words.rich('network.sum', { sum: <code>{root.slice(0, 16)}</code> })}</p>

        <h2>{t('network.others')}</h2>
        <p>
          {peers > reports.length ? t('network.knowsMore', { count: peers, shown: reports.length }) : t('network.knows', { count: peers })}{' '}
          {t('network.scoreMeans')}
        </p>
        {reports.length > 0 && <Peers reports={reports} now={now} />}
        <p>
          <a href="/directory/feed">{t('network.feed')}</a>
        </p>
      </div>
    ),
  }
}

function Peers({ reports, now }: Pick<Props, 'reports' | 'now'>) {
  const words = useWords()
  const { t, number } = words
  const moment = momentIn(words)
  return (
    <div class="wide">
      <table class="peers">
        <thead>
          <tr>
            {(['node', 'score', 'asked', 'brought', 'met', 'compared'] as const).map(column => (
              <th key={column} scope="col">
                {t(`network.column.${column}`)}
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {reports.map(peer => (
            <tr key={peer.node}>
              <th scope="row">
                <a href={`${peer.origin}/`} rel="nofollow noopener noreferrer">
                  <bdi>{new URL(peer.origin).host}</bdi>
                </a>
              </th>
              <td>
                <bdi>{peer.score}</bdi>
              </td>
              <td>{standing(words, peer, now)}</td>
              <td>{number(peer.entries)}</td>
              <td>{peer.visitedAt ? moment(peer.visitedAt) : t('network.never')}</td>
              <td>{peer.reconciledAt ? moment(peer.reconciledAt) : t('network.never')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

function Figure({ title, value }: { title: string; value: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function standing(words: Words, { bannedUntil, failures, inView }: PeerReport, now: Date): string {
  const { t } = words
  if (bannedUntil && bannedUntil > now) return t('network.notBefore', { moment: momentIn(words)(bannedUntil) })
  if (failures > 0) return t('network.failed', { count: failures })
  return t(inView ? 'network.yes' : 'network.nowAndThen')
}

const momentIn =
  ({ t, day }: Words) =>
  (date: Date) =>
    t('network.moment', { day: day(date), time: date.toISOString().slice(11, 16) })
