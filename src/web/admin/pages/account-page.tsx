import type { Session } from '../../../db/steward.ts'
import type { Steward } from '../../../domain/steward.ts'
import { shortened } from '../../../lib/text.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { type FieldFault, FormFaults, TextField } from '../parts/form.tsx'
import { Moment } from '../parts/moment.tsx'
import { NewPassword } from '../parts/new-password.tsx'

type Props = {
  steward: Steward
  session: Session
  sessions: readonly Session[]
  /** Recovery codes that are left. */
  codes: number
  faults: readonly FieldFault[]
}

export function accountPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('signin.account'),
    path: '/admin/account',
    area: 'account',
    wrong: props.faults.length > 0,
    body: <Account {...props} />,
  }
}

function Account({ steward, session, sessions, codes, faults }: Props) {
  const { t, rich } = useWords()
  return (
    <>
      <FormFaults faults={faults} />
      <p>{rich('admin.greeting', { name: <bdi>{steward.name}</bdi>, role: t(`admin.role.${steward.role}`) })}</p>
      <section aria-labelledby="codes">
        <h2 id="codes">{t('signin.codes')}</h2>
        <p>{t(steward.totpSince ? 'signin.codesOn' : 'signin.codesOff', { count: codes })}</p>
        <p>
          <a href="/admin/account/codes">{t(steward.totpSince ? 'signin.codesManage' : 'signin.codesSetUp')}</a>
        </p>
      </section>
      <section aria-labelledby="sessions">
        <h2 id="sessions">{t('signin.sessions')}</h2>
        <ul class="things">
          {sessions.map(one => (
            <SessionItem key={one.id} session={one} here={one.id === session.id} />
          ))}
        </ul>
        <div class="inline">
          {sessions.length > 1 && (
            <form method="post" action="/admin/account/sessions">
              <button type="submit" class="quiet" name="session" value="others">
                {t('signin.endOthers')}
              </button>
            </form>
          )}
          <form method="post" action="/admin/account/sign-out-everywhere">
            <button type="submit" class="quiet">
              {t('signin.outEverywhere')}
            </button>
          </form>
        </div>
      </section>
      <section aria-labelledby="change">
        <h2 id="change">{t('signin.changePassword')}</h2>
        <p class="soft">{t('signin.changePasswordHelp')}</p>
        <form class="form" method="post" action="/admin/account/password">
          <TextField
            name="current"
            type="password"
            label={t('signin.currentPassword')}
            faults={faults}
            required
            most={400}
            autocomplete="current-password"
          />
          <NewPassword faults={faults} />
          <p>
            <button type="submit">{t('signin.changePassword')}</button>
          </p>
        </form>
      </section>
    </>
  )
}

function SessionItem({ session, here }: { session: Session; here: boolean }) {
  const { t, rich } = useWords()
  return (
    <li>
      <p>
        <bdi>{shortened(session.userAgent, 120) || t('signin.unknownBrowser')}</bdi>{' '}
        {here && <span class="status">{t('signin.thisBrowser')}</span>}
      </p>
      <p class="soft">
        {rich('signin.sessionTimes', { since: <Moment date={session.createdAt} />, seen: <Moment date={session.seenAt} /> })}
      </p>
      {!here && (
        <form method="post" action="/admin/account/sessions">
          <button type="submit" class="quiet" name="session" value={String(session.id)}>
            {t('signin.endSession')}
          </button>
        </form>
      )}
    </li>
  )
}
