import type { ThemePolicy } from '../../domain/theme-policy.ts'
import type { Page } from '../layout.tsx'
import type { Words } from '../messages.ts'
import { labelIn } from '../parts/label.ts'

type Props = { policy: ThemePolicy; hidden: number; words: Words }

export function policyPage({ policy: { mode, themes }, hidden, words }: Props): Page {
  const { t } = words
  const label = labelIn(words)
  return {
    title: t('policy.title'),
    description: t('policy.description'),
    canonical: '/policy',
    section: 'about',
    body: (
      <div class="about">
        <h1>{t('policy.title')}</h1>
        <p class="lede">{t(`policy.mode.${mode}`)}</p>
        {mode !== 'all' && (
          <>
            <ul>
              {themes.map(theme => (
                <li key={theme}>{label('theme', theme)}</li>
              ))}
            </ul>
            <p>{t('policy.count', { count: hidden })}</p>
          </>
        )}
        <p>{t('policy.means')}</p>
      </div>
    ),
  }
}
