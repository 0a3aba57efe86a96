import type { ComponentChildren } from 'preact'
import { type Act, may } from '../../../domain/steward.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Name } from '../../parts/words.tsx'
import type { StewardRoute, Visit } from '../gate.ts'
import type { AdminPage } from '../layout.tsx'

/** How much there is of each. `due`: the charter wants to be confirmed. `alone`: this node knows no other. */
type State = { inquiries: number; pledges: number; requests: number; reports: number; failingHosts: number; due: boolean; alone: boolean }
type Task = { path: string; act: Act; words: string }

export function overviewPage(visit: Visit, state: State, routes: readonly StewardRoute[]): AdminPage {
  const there = new Set(routes.map(({ path }) => path))
  const tasks = tasksOf(state, visit).filter(({ act, path }) => may(visit.steward.role, act) && there.has(path))
  return {
    title: visit.site.words.t('admin.area.overview'),
    path: '/admin',
    area: 'overview',
    body: <Overview visit={visit} tasks={tasks} />,
  }
}

function Overview({ visit, tasks }: { visit: Visit; tasks: readonly Task[] }) {
  const { t, rich } = useWords()
  const { steward, site } = visit
  const community = <Name>{site.home?.name ?? site.host}</Name>
  return (
    <>
      <p>{rich('admin.looksAfter', { community, name: <bdi>{steward.name}</bdi>, role: t(`admin.role.${steward.role}`) })}</p>
      <section aria-labelledby="waits">
        <h2 id="waits">{t('admin.waits')}</h2>
        {tasks.length === 0 ? (
          <p>{t('admin.nothingWaits')}</p>
        ) : (
          <ul class="tasks">
            {tasks.map(({ path, words }) => (
              <li key={path + words}>
                <a href={path}>{words}</a>
              </li>
            ))}
          </ul>
        )}
      </section>
      {site.home && <PublicPage handle={site.home.handle} host={site.host} />}
    </>
  )
}

function PublicPage({ handle, host }: { handle: string; host: string }) {
  const { t, rich } = useWords()
  const page = (words: ComponentChildren[]) => <a href={`/c/${handle}`}>{words}</a>
  return (
    <section aria-labelledby="public">
      <h2 id="public">{t('admin.public')}</h2>
      <p>{rich('admin.publicHelp', { page, address: <bdi class="handle">{`@${handle}@${host}`}</bdi> })}</p>
    </section>
  )
}

function tasksOf({ inquiries, pledges, requests, reports, failingHosts, due, alone }: State, { site, steward }: Visit): Task[] {
  const { t }: Words = site.words
  const when = (given: boolean, path: string, act: Act, words: () => string): Task[] => (given ? [{ path, act, words: words() }] : [])
  return [
    ...when(!site.home, '/admin/first-run', 'charter', () => t('admin.taskFirstRun')),
    ...when(inquiries > 0, '/admin/inquiries', 'inquiries', () => t('admin.taskInquiries', { count: inquiries })),
    ...when(pledges > 0, '/admin/pledges', 'inquiries', () => t('admin.taskPledges', { count: pledges })),
    ...when(requests > 0, '/admin/people', 'people', () => t('admin.taskRequests', { count: requests })),
    ...when(due, '/admin/charter', 'charter', () => t('admin.taskDue')),
    ...when(reports > 0, '/admin/moderation', 'moderation', () => t('admin.taskReports', { count: reports })),
    ...when(site.home !== undefined && alone, '/admin/first-run', 'charter', () => t('admin.taskAlone')),
    ...when(failingHosts > 0, '/admin/node', 'node', () => t('admin.taskFailing', { count: failingHosts })),
    ...when(!steward.totpSince, '/admin/account/codes', 'account', () => t('admin.taskCodes')),
  ]
}
