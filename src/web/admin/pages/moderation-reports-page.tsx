import type { Report } from '../../../domain/report.ts'
import { htmlToText } from '../../../lib/sanitise.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Plain, WebLink } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults, TextField } from '../parts/form.tsx'

/** A report as it is read: `html` of a post that is kept here. */
export type ShownReport = Omit<Report, 'posts'> & {
  ours: boolean
  by: string
  about: string
  posts: { iri: string; html: string | undefined }[]
}
type Props = { reports: readonly ShownReport[]; all: boolean; typed: Record<string, string>; fault: string | undefined }

export function moderationReportsPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('moderation.reports'),
    path: '/admin/moderation/reports',
    area: 'moderation',
    wrong: props.fault !== undefined,
    body: <Reports {...props} />,
  }
}

function Reports({ reports, all, typed, fault }: Props) {
  const { t } = useWords()
  const path = '/admin/moderation/reports'
  return (
    <>
      <p>{t('moderation.reportsLede')}</p>
      <p>
        <a href={all ? path : `${path}?all=yes`}>{t(all ? 'moderation.onlyOpen' : 'moderation.alsoClosed')}</a>
      </p>
      {reports.length === 0 ? (
        <p>{t('moderation.noReports')}</p>
      ) : (
        <ul class="things">
          {reports.map(report => (
            <Item key={report.id} report={report} />
          ))}
        </ul>
      )}
      <section>
        <h2 id="file">{t('moderation.file.title')}</h2>
        <p>{t('moderation.file.lede')}</p>
        <FormFaults faults={fault ? [{ field: 'who', text: fault }] : []} />
        <form class="form" method="post" action={`${path}/file`}>
          <TextField name="who" label={t('moderation.file.who')} value={typed.who} required most={300} />
          <TextField name="text" type="long" rows={4} label={t('moderation.file.text')} value={typed.text} required most={5000} />
          <TextField
            name="posts"
            type="long"
            rows={2}
            label={t('moderation.file.posts')}
            help={t('moderation.file.postsHelp')}
            value={typed.posts}
          />
          <p>
            <button type="submit">{t('moderation.file.send')}</button>
          </p>
        </form>
      </section>
    </>
  )
}

function Item({ report }: { report: ShownReport }) {
  const { t } = useWords()
  const other = report.ours ? report.about : report.by
  return (
    <li>
      <p>
        <strong>{t(report.ours ? 'moderation.byUs' : 'moderation.byThem', { who: other })}</strong>{' '}
        <span class="soft">
          <Day date={report.at} />
          {report.closedAt && ` · ${t('moderation.isClosed')}`}
        </span>
      </p>
      {report.comment && <blockquote dir="auto">{report.comment}</blockquote>}
      {report.posts.map(({ iri, html }) => (
        <p key={iri}>
          {html !== undefined && <Plain most={200}>{htmlToText(html)}</Plain>} <WebLink href={iri}>{t('moderation.thePost')}</WebLink>
        </p>
      ))}
      <div class="inline">
        {!report.closedAt && (
          <form method="post" action={`/admin/moderation/reports/${report.id}/close`}>
            <button type="submit" class="quiet">
              {t('moderation.close')} <span class="unseen">{report.id}</span>
            </button>
          </form>
        )}
        <form method="post" action="/admin/moderation/preview">
          <input type="hidden" name="who" value={report.ours ? report.target : report.reporter} />
          <button type="submit" class="quiet">
            {t('moderation.blockThem', { who: other })}
          </button>
        </form>
      </div>
    </li>
  )
}
