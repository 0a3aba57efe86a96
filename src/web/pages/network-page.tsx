import type { PeerReport } from '../../actions/peer.ts'
import { counted, day, number } from '../../lib/text.ts'
import type { Page } from '../layout.tsx'

type Counts = Record<'vouched' | 'confirmed' | 'heard' | 'forked' | 'tombstoned' | 'expired' | 'unsigned', number>
type Props = { counts: Counts; peers: number; root: string; reports: readonly PeerReport[]; now: Date }

/** How the directory of this node comes about. */
export function networkPage({ counts, peers, root, reports, now }: Props): Page {
  const shown = counts.vouched + counts.confirmed
  const all = shown + counts.heard
  const share = all === 0 ? 100 : Math.floor((100 * shown) / all)
  const compared = reports.reduce<Date | null>(
    (last, { reconciledAt }) => (reconciledAt && (!last || reconciledAt > last) ? reconciledAt : last),
    null,
  )
  return {
    title: 'Network',
    description: 'Where this node’s directory comes from: the nodes it exchanges entries with, and how much of it has been checked.',
    canonical: '/network',
    section: 'about',
    unlisted: true,
    body: (
      <div class="about">
        <h1>Where this directory comes from</h1>
        <p class="lede">
          There is no central list. Each community signs its own entry; nodes pass entries on, and each node checks at the community’s own
          address what it has heard before it shows it or passes it on.
        </p>

        <h2>What is known here</h2>
        <dl class="facts">
          <Figure title="Shown" value={`${number(shown)}, ${share}% of what was heard`} />
          <Figure title="Vouched for" value={number(counts.vouched)} />
          <Figure title="Heard, not yet checked" value={number(counts.heard)} />
          <Figure title="Withdrawn" value={number(counts.tombstoned)} />
          <Figure title="In dispute" value={number(counts.forked)} />
          <Figure title="Not renewed" value={number(counts.expired)} />
          <Figure title="Without signed entry" value={number(counts.unsigned)} />
          <Figure title="Compared with another node" value={compared ? moment(compared) : 'never yet'} />
        </dl>
        <p>
          Two nodes that show the same sum have the same directory: <code>{root.slice(0, 16)}</code>
        </p>

        <h2>Other nodes</h2>
        <p>
          This node knows {counted(peers, 'other node', 'other nodes')}
          {peers > reports.length ? `; here are ${reports.length}` : ''}. The score says how well an exchange went lately: good pages raise
          it, false ones lower it, and a node below −20 is not asked for a day.
        </p>
        {reports.length > 0 && (
          <div class="wide">
            <table class="peers">
              <thead>
                <tr>
                  <th scope="col">Node</th>
                  <th scope="col">Score</th>
                  <th scope="col">Asked</th>
                  <th scope="col">Entries brought</th>
                  <th scope="col">Last met</th>
                  <th scope="col">Compared</th>
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
                    <td>{peer.score}</td>
                    <td>{standing(peer, now)}</td>
                    <td>{number(peer.entries)}</td>
                    <td>{peer.visitedAt ? moment(peer.visitedAt) : 'never'}</td>
                    <td>{peer.reconciledAt ? moment(peer.reconciledAt) : 'never'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          </div>
        )}
        <p>
          <a href="/directory/feed">The feed for other nodes</a>
        </p>
      </div>
    ),
  }
}

function Figure({ title, value }: { title: string; value: string }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{value}</dd>
    </div>
  )
}

function standing({ bannedUntil, failures, inView }: PeerReport, now: Date): string {
  if (bannedUntil && bannedUntil > now) return `not before ${moment(bannedUntil)}`
  if (failures > 0) return `failed ${counted(failures, 'time', 'times')}`
  return inView ? 'yes' : 'now and then'
}

function moment(date: Date): string {
  return `${day(date)}, ${date.toISOString().slice(11, 16)} UTC`
}
