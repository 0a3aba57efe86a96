import type { PledgeCount as Count } from '../../domain/pledge.ts'
import { STRANGER_LIMITS } from '../../domain/stranger.ts'
import type { Page } from '../layout.tsx'
import { PledgeCount } from '../parts/pledge-count.tsx'
import { CommunityCrumb } from '../parts/private-page.tsx'
import { Faults, Field, type Filled, StrangerForm } from '../parts/stranger-form.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

type Props = { handle: string; name: string; count: Count; filled: Filled; site: Site }

/** Where a visitor says that they would come, and how many have. */
export function pledgePage(props: Props): Page {
  const { t } = props.site.words
  const { faults, hindrance } = props.filled
  const title = t('pledge.title', { name: props.name })
  return {
    title: faults.length > 0 || hindrance ? t('form.titleWrong', { title }) : title,
    description: t('pledge.description', { name: props.name, need: props.count.need }),
    canonical: `/c/${props.handle}/pledge`,
    section: 'home',
    scripts: ['proof.js'],
    body: <PledgeForm {...props} />,
  }
}

function PledgeForm({ handle, name, count, filled, site }: Props) {
  const { t, rich } = useWords()
  return (
    <article class="inquire">
      <CommunityCrumb handle={handle} name={name} />
      <h1>{rich('pledge.heading', { name: <Name>{name}</Name> })}</h1>
      <Faults faults={filled.faults} hindrance={filled.hindrance} />
      <PledgeCount count={count} />
      <p>{t('pledge.what')}</p>
      <section aria-labelledby="come">
        <h2 id="come">{t('pledge.come')}</h2>
        <StrangerForm action={`/c/${handle}/pledge`} filled={filled} worker={site.asset('proof-worker.js')}>
          <Field
            name="name"
            label={t('inquiry.name')}
            help={t('pledge.nameHelp')}
            filled={filled}
            most={STRANGER_LIMITS.name}
            autocomplete="nickname"
          />
          <Field
            name="contact"
            label={t('inquiry.contact')}
            help={t('pledge.contactHelp')}
            filled={filled}
            most={STRANGER_LIMITS.contact}
          />
          <p class="soft">{t('pledge.privacy')}</p>
          <p>
            <button type="submit">{t('pledge.send')}</button>
          </p>
        </StrangerForm>
      </section>
    </article>
  )
}
