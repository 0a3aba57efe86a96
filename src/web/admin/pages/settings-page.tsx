import type { ComponentChildren } from 'preact'
import type { Config } from '../../../config.ts'
import { QUOTE_POLICIES, type QuotePolicy } from '../../../domain/quote.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import type { AdminPage } from '../layout.tsx'
import { ChoiceField, FormFaults, TextField, TickField } from '../parts/form.tsx'

export type Settings = { approvesFollowers: boolean; listed: boolean; themeInName: boolean; inquiries: boolean; quotes: QuotePolicy }
type Fault = { field: string; text: string; typed: string }
type Props = { settings: Settings; config: Config; former: readonly string[]; successor: string | undefined; fault?: Fault | undefined }

export function settingsPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('settings.title'),
    path: '/admin/settings',
    area: 'settings',
    wrong: props.fault !== undefined,
    body: <SettingsBody {...props} />,
  }
}

function SettingsBody({ settings, config, former, successor, fault }: Props) {
  const { t } = useWords()
  return (
    <>
      <FormFaults faults={fault ? [fault] : []} />
      <form class="form" method="post" action="/admin/settings">
        {(['listed', 'themeInName', 'approvesFollowers', 'inquiries'] as const).map(name => (
          <TickField key={name} name={name} label={t(`settings.what.${name}`)} help={t(`settings.why.${name}`)} checked={settings[name]} />
        ))}
        <ChoiceField
          name="quotes"
          label={t('settings.quotes')}
          help={t('settings.quotesWhy')}
          value={settings.quotes}
          options={QUOTE_POLICIES.map(value => ({ value, label: t(`settings.quote.${value}`) }))}
        />
        <p>
          <button type="submit">{t('settings.save')}</button>
        </p>
      </form>
      <p>
        <a href="/admin/settings/pictures">{t('pictures.title')}</a>
      </p>
      <Environment config={config} />
      <section>
        <h2 id="keys">{t('settings.keys')}</h2>
        <p>{t('settings.keysWhy')}</p>
        <form method="post" action="/admin/settings/keys">
          <button type="submit" class="quiet">
            {t('settings.rotate')}
          </button>
        </form>
      </section>
      <Move former={former} successor={successor} fault={fault} />
      <section>
        <h2 id="export">{t('settings.export')}</h2>
        <p>{t('settings.exportWhy')}</p>
        <form class="form" method="get" action="/admin/settings/export.zip">
          <TickField name="private" label={t('settings.exportPrivate')} help={t('settings.exportPrivateWhy')} />
          <p>
            <button type="submit">{t('settings.download')}</button>
          </p>
        </form>
      </section>
      <section>
        <h2 id="erase">{t('settings.erase')}</h2>
        <ul>
          <li>
            <a href="/admin/settings/erase-person">{t('settings.erasePerson')}</a>
          </li>
          <li>
            <a href="/admin/settings/erase-node">{t('settings.eraseNode')}</a>
          </li>
        </ul>
      </section>
    </>
  )
}

function Environment({ config }: { config: Config }) {
  const { t, rich } = useWords()
  const yesNo = (on: boolean) => t(on ? 'settings.yes' : 'settings.no')
  const rows: [name: string, what: string, now: ComponentChildren][] = [
    ['PUBLIC_URL', 'address', config.publicUrl],
    ['AUTHORIZED_FETCH', 'authorizedFetch', yesNo(config.authorizedFetch)],
    ['MAP_TILES', 'tiles', config.tiles?.origin ?? t('settings.none')],
    ['TRUST_PROXY', 'proxy', config.trustProxy.join(', ') || t('settings.none')],
    ['LOG_LEVEL', 'log', config.logLevel],
  ]
  return (
    <section>
      <h2 id="environment">{t('settings.environment')}</h2>
      <p>{rich('settings.environmentWhy', { file: <code>.env</code> })}</p>
      <dl class="facts">
        {rows.map(([name, what, now]) => (
          <div key={name}>
            <dt>
              <code>{name}</code>
            </dt>
            <dd>
              <bdi>{now}</bdi> <span class="soft">{t(`settings.env.${what}`)}</span>
            </dd>
          </div>
        ))}
      </dl>
    </section>
  )
}

function Move({ former, successor, fault }: Pick<Props, 'former' | 'successor' | 'fault'>) {
  const { t } = useWords()
  const typed = (field: string) => (fault?.field.startsWith(field) ? fault.typed : '')
  const faults = fault ? [fault] : []
  return (
    <section>
      <h2 id="move">{t('settings.move')}</h2>
      <p>{t('settings.moveWhy')}</p>
      {successor && <p class="notice">{t('settings.successor', { actor: successor })}</p>}
      {former.length > 0 && <p>{t('settings.former', { actors: former.join(', ') })}</p>}
      <form class="form" method="post" action="/admin/settings/move-from">
        <Who name="from-who" label={t('settings.from')} help={t('settings.fromHelp')} value={typed('from')} faults={faults} />
        <p>
          <button type="submit" class="quiet">
            {t('settings.fromDo')}
          </button>
        </p>
      </form>
      <form class="form" method="post" action="/admin/settings/move-to">
        <Who name="to-who" label={t('settings.to')} help={t('settings.toHelp')} value={typed('to')} faults={faults} />
        <TextField name="typed" label={t('settings.toTyped')} faults={faults} required most={300} autocomplete="off" />
        <p>
          <button type="submit" class="danger">
            {t('settings.toDo')}
          </button>
        </p>
      </form>
    </section>
  )
}

/** Two forms of the page ask for somebody: their fields need ids of their own. */
function Who({ name, label, help, value, faults }: { name: string; label: string; help: string; value: string; faults: readonly Fault[] }) {
  const fault = faults.find(({ field }) => field === name)
  return (
    <div class="form-field">
      <label for={name}>{label}</label>
      <p class="soft" id={`${name}-help`}>
        {help}
      </p>
      {fault && (
        <p class="fault" id={`${name}-fault`}>
          {fault.text}
        </p>
      )}
      <input id={name} name="who" type="text" dir="auto" required maxLength={300} value={value} aria-describedby={`${name}-help`} />
    </div>
  )
}
