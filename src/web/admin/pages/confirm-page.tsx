import type { Site } from '../../site.ts'
import type { AdminPage } from '../layout.tsx'
import { FormFaults, TextField } from '../parts/form.tsx'

/** Asks for the password again. */
export function confirmPage({ words: { t } }: Site, { next, fault }: { next: string; fault: 'wrong' | 'often' | undefined }): AdminPage {
  const faults = fault ? [{ field: 'password', text: t(fault === 'wrong' ? 'signin.passwordWrong' : 'signin.often') }] : []
  return {
    title: t('signin.confirmTitle'),
    path: '/admin/confirm',
    area: 'account',
    wrong: fault !== undefined,
    body: (
      <>
        <FormFaults faults={faults} />
        <p>{t('signin.confirmWhy')}</p>
        <form class="form" method="post" action="/admin/confirm">
          <input type="hidden" name="next" value={next} />
          <TextField
            name="password"
            type="password"
            label={t('signin.password')}
            faults={faults}
            required
            most={400}
            autocomplete="current-password"
          />
          <p>
            <button type="submit">{t('signin.confirmSubmit')}</button>
          </p>
        </form>
      </>
    ),
  }
}
