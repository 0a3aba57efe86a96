import type { Page } from '../../layout.tsx'
import { useWords } from '../../parts/use-words.ts'
import type { Site } from '../../site.ts'
import { FormFaults, TextField } from '../parts/form.tsx'

export type SignInFault = 'wrong' | 'empty' | 'often'
type Props = {
  name: string
  next: string
  fault: SignInFault | undefined
  /** Somebody has just signed out. */
  out: boolean
  /** There is a steward who could sign in. */
  settled: boolean
  site: Site
}

const FAULTS: Record<SignInFault, string> = { wrong: 'signin.wrong', empty: 'signin.empty', often: 'signin.often' }

export function signInPage(props: Props): Page {
  const { t } = props.site.words
  const title = t('signin.title')
  return {
    title: props.fault ? t('form.titleWrong', { title }) : title,
    description: t('signin.description'),
    canonical: '/sign-in',
    unlisted: true,
    styles: ['admin.css'],
    body: <SignIn {...props} />,
  }
}

function SignIn({ name, next, fault, out, settled }: Props) {
  const { t } = useWords()
  return (
    <div class="sign-in">
      <h1>{t('signin.title')}</h1>
      {out && !fault && (
        <p class="notice" role="status">
          {t('signin.out')}
        </p>
      )}
      <FormFaults said={t('signin.notIn')} faults={fault ? [{ text: t(FAULTS[fault]) }] : []} />
      <p>{t(settled ? 'signin.forStewards' : 'signin.nobodyYet')}</p>
      <form class="form" method="post" action="/sign-in">
        <input type="hidden" name="next" value={next} />
        <TextField name="name" label={t('signin.name')} value={name} required most={80} autocomplete="username" />
        <TextField name="password" type="password" label={t('signin.password')} required most={400} autocomplete="current-password" />
        <p>
          <button type="submit">{t('signin.submit')}</button>
        </p>
      </form>
      <p class="soft">{t('signin.forgotten')}</p>
    </div>
  )
}
