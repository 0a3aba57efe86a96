import type { ComponentChildren } from 'preact'
import type { PeerReport } from '../../../actions/peer.ts'
import type { MadeBackup, NodeStatus } from '../../../db/node-status.ts'
import type { WaitingHost } from '../../../db/waiting.ts'
import type { JobReport } from '../../../lib/job-log.ts'
import type { Trouble } from '../../../lib/troubles.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults, TextField } from '../parts/form.tsx'
import { Moment } from '../parts/moment.tsx'
import { Jobs, Peers, Waiting } from '../parts/node-tables.tsx'

export type NodePageProps = {
  status: NodeStatus
  startedAt: Date
  waiting: readonly WaitingHost[]
  peers: readonly PeerReport[]
  backups: readonly MadeBackup[]
  making: boolean
  mayDownload: boolean
  jobs: readonly JobReport[]
  troubles: { count: number; last: readonly Trouble[] }
  typed: { peer?: string; fault?: string }
}

export function nodePage(props: NodePageProps, { t }: Words): AdminPage {
  return {
    title: t('nodehealth.title'),
    path: '/admin/node',
    area: 'node',
    wrong: props.typed.fault !== undefined,
    body: <Node {...props} />,
  }
}

function Node({ status, startedAt, waiting, peers, jobs, troubles, typed, ...rest }: NodePageProps) {
  const { t } = useWords()
  const faults = typed.fault ? [{ field: 'peer', text: typed.fault }] : []
  return (
    <>
      <Figures status={status} startedAt={startedAt} />
      <BackupSection status={status} {...rest} />
      <section>
        <h2 id="deliveries">{t('nodehealth.deliveries')}</h2>
        <p>{t('nodehealth.deliveriesLede', { count: status.deliveries, stuck: status.stuck })}</p>
        {waiting.length > 0 && <Waiting waiting={waiting} />}
      </section>
      <section>
        <h2 id="peers">{t('nodehealth.peers')}</h2>
        <p>{t('nodehealth.peersLede', { count: status.peers })}</p>
        {peers.length > 0 && <Peers peers={peers} />}
        <FormFaults faults={faults} />
        <form class="form" method="post" action="/admin/node/peers">
          <TextField
            name="peer"
            label={t('nodehealth.peer')}
            help={t('nodehealth.peerHelp')}
            value={typed.peer}
            faults={faults}
            required
            most={300}
          />
          <p>
            <button type="submit">{t('nodehealth.addPeer')}</button>
          </p>
        </form>
      </section>
      <section>
        <h2 id="troubles">{t('nodehealth.troubles')}</h2>
        <p>{t('nodehealth.troublesCount', { count: troubles.count })}</p>
        {troubles.last.length > 0 && (
          <ul class="things log">
            {troubles.last.map(({ at, where, words }) => (
              <li key={`${at.getTime()} ${where}`}>
                <p>
                  <code>{where}</code> <Plain>{words}</Plain>
                </p>
                <p class="soft">
                  <Moment date={at} />
                </p>
              </li>
            ))}
          </ul>
        )}
        <details>
          <summary>{t('nodehealth.jobs')}</summary>
          <Jobs jobs={jobs} />
        </details>
      </section>
    </>
  )
}

function Figures({ status, startedAt }: { status: NodeStatus; startedAt: Date }) {
  const { t, number } = useWords()
  const { disk } = status
  return (
    <dl class="facts">
      <Fact title={t('nodehealth.version')}>
        Archipelago {status.version} · SQLite {status.sqlite}
      </Fact>
      <Fact title={t('nodehealth.since')}>
        <Moment date={startedAt} />
      </Fact>
      <Fact title={t('nodehealth.database')}>{t('nodehealth.megabytes', { count: status.database / 1e6 })}</Fact>
      <Fact title={t('nodehealth.pictures')}>{t('nodehealth.megabytes', { count: status.media / 1e6 })}</Fact>
      {disk && (
        <Fact title={t('nodehealth.disk')}>
          {t('nodehealth.diskFree', { free: disk.free / 1e9, total: disk.total / 1e9 })}
          {disk.free < disk.total / 20 && <strong> {t('nodehealth.diskLow')}</strong>}
        </Fact>
      )}
      <Fact title={t('nodehealth.communities')}>{t('nodehealth.listed', { listed: status.listed, hidden: status.hidden })}</Fact>
      <Fact title={t('nodehealth.followers')}>{number(status.followers)}</Fact>
    </dl>
  )
}

function Fact({ title, children }: { title: string; children: ComponentChildren }) {
  return (
    <div>
      <dt>{title}</dt>
      <dd>{children}</dd>
    </div>
  )
}

type BackupProps = Pick<NodePageProps, 'status' | 'backups' | 'making' | 'mayDownload'>

function BackupSection({ status, backups, making, mayDownload }: BackupProps) {
  const { t } = useWords()
  const { lastBackup } = status
  return (
    <section>
      <h2 id="backup">{t('nodehealth.backups')}</h2>
      <p>
        {lastBackup ? (
          <>
            {t('nodehealth.lastBackup')} <Moment date={lastBackup.at} /> <code>{lastBackup.file.split(/[\\/]/).at(-1)}</code>
          </>
        ) : (
          <strong>{t('nodehealth.neverBackedUp')}</strong>
        )}
      </p>
      <p class="soft">{t('nodehealth.backupHelp')}</p>
      {making ? (
        <p role="status">{t('nodehealth.backupGoing')}</p>
      ) : (
        <form method="post" action="/admin/node/backup">
          <button type="submit">{t('nodehealth.makeBackup')}</button>
        </form>
      )}
      {backups.length > 0 && (
        <ul class="things">
          {backups.map(({ at, file, bytes }) => (
            <li key={file}>
              <p>
                <Moment date={at} /> · {t('nodehealth.megabytes', { count: bytes / 1e6 })}{' '}
                {mayDownload && <a href={`/admin/node/backups/${file}`}>{t('nodehealth.download', { file })}</a>}
              </p>
            </li>
          ))}
        </ul>
      )}
      {backups.length > 0 && mayDownload && <p class="soft">{t('nodehealth.downloadHelp')}</p>}
    </section>
  )
}
