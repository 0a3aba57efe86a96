import type { ComponentChildren } from 'preact'
import { THEMES } from '../../domain/vocabulary.ts'
import { sample } from '../design-sample.ts'
import type { Page } from '../layout.tsx'
import { findPlaces, frameOf, marksIn } from '../map/picture.ts'
import { AtAGlance } from '../parts/at-a-glance.tsx'
import { Attribution } from '../parts/attribution.tsx'
import { Cautions } from '../parts/cautions.tsx'
import { AgreementChangeItem, FieldChangeItem } from '../parts/charter-change.tsx'
import { CharterText } from '../parts/charter-text.tsx'
import { Chips } from '../parts/chips.tsx'
import { CompareOne, ComparePick, CompareTray } from '../parts/compare-pick.tsx'
import { EntryCard } from '../parts/entry-card.tsx'
import { FacetGroup } from '../parts/facet-group.tsx'
import { FollowBox } from '../parts/follow-box.tsx'
import { FollowForm } from '../parts/follow-form.tsx'
import { Mark } from '../parts/mark.tsx'
import { NetworkAnswers } from '../parts/network-answers.tsx'
import { PledgeCount } from '../parts/pledge-count.tsx'
import { PostItem } from '../parts/post-item.tsx'
import { CommunityCrumb, KeepAddress } from '../parts/private-page.tsx'
import { Prose } from '../parts/prose.tsx'
import { Provenance } from '../parts/provenance.tsx'
import { ReachBox } from '../parts/reach-box.tsx'
import { RelatedCommunities } from '../parts/related-communities.tsx'
import { Scopes } from '../parts/scopes.tsx'
import { SearchForm } from '../parts/search-form.tsx'
import { SearchMap } from '../parts/search-map.tsx'
import { SortLinks } from '../parts/sort-links.tsx'
import { Faults, Field, StrangerForm } from '../parts/stranger-form.tsx'
import { TakeAlong } from '../parts/take-along.tsx'
import { Themes } from '../parts/theme.tsx'
import { TitleBlock } from '../parts/title-block.tsx'
import { TownChoice } from '../parts/town-choice.tsx'
import { VoiceItem } from '../parts/voice.tsx'
import type { Site } from '../site.ts'

const COLOURS = ['paper', 'sheet', 'shoal', 'ink', 'soft', 'line', 'strong-line', 'sea', 'on-sea', 'notice', 'focus'] as const
const LYON = { name: 'Lyon', country: 'FR', population: 472_317, latitude: 45.75, longitude: 4.85 }

/** Every component of src/web/parts that shows something, each with its name. */
export function designPage(site: Site): Page {
  const { t } = site.words
  return {
    title: t('design.title'),
    description: t('design.lede'),
    canonical: '/design',
    unlisted: true,
    scripts: ['copy.js'],
    body: (
      <div class="design">
        <h1>{t('design.title')}</h1>
        <p class="lede">{t('design.lede')}</p>
        <h2>{t('design.colours')}</h2>
        <ul class="swatches">
          {COLOURS.map(name => (
            <li key={name}>
              <span class={`swatch swatch-${name}`} />
              <code>--{name}</code>
            </li>
          ))}
        </ul>
        <p class="kicker">
          <Themes charter={{ themes: [...THEMES] }} />
        </p>
        <h2>{t('design.letters')}</h2>
        <p class="lede">{sample().charter.summary}</p>
        <Prose
          markdown={
            '# A heading\n\nWords with **weight**, a [link](https://example.org) and `code`.\n\n- one\n- two\n\n> Said by somebody.'
          }
        />
        <h2>{t('design.components')}</h2>
        <Finding site={site} />
        <Reading />
        <Reaching site={site} />
      </div>
    ),
  }
}

function Shown({ name, children }: { name: string; children: ComponentChildren }) {
  return (
    <div class="shown">
      <p class="shown-name">
        <code>{name}</code>
      </p>
      {children}
    </div>
  )
}

function Finding({ site }: { site: Site }) {
  const found = findPlaces(sample().entries)
  const frame = frameOf(found, {})
  const map = { found, frame, marks: marksIn(frame, found.spots), total: 3, approximate: false }
  const peers = [
    { node: 'https://brook.example', outcome: 'answered' as const, ms: 210, given: 20, taken: 18, added: 3 },
    { node: 'https://elm.example', outcome: 'late' as const, ms: 3000, given: 0, taken: 0, added: 0 },
  ]
  const towns = [
    { town: LYON, path: '#lyon' },
    { town: { ...LYON, name: 'Springfield', country: 'US', admin: 'MO', population: 166_810 }, path: '#springfield' },
  ]
  return (
    <>
      <Shown name="SearchForm">
        <SearchForm asked={sample().asked} place={{ typed: 'Springfield', within: '100', towns: [] }} />
      </Shown>
      <Shown name="TownChoice">
        <TownChoice towns={towns} />
      </Shown>
      <Shown name="FacetGroup">
        <FacetGroup asked={sample().asked} name="theme" title={site.words.t('search.facet.theme')} counts={sample().counts} few={2} />
      </Shown>
      <Shown name="Chips, SortLinks">
        <Chips asked={sample().asked} />
        <SortLinks asked={sample().asked} />
      </Shown>
      <Shown name="EntryCard, ComparePick">
        {sample().found.map(entry => (
          <EntryCard key={entry.host} entry={entry} />
        ))}
      </Shown>
      <Shown name="CompareTray">
        <CompareTray />
      </Shown>
      <Shown name="NetworkAnswers">
        <NetworkAnswers asked={{}} network={undefined} />
        <NetworkAnswers
          asked={{}}
          network={{ total: 3, items: [], facets: { theme: [], kind: [], status: [], openToMembers: [], openToVisitors: [], country: [], language: [] }, peers, unchecked: 2 }} // biome-ignore format: a row
        />
      </Shown>
      <Shown name="SearchMap, MapPicture">
        <SearchMap site={site} asked={{}} map={map} tiles={undefined} />
        <Attribution>Tiles of somebody else, https://tiles.example</Attribution>
      </Shown>
    </>
  )
}

function Reading() {
  const { entry, charter, post, event, warned, changes, now } = sample()
  const late = { lateSince: now, keysChangedAt: now, heardAt: now, peer: 'https://brook.example' }
  return (
    <>
      <Shown name="Mark">
        <Mark />
      </Shown>
      <Shown name="TitleBlock">
        <TitleBlock charter={charter} />
      </Shown>
      <Shown name="CompareOne">
        <CompareOne entry={entry} />
      </Shown>
      <Shown name="Cautions">
        <Cautions entry={entry} standing={late} now={now} />
      </Shown>
      <Shown name="AtAGlance">
        <AtAGlance charter={charter} />
      </Shown>
      <Shown name="CharterText, CharterField">
        <CharterText charter={charter} />
      </Shown>
      <Shown name="FieldChangeItem, AgreementChangeItem">
        <dl class="fields">
          {changes.fields.map(change => (
            <FieldChangeItem key={change.field} change={change} />
          ))}
        </dl>
        {changes.agreements.map(change => (
          <AgreementChangeItem key={change.title} change={change} />
        ))}
      </Shown>
      <Shown name="PostItem, KindFacts">
        {[post, event, warned].map(one => (
          <PostItem key={one.type + one.summary} post={one} now={now} />
        ))}
      </Shown>
      <Shown name="VoiceItem">
        <VoiceItem voice={{ post, depth: 1, name: 'Wren', address: '@wren@birds.example' }} />
      </Shown>
      <Shown name="RelatedCommunities">
        <RelatedCommunities related={[{ entry, why: [{ kind: 'theme', field: 'theme', values: ['left'] }] }]} />
      </Shown>
      <Shown name="Provenance">
        <Provenance entry={entry} standing={late} now={now} />
      </Shown>
    </>
  )
}

function Reaching({ site }: { site: Site }) {
  const { entry } = sample()
  const filled = { ticket: '', fields: { name: 'Wren' }, faults: [{ field: 'message', fault: 'missing' }] as const }
  return (
    <>
      <Shown name="ReachBox, PledgeCount">
        <ReachBox reach={{ handle: 'saltmarsh', inquiries: true, pledges: { count: 7, need: 20, reachedAt: undefined } }} />
        <PledgeCount count={{ count: 20, need: 20, reachedAt: sample().now }} />
      </Shown>
      <Shown name="FollowBox">
        <FollowBox entry={entry} />
      </Shown>
      <Shown name="FollowForm">
        <FollowForm entry={entry} typed="wren" fault="handle" />
      </Shown>
      <Shown name="TakeAlong">
        <TakeAlong entry={entry} />
      </Shown>
      <Shown name="Faults, StrangerForm, Field">
        <Faults faults={filled.faults} hindrance="often" />
        <StrangerForm action="#" filled={filled} worker={site.asset('proof-worker.js')}>
          <Field
            name="name"
            label={site.words.t('inquiry.name')}
            help={site.words.t('inquiry.nameHelp')}
            filled={filled}
            required
            most={80}
          />
          <Field name="message" label={site.words.t('inquiry.message')} filled={filled} required most={5000} type="long" />
        </StrangerForm>
      </Shown>
      <Shown name="CommunityCrumb, KeepAddress">
        <CommunityCrumb handle="saltmarsh" name="Salt Marsh" />
        <KeepAddress words={site.words.t('inquiry.keepAddress')} address={`${site.origin}/inquiries/…`} />
      </Shown>
      <Shown name="Scopes">
        <Scopes scopes={['read', 'write:media']} />
      </Shown>
      <Shown name="ComparePick">
        <ComparePick entry={{ ...entry, handle: 'alone' }} />
      </Shown>
    </>
  )
}
