import type { Invitation } from '../../../db/steward.ts'
import type { Steward } from '../../../domain/steward.ts'
import type { Page } from '../../layout.tsx'
import { useWords } from '../../parts/use-words.ts'
import { Day } from '../../parts/words.tsx'
import type { Site } from '../../site.ts'
import { type FieldFault, FormFaults, TextField } from '../parts/form.tsx'
import { NewPassword } from '../parts/new-password.tsx'

type Props = { invitation: Invitation; whose: Steward | undefined; token: string; name: string; faults: readonly FieldFault[] }

const TITLES = { first: 'signin.joinFirst', invite: 'signin.joinInvited', reset: 'signin.joinReset' }

export function joinPage(props: Props, { host, words: { t } }: Site): Page {
  const title = t(TITLES[props.invitation.kind], { host })
  return {
    title: props.faults.length > 0 ? t('form.titleWrong', { title }) : title,
    description: t('signin.description'),
    // The address of the page is a secret, and stands nowhere in it but in its form.
    canonical: '/sign-in',
    unlisted: true,
    styles: ['admin.css'],
    body: <Join {...props} title={title} />,
  }
}

function Join({ invitation, whose, token, name, faults, title }: Props & { title: string }) {
  const { t, rich } = useWords()
  return (
    <div class="sign-in">
      <h1>{title}</h1>
      <FormFaults faults={faults} />
      {invitation.kind === 'first' && <p>{t('signin.joinFirstHelp')}</p>}
      {invitation.kind === 'invite' && <p>{t(`signin.roleHelp.${invitation.role}`)}</p>}
      {whose && <p>{rich('signin.joinResetHelp', { name: <bdi>{whose.name}</bdi> })}</p>}
      <form class="form" method="post" action={`/join/${token}`}>
        {!whose && (
          <TextField
            name="name"
            label={t('signin.yourName')}
            help={t('signin.yourNameHelp')}
            value={name}
            faults={faults}
            required
            most={40}
            autocomplete="username"
          />
        )}
        <NewPassword faults={faults} />
        <p>
          <button type="submit">{t(whose ? 'signin.joinResetSubmit' : 'signin.joinSubmit')}</button>
        </p>
      </form>
      <p class="soft">{rich('signin.linkUntil', { day: <Day date={invitation.expiresAt} /> })}</p>
    </div>
  )
}
