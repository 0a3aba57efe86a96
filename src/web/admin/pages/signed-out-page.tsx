import type { Page } from '../../layout.tsx'
import type { Words } from '../../messages.ts'

/** For a form that came from somebody who is not signed in any more. */
export function signedOutPage({ t, rich }: Words): Page {
  const link = (words: preact.ComponentChildren) => <a href="/sign-in">{words}</a>
  return {
    title: t('admin.signedOut'),
    description: t('admin.signedOut'),
    canonical: '/sign-in',
    unlisted: true,
    body: (
      <div class="message">
        <h1>{t('admin.signedOut')}</h1>
        <p>{rich('admin.signedOutHelp', { link })}</p>
      </div>
    ),
  }
}
