import { useWords } from '../../parts/use-words.ts'
import type { Site } from '../../site.ts'
import type { AdminPage } from '../layout.tsx'
import { ChoiceField, type FieldFault, FormFaults, TextField } from '../parts/form.tsx'

export const STEPS = ['account', 'charter', 'place', 'found', 'peers'] as const
export type Step = (typeof STEPS)[number]
export type Progress = {
  did: Record<Step, boolean>
  /** May found the community and meet other nodes; an editor writes and looks on. */
  owner: boolean
  /** The first that is not done; undefined when all are. */
  step: Step | undefined
  /** Something stands in the draft of the charter. */
  begun: boolean
  name: string
  /** The one there is, or one that would fit the name. */
  handle: string
  /** What the draft still lacks to be a charter. */
  missing: number
  /** Nodes and communities this node knows already. */
  known: readonly string[]
}
type Given = Progress & { fields: Record<string, string>; faults: readonly FieldFault[] }

export function firstRunPage(props: Given, { host, words: { t } }: Site): AdminPage {
  return {
    title: t('firstrun.title'),
    path: '/admin/first-run',
    area: 'overview',
    wrong: props.faults.length > 0,
    body: <FirstRun {...props} host={host} />,
  }
}

function FirstRun(props: Given & { host: string }) {
  const { t } = useWords()
  const { did, step, faults } = props
  const at = step ? STEPS.indexOf(step) + 1 : STEPS.length
  return (
    <>
      <FormFaults faults={faults} />
      {step && <p>{t('firstrun.progress', { step: at, steps: STEPS.length })}</p>}
      <ol class="first-steps">
        {STEPS.map(one => (
          <li key={one} class={did[one] ? 'did' : undefined} aria-current={one === step ? 'step' : undefined}>
            {t(`firstrun.step.${one}`)}
            {did[one] && <span class="unseen"> {t('firstrun.did')}</span>}
          </li>
        ))}
      </ol>
      {step === 'charter' && <CharterStep {...props} />}
      {step === 'place' && <PlaceStep />}
      {step === 'found' && (props.owner ? <FoundStep {...props} /> : <FoundByOwner {...props} />)}
      {step === 'peers' && <PeersStep {...props} />}
      {!step && <AllDone {...props} />}
    </>
  )
}

function CharterStep({ begun, missing }: Given) {
  const { t } = useWords()
  return (
    <section aria-labelledby="step">
      <h2 id="step">{t('firstrun.charterTitle')}</h2>
      <p>{t('firstrun.charterHelp')}</p>
      {begun && missing > 0 && <p>{t('firstrun.charterMissing', { count: missing })}</p>}
      <p class="inline">
        <a class="act" href="/admin/charter/edit/identity">
          {t(begun ? 'firstrun.charterGoOn' : 'firstrun.charterBegin')}
        </a>
        {begun && <a href="/admin/charter">{t('firstrun.charterWhole')}</a>}
        <a href="/admin/charter/import">{t('firstrun.charterFile')}</a>
      </p>
    </section>
  )
}

function PlaceStep() {
  const { t } = useWords()
  return (
    <section aria-labelledby="step">
      <h2 id="step">{t('firstrun.placeTitle')}</h2>
      <p>{t('firstrun.placeHelp')}</p>
      <p>
        <a class="act" href="/admin/charter/edit/place">
          {t('firstrun.placeGo')}
        </a>
      </p>
      <Skip step="place" words={t('firstrun.placeSkip')} />
    </section>
  )
}

function FoundStep({ name, handle, host, fields, faults }: Given & { host: string }) {
  const { t, rich } = useWords()
  return (
    <section aria-labelledby="step">
      <h2 id="step">{rich('firstrun.foundTitle', { name: <bdi>{name}</bdi> })}</h2>
      <p>
        {rich('firstrun.foundHelp', {
          preview: words => <a href="/admin/charter/preview">{words}</a>,
          charter: words => <a href="/admin/charter">{words}</a>,
        })}
      </p>
      <form class="form" method="post" action="/admin/first-run/found">
        <TextField
          name="handle"
          label={t('firstrun.handle')}
          help={t('firstrun.handleHelp', { host })}
          value={fields.handle ?? handle}
          faults={faults}
          required
          most={31}
          autocomplete="off"
          more={{ spellcheck: false }}
        />
        <ChoiceField
          name="listed"
          label={t('firstrun.listed')}
          help={t('firstrun.listedHelp')}
          value={fields.listed}
          faults={faults}
          options={[
            { value: 'yes', label: t('firstrun.listedYes') },
            { value: 'no', label: t('firstrun.listedNo') },
          ]}
        />
        <p>
          <button type="submit">{t('firstrun.found')}</button>
        </p>
      </form>
    </section>
  )
}

/** What an editor may do while founding waits for an owner. */
function FoundByOwner({ name }: Given) {
  const { rich } = useWords()
  return (
    <section aria-labelledby="step">
      <h2 id="step">{rich('firstrun.foundTitle', { name: <bdi>{name}</bdi> })}</h2>
      <p>
        {rich('firstrun.foundByOwner', {
          file: words => <a href="/admin/charter/export">{words}</a>,
          preview: words => <a href="/admin/charter/preview">{words}</a>,
          charter: words => <a href="/admin/charter">{words}</a>,
        })}
      </p>
    </section>
  )
}

function PeersStep({ owner, fields, faults }: Given) {
  const { t } = useWords()
  return (
    <section aria-labelledby="step">
      <h2 id="step">{t('firstrun.peersTitle')}</h2>
      {owner ? <Peers fields={fields} faults={faults} /> : <PeersByOwner />}
      <Skip step="peers" words={t('firstrun.peersSkip')} />
    </section>
  )
}

function Peers(props: Pick<Given, 'fields' | 'faults'>) {
  const { t } = useWords()
  return (
    <>
      <p>{t('firstrun.peersHelp')}</p>
      <PeerForm {...props} />
    </>
  )
}

function PeersByOwner() {
  const { rich } = useWords()
  return <p>{rich('firstrun.peersByOwner', { follow: words => <a href="/admin/people/following">{words}</a> })}</p>
}

function PeerForm({ fields, faults }: Pick<Given, 'fields' | 'faults'>) {
  const { t } = useWords()
  return (
    <form class="form" method="post" action="/admin/first-run/peer">
      <TextField
        name="address"
        label={t('firstrun.address')}
        help={t('firstrun.addressHelp')}
        value={fields.address}
        faults={faults}
        required
        most={500}
        autocomplete="off"
        more={{ spellcheck: false }}
      />
      <p>
        <button type="submit">{t('firstrun.peersGo')}</button>
      </p>
    </form>
  )
}

function AllDone({ owner, handle, known, fields, faults }: Given) {
  const { t, rich } = useWords()
  return (
    <>
      <p>{rich('firstrun.done', { link: words => <a href={`/c/${handle}`}>{words}</a> })}</p>
      <ul>
        <li>
          <a href="/admin/charter">{t('firstrun.nextCharter')}</a>
        </li>
        <li>
          <a href="/admin/account/codes">{t('firstrun.nextCodes')}</a>
        </li>
        {owner && (
          <li>
            <a href="/admin/stewards">{t('firstrun.nextStewards')}</a>
          </li>
        )}
      </ul>
      <section aria-labelledby="more">
        <h2 id="more">{t('firstrun.morePeers')}</h2>
        {known.length > 0 && (
          <ul>
            {known.slice(0, 20).map(one => (
              <li key={one}>
                <bdi>{one}</bdi>
              </li>
            ))}
          </ul>
        )}
        {owner ? <PeerForm fields={fields} faults={faults} /> : <PeersByOwner />}
      </section>
    </>
  )
}

function Skip({ step, words }: { step: string; words: string }) {
  return (
    <form method="post" action="/admin/first-run/skip">
      <button type="submit" class="quiet" name="step" value={step}>
        {words}
      </button>
    </form>
  )
}
