import type { PeerReport } from '../../../actions/peer.ts'
import type { WaitingHost } from '../../../db/waiting.ts'
import type { JobReport } from '../../../lib/job-log.ts'
import { useWords } from '../../parts/use-words.ts'
import { Plain } from '../../parts/words.tsx'
import { Moment } from './moment.tsx'

/** What waits for which server, and what can be done about it. */
export function Waiting({ waiting }: { waiting: readonly WaitingHost[] }) {
  const { t } = useWords()
  return (
    <ul class="things">
      {waiting.map(({ host, waiting, failingSince, queuedAt, dueAt, error }) => (
        <li key={host}>
          <p>
            <strong>
              <bdi>{host}</bdi>
            </strong>{' '}
            {t('nodehealth.waiting', { count: waiting })}
          </p>
          <p class="soft">
            {failingSince ? t('nodehealth.failingSince') : t('nodehealth.queuedSince')} <Moment date={failingSince ?? queuedAt} />
            {dueAt && (
              <>
                {' · '}
                {t('nodehealth.nextTry')} <Moment date={dueAt} />
              </>
            )}
          </p>
          {error && (
            <p>
              <Plain>{error}</Plain>
            </p>
          )}
          <div class="inline">
            <form method="post" action="/admin/node/retry">
              <input type="hidden" name="host" value={host} />
              <button type="submit" class="quiet">
                {t('nodehealth.retry')} <span class="unseen">{host}</span>
              </button>
            </form>
            <details>
              <summary>{t('nodehealth.giveUp')}</summary>
              <form class="form" method="post" action="/admin/node/drop">
                <input type="hidden" name="host" value={host} />
                <div class="form-field">
                  <label for={`drop-${host}`}>{t('nodehealth.typeHost', { host })}</label>
                  <input id={`drop-${host}`} name="typed" type="text" autocomplete="off" spellcheck={false} required />
                </div>
                <button type="submit" class="danger">
                  {t('nodehealth.giveUp')} <span class="unseen">{host}</span>
                </button>
              </form>
            </details>
          </div>
        </li>
      ))}
    </ul>
  )
}

export function Peers({ peers }: { peers: readonly PeerReport[] }) {
  const { t, number } = useWords()
  return (
    <div class="report-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('nodehealth.node')}</th>
            <th scope="col">{t('nodehealth.score')}</th>
            <th scope="col">{t('nodehealth.entries')}</th>
            <th scope="col">{t('nodehealth.visited')}</th>
            <th scope="col">
              <span class="unseen">{t('nodehealth.acts')}</span>
            </th>
          </tr>
        </thead>
        <tbody>
          {peers.map(({ origin, score, inView, bannedUntil, failures, entries, visitedAt }) => (
            <tr key={origin}>
              <th scope="row">
                <bdi>{origin}</bdi>
              </th>
              <td>
                {number(score)}{' '}
                <span class="soft">
                  {bannedUntil
                    ? t('nodehealth.banned')
                    : failures > 0
                      ? t('nodehealth.failed', { count: failures })
                      : inView
                        ? t('nodehealth.asked')
                        : ''}
                </span>
              </td>
              <td>{number(entries)}</td>
              <td>{visitedAt ? <Moment date={visitedAt} /> : t('nodehealth.never')}</td>
              <td>
                <form method="post" action="/admin/node/peers/leave">
                  <input type="hidden" name="peer" value={origin} />
                  <button type="submit" class="quiet">
                    {t('nodehealth.leave')} <span class="unseen">{origin}</span>
                  </button>
                </form>
              </td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}

export function Jobs({ jobs }: { jobs: readonly JobReport[] }) {
  const { t, number } = useWords()
  return (
    <div class="report-table">
      <table>
        <thead>
          <tr>
            <th scope="col">{t('nodehealth.job')}</th>
            <th scope="col">{t('nodehealth.runs')}</th>
            <th scope="col">{t('nodehealth.failures')}</th>
            <th scope="col">{t('nodehealth.lastRun')}</th>
          </tr>
        </thead>
        <tbody>
          {jobs.map(({ name, runs, failures, lastAt }) => (
            <tr key={name}>
              <th scope="row" lang="en">
                {name}
              </th>
              <td>{number(runs)}</td>
              <td>{number(failures)}</td>
              <td>{lastAt ? <Moment date={lastAt} /> : t('nodehealth.never')}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </div>
  )
}
