import type { PersonCounts } from '../../../db/person.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { FormFaults, TextField } from '../parts/form.tsx'

type PersonProps = { who: string; counts: PersonCounts | undefined; fault: string | undefined }
type NodeProps = { name: string; followers: number; fault: string | undefined }

export function erasePersonPage(props: PersonProps, { t }: Words): AdminPage {
  return {
    title: t('settings.erasePerson'),
    path: '/admin/settings/erase-person',
    area: 'settings',
    wrong: props.fault !== undefined,
    body: <Person {...props} />,
  }
}

function Person({ who, counts, fault }: PersonProps) {
  const { t } = useWords()
  const faults = fault ? [{ field: counts ? 'typed' : 'who', text: fault }] : []
  return (
    <>
      <p>{t('settings.personWhy')}</p>
      <FormFaults faults={faults} />
      <form class="form" method="post" action="/admin/settings/erase-person">
        <TextField
          name="who"
          label={t('settings.person')}
          help={t('settings.personHelp')}
          value={who}
          faults={faults}
          required
          most={300}
          autocomplete="off"
        />
        <p>
          <button type="submit" class="quiet">
            {t('settings.personLook')}
          </button>
        </p>
      </form>
      {counts && (
        <section>
          <h2>
            <Plain>{t('settings.personFound', { who })}</Plain>
          </h2>
          <dl class="facts">
            {Object.entries(counts).map(([name, count]) => (
              <div key={name}>
                <dt>{t(`settings.about.${name}`)}</dt>
                <dd>{t('settings.count', { count })}</dd>
              </div>
            ))}
          </dl>
          <p>{t('settings.personStays')}</p>
          <form class="form" method="post" action="/admin/settings/erase-person">
            <input type="hidden" name="who" value={who} />
            <TextField name="typed" label={t('settings.personTyped', { who })} faults={faults} required most={300} autocomplete="off" />
            <p>
              <button type="submit" class="danger">
                {t('settings.personDo')}
              </button>
            </p>
          </form>
        </section>
      )}
    </>
  )
}

export function eraseNodePage(props: NodeProps, { t }: Words): AdminPage {
  return {
    title: t('settings.eraseNode'),
    path: '/admin/settings/erase-node',
    area: 'settings',
    wrong: props.fault !== undefined,
    body: <Node {...props} />,
  }
}

function Node({ name, followers, fault }: NodeProps) {
  const { t } = useWords()
  const faults = fault ? [{ field: 'typed', text: fault }] : []
  return (
    <>
      <p>{t('settings.nodeWhy')}</p>
      <ul>
        <li>{t('settings.nodeTold', { count: followers })}</li>
        <li>{t('settings.nodeGone')}</li>
        <li>{t('settings.nodeStays')}</li>
        <li>{t('settings.nodeAfter')}</li>
      </ul>
      <p>
        <a href="/admin/settings#export">{t('settings.nodeExport')}</a>
      </p>
      <FormFaults faults={faults} />
      <form class="form" method="post" action="/admin/settings/erase-node">
        <TextField name="typed" label={t('settings.typeOwn', { own: name })} faults={faults} required most={300} autocomplete="off" />
        <p>
          <button type="submit" class="danger">
            {t('settings.nodeDo')}
          </button>
        </p>
      </form>
    </>
  )
}
