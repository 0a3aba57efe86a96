import type { Charter } from '../../domain/charter.ts'
import { WISHES, type Wish } from '../../domain/inquiry.ts'
import { STRANGER_LIMITS } from '../../domain/stranger.ts'
import type { Page } from '../layout.tsx'
import { CommunityCrumb } from '../parts/private-page.tsx'
import { Prose } from '../parts/prose.tsx'
import { Faults, Field, type Filled, StrangerForm } from '../parts/stranger-form.tsx'
import { useWords } from '../parts/use-words.ts'
import { Name } from '../parts/words.tsx'
import type { Site } from '../site.ts'

type Props = { handle: string; charter: Charter; filled: Filled; site: Site }

const WISH_WORDS: Record<Wish, string> = {
  visit: 'inquiry.wishVisit',
  membership: 'inquiry.wishMembership',
  volunteering: 'inquiry.wishVolunteering',
  question: 'inquiry.wishQuestion',
}

/** Where somebody writes to the community: what it says about joining first, then the form. */
export function inquiryPage({ handle, charter, filled, site }: Props): Page {
  const { t } = site.words
  const wrong = filled.faults.length > 0 || filled.hindrance !== undefined
  const title = t('inquiry.title', { name: charter.name })
  return {
    title: wrong ? t('form.titleWrong', { title }) : title,
    description: t('inquiry.description', { name: charter.name }),
    canonical: `/c/${handle}/inquire`,
    unlisted: true,
    section: 'home',
    scripts: ['proof.js'],
    body: <Inquire handle={handle} charter={charter} filled={filled} site={site} />,
  }
}

function Inquire({ handle, charter, filled, site }: Props) {
  const { t, rich } = useWords()
  const most = STRANGER_LIMITS
  return (
    <article class="inquire">
      <CommunityCrumb handle={handle} name={charter.name} />
      <h1>{rich('inquiry.heading', { name: <Name>{charter.name}</Name> })}</h1>
      <Faults faults={filled.faults} hindrance={filled.hindrance} />
      <ReadFirst charter={charter} handle={handle} />
      <section aria-labelledby="write">
        <h2 id="write">{t('inquiry.write')}</h2>
        <StrangerForm action={`/c/${handle}/inquire`} filled={filled} worker={site.asset('proof-worker.js')}>
          <Field
            name="name"
            label={t('inquiry.name')}
            help={t('inquiry.nameHelp')}
            filled={filled}
            required
            most={most.name}
            autocomplete="nickname"
          />
          <Wishes filled={filled} />
          <Field
            name="message"
            label={t('inquiry.message')}
            help={t('inquiry.messageHelp')}
            filled={filled}
            required
            most={most.message}
            type="long"
          />
          <Field name="contact" label={t('inquiry.contact')} help={t('inquiry.contactHelp')} filled={filled} most={most.contact} />
          <p class="soft">{t('inquiry.privacy')}</p>
          <p>
            <button type="submit">{t('form.send')}</button>
          </p>
        </StrangerForm>
      </section>
    </article>
  )
}

function ReadFirst({ charter: { membershipProcess, visitorProcess }, handle }: Pick<Props, 'charter' | 'handle'>) {
  const { t, rich } = useWords()
  const link = (words: preact.ComponentChildren) => <a href={`/c/${handle}#charter`}>{words}</a>
  return (
    <section class="read-first" aria-labelledby="first">
      <h2 id="first">{t('inquiry.readFirst')}</h2>
      {membershipProcess && (
        <>
          <h3>{t('inquiry.howToJoin')}</h3>
          <Prose markdown={membershipProcess} />
        </>
      )}
      {visitorProcess && (
        <>
          <h3>{t('inquiry.howToVisit')}</h3>
          <Prose markdown={visitorProcess} />
        </>
      )}
      <p>{rich(membershipProcess || visitorProcess ? 'inquiry.alsoCharter' : 'inquiry.onlyCharter', { link })}</p>
    </section>
  )
}

function Wishes({ filled }: { filled: Filled }) {
  const { t } = useWords()
  const fault = filled.faults.some(({ field }) => field === 'wish')
  return (
    <fieldset class="form-field" id="wish" tabIndex={-1} {...(fault ? { 'aria-describedby': 'wish-fault' } : {})}>
      <legend>{t('inquiry.wish')}</legend>
      {fault && (
        <p class="fault" id="wish-fault">
          {t('form.wishMissing')}
        </p>
      )}
      {WISHES.map(wish => (
        <label class="option" key={wish}>
          <input type="radio" name="wish" value={wish} required checked={filled.fields.wish === wish} /> {t(WISH_WORDS[wish])}
        </label>
      ))}
    </fieldset>
  )
}
