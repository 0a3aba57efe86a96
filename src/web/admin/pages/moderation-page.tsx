import type { allActorBlocks } from '../../../db/block.ts'
import { handleOf } from '../../../domain/actor.ts'
import type { Block } from '../../../domain/block.ts'
import type { Words } from '../../messages.ts'
import { useWords } from '../../parts/use-words.ts'
import { Day, Plain } from '../../parts/words.tsx'
import type { AdminPage } from '../layout.tsx'
import { ChoiceField, FormFaults, TextField } from '../parts/form.tsx'

type ActorBlock = ReturnType<typeof allActorBlocks>[number]
type Props = {
  domains: readonly Block[]
  actors: readonly ActorBlock[]
  reports: number
  typed: { who?: string; severity?: string; fault?: string }
}
const SHOWN = 200

export function moderationPage(props: Props, { t }: Words): AdminPage {
  return {
    title: t('moderation.title'),
    path: '/admin/moderation',
    area: 'moderation',
    wrong: props.typed.fault !== undefined,
    body: <Moderation {...props} />,
  }
}

function Moderation({ domains, actors, reports, typed }: Props) {
  const { t } = useWords()
  const faults = typed.fault ? [{ field: 'who', text: typed.fault }] : []
  return (
    <>
      <p>{t('moderation.lede')}</p>
      <ul class="inline areas-within">
        <li>
          <a href="/admin/moderation/reports">{t('moderation.reportsOpen', { count: reports })}</a>
        </li>
        <li>
          <a href="/admin/moderation/lists">{t('moderation.lists')}</a>
        </li>
        <li>
          <a href="/admin/moderation/policy">{t('moderation.policy')}</a>
        </li>
      </ul>
      <section>
        <h2>{t('moderation.block')}</h2>
        <FormFaults faults={faults} />
        <form class="form" method="post" action="/admin/moderation/preview">
          <TextField
            name="who"
            label={t('moderation.whom')}
            help={t('moderation.whomHelp')}
            value={typed.who}
            faults={faults}
            required
            most={300}
          />
          <ChoiceField
            name="severity"
            label={t('moderation.how')}
            value={typed.severity ?? 'suspend'}
            options={[
              { value: 'suspend', label: t('moderation.suspend'), help: t('moderation.suspendHelp') },
              { value: 'limit', label: t('moderation.limit'), help: t('moderation.limitHelp') },
            ]}
          />
          <p>
            <button type="submit">{t('moderation.look')}</button>
          </p>
        </form>
      </section>
      <section>
        <h2>{t('moderation.standing', { count: domains.length + actors.length })}</h2>
        {domains.length + actors.length === 0 ? (
          <p>{t('moderation.nobody')}</p>
        ) : (
          <ul class="things">
            {actors.map(block => (
              <Standing
                key={block.actor}
                target={block.actor}
                name={block.handle && block.host ? handleOf({ handle: block.handle, host: block.host }) : block.actor}
                kind={t('moderation.actor')}
                since={block.since}
                words={[block.comment]}
              />
            ))}
            {domains.slice(0, SHOWN).map(block => (
              <Standing
                key={block.domain}
                target={block.domain}
                name={block.domain}
                kind={t(block.severity === 'limit' ? 'moderation.limit' : 'moderation.suspend')}
                since={block.since}
                words={[block.comment, block.note]}
              />
            ))}
          </ul>
        )}
        {domains.length > SHOWN && <p class="soft">{t('moderation.more', { count: domains.length - SHOWN })}</p>}
        <p>
          <a href="/admin/moderation/blocks.csv">{t('moderation.export')}</a>
        </p>
      </section>
    </>
  )
}

function Standing(props: { target: string; name: string; kind: string; since: Date; words: readonly string[] }) {
  const { t } = useWords()
  const { target, name, kind, since, words } = props
  return (
    <li>
      <p>
        <strong>
          <Plain>{name}</Plain>
        </strong>{' '}
        <span class="soft">
          {kind} · <Day date={since} />
        </span>
      </p>
      {words.filter(Boolean).map(text => (
        <p class="soft" key={text}>
          <Plain>{text}</Plain>
        </p>
      ))}
      <form class="inline" method="post" action="/admin/moderation/unblock">
        <input type="hidden" name="target" value={target} />
        <label class="option">
          <input type="checkbox" name="restore" value="yes" checked />
          <span>{t('moderation.restore')}</span>
        </label>
        <button type="submit" class="quiet">
          {t('moderation.end')} <span class="unseen">{name}</span>
        </button>
      </form>
    </li>
  )
}
