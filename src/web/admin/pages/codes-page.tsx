import type { Steward } from '../../../domain/steward.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { type FieldFault, FormFaults, TextField } from '../parts/form.tsx'

const PATH = '/admin/account/codes'

type Props = {
  steward: Steward
  /** Once setting them up was begun: base32, and the same as a picture. */
  secret: string | undefined
  picture: string | undefined
  /** Recovery codes that are left. */
  left: number
  faults: readonly FieldFault[]
}

/** One-time codes: what they are, setting them up, giving them up. */
export function codesPage(props: Props, { t }: Words): AdminPage {
  const { steward, secret, faults } = props
  return {
    title: t('signin.codes'),
    path: PATH,
    area: 'account',
    wrong: faults.length > 0,
    body: (
      <>
        <FormFaults faults={faults} />
        {steward.totpSince ? <InForce {...props} /> : secret ? <SetUp {...props} /> : <Begin />}
      </>
    ),
  }
}

function Begin() {
  const { t } = useWords()
  return (
    <>
      <p>{t('signin.codesWhat')}</p>
      <form method="post" action={`${PATH}/begin`}>
        <button type="submit">{t('signin.codesSetUp')}</button>
      </form>
    </>
  )
}

function SetUp({ secret = '', picture = '', faults }: Props) {
  const { t } = useWords()
  return (
    <>
      <p>{t('signin.codesScan')}</p>
      <p>
        <img class="qr" src={picture} alt={t('signin.codesPicture')} width="240" height="240" />
      </p>
      <p>{t('signin.codesType')}</p>
      <p>
        <code class="code-letters" dir="ltr">
          {secret.replace(/(.{4})(?=.)/g, '$1 ')}
        </code>
      </p>
      <form class="form" method="post" action={`${PATH}/enable`}>
        <TextField
          name="code"
          label={t('signin.codeNow')}
          faults={faults}
          required
          most={10}
          autocomplete="one-time-code"
          more={{ inputMode: 'numeric' }}
        />
        <p>
          <button type="submit">{t('signin.codesEnable')}</button>
        </p>
      </form>
    </>
  )
}

function InForce({ left, faults }: Props) {
  const { t } = useWords()
  return (
    <>
      <p>{t('signin.codesOn', { count: left })}</p>
      <section aria-labelledby="recovery">
        <h2 id="recovery">{t('signin.recovery')}</h2>
        <p>{t('signin.recoveryRenewHelp')}</p>
        <form method="post" action={`${PATH}/recovery`}>
          <button type="submit" class="quiet">
            {t('signin.recoveryRenew')}
          </button>
        </form>
      </section>
      <section aria-labelledby="off">
        <h2 id="off">{t('signin.codesDisable')}</h2>
        <form class="form" method="post" action={`${PATH}/disable`}>
          <TextField
            name="password"
            type="password"
            label={t('signin.password')}
            help={t('signin.codesDisableHelp')}
            faults={faults}
            required
            most={400}
            autocomplete="current-password"
          />
          <p>
            <button type="submit" class="danger">
              {t('signin.codesDisable')}
            </button>
          </p>
        </form>
      </section>
    </>
  )
}

/** Recovery codes, this once. */
export function recoveryPage(codes: readonly string[], { t }: Words): AdminPage {
  return {
    title: t('signin.recovery'),
    path: PATH,
    area: 'account',
    body: (
      <>
        <p class="notice" role="status">
          {t('signin.recoveryOnce')}
        </p>
        <ul class="recovery" dir="ltr">
          {codes.map(code => (
            <li key={code}>{code}</li>
          ))}
        </ul>
        <p>
          <a href="/admin/account">{t('signin.recoveryKept')}</a>
        </p>
      </>
    ),
  }
}
