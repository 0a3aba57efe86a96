import type { Page } from '../../layout.tsx'
import type { Site } from '../../site.ts'
import { FormFaults, TextField } from '../parts/form.tsx'

export type CodeFault = 'wrong' | 'often'

/** The second step of signing in. */
export function codePage({ next, fault }: { next: string; fault: CodeFault | undefined }, { words: { t } }: Site): Page {
  const title = t('signin.codeTitle')
  const faults = fault ? [{ field: 'code', text: t(fault === 'often' ? 'signin.often' : 'signin.codeWrong') }] : []
  return {
    title: fault ? t('form.titleWrong', { title }) : title,
    description: t('signin.description'),
    canonical: '/sign-in/code',
    unlisted: true,
    styles: ['admin.css'],
    body: (
      <div class="sign-in">
        <h1>{title}</h1>
        <FormFaults said={t('signin.notIn')} faults={faults} />
        <form class="form" method="post" action="/sign-in/code">
          <input type="hidden" name="next" value={next} />
          <TextField
            name="code"
            label={t('signin.code')}
            help={t('signin.codeHelp')}
            faults={faults}
            required
            most={40}
            autocomplete="one-time-code"
          />
          <p>
            <button type="submit">{t('signin.submit')}</button>
          </p>
        </form>
        <form method="post" action="/sign-out">
          <button type="submit" class="quiet">
            {t('signin.notNow')}
          </button>
        </form>
      </div>
    ),
  }
}
