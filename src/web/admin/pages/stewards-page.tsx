import type { Invitation } from '../../../db/steward.ts'
import { ROLES, type Steward } from '../../../domain/steward.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { ChoiceField, type FieldFault, FormFaults } from '../parts/form.tsx'
import { Moment } from '../parts/moment.tsx'

type Props = { stewards: readonly Steward[]; invitations: readonly Invitation[]; me: Steward; faults: readonly FieldFault[] }

export function stewardsPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('admin.area.stewards'),
    path: '/admin/stewards',
    area: 'stewards',
    wrong: props.faults.length > 0,
    body: <Stewards {...props} />,
  }
}

function Stewards({ stewards, invitations, me, faults }: Props) {
  const { t } = useWords()
  return (
    <>
      <FormFaults faults={faults} />
      <ul class="things">
        {stewards.map(one => (
          <StewardItem key={one.id} steward={one} me={one.id === me.id} />
        ))}
      </ul>
      {invitations.length > 0 && (
        <section aria-labelledby="open">
          <h2 id="open">{t('stewards.open')}</h2>
          <ul class="things">
            {invitations.map(one => (
              <InvitationItem key={one.id} invitation={one} stewards={stewards} />
            ))}
          </ul>
        </section>
      )}
      <section aria-labelledby="invite">
        <h2 id="invite">{t('stewards.invite')}</h2>
        <form class="form" method="post" action="/admin/stewards/invite">
          <ChoiceField
            name="role"
            label={t('stewards.role')}
            help={t('stewards.inviteHelp')}
            value="editor"
            faults={faults}
            options={ROLES.map(role => ({ value: role, label: t(`admin.role.${role}`), help: t(`signin.roleHelp.${role}`) }))}
          />
          <p>
            <button type="submit">{t('stewards.makeLink')}</button>
          </p>
        </form>
      </section>
    </>
  )
}

function StewardItem({ steward, me }: { steward: Steward; me: boolean }) {
  const { t, rich } = useWords()
  const { id, name, role, createdAt, totpSince } = steward
  const path = `/admin/stewards/${id}`
  return (
    <li>
      <h2>
        <bdi>{name}</bdi> {me && <span class="status">{t('stewards.you')}</span>}
      </h2>
      <p class="soft">
        {t(`admin.role.${role}`)} · {rich('stewards.since', { day: <Day date={createdAt} /> })} ·{' '}
        {t(totpSince ? 'stewards.withCodes' : 'stewards.withoutCodes')}
      </p>
      <details>
        <summary>{rich('stewards.change', { name: <bdi>{name}</bdi> })}</summary>
        <div class="inline">
          {ROLES.filter(other => other !== role).map(other => (
            <form key={other} method="post" action={`${path}/role`}>
              <button type="submit" class="quiet" name="role" value={other}>
                {t('stewards.makeRole', { role: t(`admin.role.${other}`) })}
              </button>
            </form>
          ))}
          <Press action={`${path}/reset`} words={t('stewards.reset')} />
          <Press action={`${path}/sessions`} words={t('stewards.endSessions')} />
          {totpSince && <Press action={`${path}/codes`} words={t('stewards.endCodes')} />}
          <a href={`${path}/remove`}>{t('stewards.remove')}</a>
        </div>
      </details>
    </li>
  )
}

function InvitationItem({ invitation, stewards }: { invitation: Invitation; stewards: readonly Steward[] }) {
  const { t, rich } = useWords()
  const { id, kind, role, steward, expiresAt } = invitation
  const whose = stewards.find(one => one.id === steward)?.name ?? ''
  return (
    <li>
      <p>
        {kind === 'reset'
          ? rich('stewards.openReset', { name: <bdi>{whose}</bdi> })
          : t('stewards.openInvite', { role: t(`admin.role.${role}`) })}
      </p>
      <p class="soft">{rich('stewards.linkUntil', { moment: <Moment date={expiresAt} /> })}</p>
      <Press action={`/admin/stewards/invitations/${id}/revoke`} words={t('stewards.revoke')} />
    </li>
  )
}

function Press({ action, words }: { action: string; words: string }) {
  return (
    <form method="post" action={action}>
      <button type="submit" class="quiet">
        {words}
      </button>
    </form>
  )
}
