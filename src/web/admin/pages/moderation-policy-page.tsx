import { POLICY_MODES, type ThemePolicy } from '../../../domain/theme-policy.ts'
import { THEMES } from '../../../domain/vocabulary.ts'
import type { Words } from '../../messages.ts'
import { useLabel } from '../../parts/label.ts'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { ChoiceField, FormFaults } from '../parts/form.tsx'

type Props = { policy: ThemePolicy; hidden: number; fault?: string }

export function moderationPolicyPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('moderation.policy'),
    path: '/admin/moderation/policy',
    area: 'moderation',
    wrong: props.fault !== undefined,
    body: <Policy {...props} />,
  }
}

function Policy({ policy, hidden, fault }: Props) {
  const { t, rich } = useWords()
  const label = useLabel()
  const faults = fault ? [{ field: 'themes', text: fault }] : []
  return (
    <>
      <p>{t('moderation.policyLede')}</p>
      <p>{rich('moderation.policyNow', { count: hidden, link: words => <a href="/policy">{words}</a> })}</p>
      <FormFaults faults={faults} />
      <form class="form" method="post" action="/admin/moderation/policy">
        <ChoiceField
          name="mode"
          label={t('moderation.policyMode')}
          value={policy.mode}
          options={POLICY_MODES.map(mode => ({ value: mode, label: t(`moderation.mode.${mode}`) }))}
        />
        <fieldset class="form-field" id="themes" tabIndex={-1}>
          <legend>{t('moderation.policyThemes')}</legend>
          <div class="tick-columns">
            {THEMES.map(theme => (
              <label class="option" key={theme}>
                <input type="checkbox" name="theme" value={theme} checked={policy.themes.includes(theme)} />
                <span>{label('theme', theme)}</span>
              </label>
            ))}
          </div>
        </fieldset>
        <p>
          <button type="submit">{t('moderation.policySave')}</button>
        </p>
      </form>
    </>
  )
}
