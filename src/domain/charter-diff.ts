import { isDeepStrictEqual } from 'node:util'
import { type Piece, wordDiff } from '../lib/word-diff.ts'
import type { Charter } from './charter.ts'
import { type Agreement, dailyLife, documents, economy, government, identity, land, membership } from './charter-section.ts'
import { Place } from './place.ts'

/** What became of one field. Values are those of the charter; `title` is the field's in English. */
export type FieldChange = { field: string; title: string } & (
  | { how: 'added' | 'removed'; value: unknown }
  | { how: 'changed'; before: unknown; after: unknown }
  /** A list of words: those that came and went. `reordered` where the ones that stayed stand in another order. */
  | { how: 'list'; added: string[]; removed: string[]; kept: string[]; reordered: boolean }
  | { how: 'text'; pieces: Piece[] }
)

/** What became of one agreement. One that has the same text under another title was renamed. */
export type AgreementChange = {
  title: string
  how: 'added' | 'removed' | 'changed'
  /** Before it was renamed. */
  formerly?: string
  text: Piece[]
  /** Of address, date and version: only what is different. */
  details: { field: 'url' | 'adopted' | 'version'; before?: string | undefined; after?: string | undefined }[]
}

export type CharterChanges = {
  fields: FieldChange[]
  agreements: AgreementChange[]
  /** Whether the agreements that stayed stand in another order. */
  reordered: boolean
}

const FIELDS = { ...identity, ...membership, place: Place, ...government, ...economy, ...land, ...dailyLife, ...documents }
/** Texts that are read as texts: by words, not as one value and another. */
const LONG = new Set(['summary', 'membershipProcess', 'visitorProcess', 'contact'])

/**
 * What is different between two editions, field by field in the order of a charter. Both must be the form that may be shown, coarsened
 * to the precision of the edition in force: nothing else is compared, so nothing else can be told.
 */
export function charterChanges(before: Charter, after: Charter): CharterChanges {
  const fields = Object.keys(FIELDS).flatMap(field => {
    if (field === 'agreements') return []
    if (field === 'place') return placeChanges(before.place, after.place)
    if (field === 'affiliations') return fieldChange(field, titleOf(field), names(before), names(after))
    const key = field as keyof Charter
    return fieldChange(field, titleOf(field), before[key], after[key])
  })
  const pairs = paired(before.agreements, after.agreements)
  return { fields, agreements: agreementChanges(before.agreements, after.agreements, pairs), reordered: isReordered(pairs) }
}

function fieldChange(field: string, title: string, before: unknown, after: unknown): FieldChange[] {
  if (isDeepStrictEqual(before, after)) return []
  const head = { field, title }
  if (isEmpty(before)) return isEmpty(after) ? [] : [{ ...head, how: 'added', value: after }]
  if (isEmpty(after)) return [{ ...head, how: 'removed', value: before }]
  if (Array.isArray(before) && Array.isArray(after)) return [{ ...head, how: 'list', ...listChange(before, after) }]
  if (LONG.has(field)) return [{ ...head, how: 'text', pieces: wordDiff(String(before), String(after)) }]
  return [{ ...head, how: 'changed', before, after }]
}

function listChange(before: readonly string[], after: readonly string[]) {
  const kept = after.filter(item => before.includes(item))
  return {
    added: after.filter(item => !before.includes(item)),
    removed: before.filter(item => !after.includes(item)),
    kept,
    reordered: !isDeepStrictEqual(
      kept,
      before.filter(item => after.includes(item)),
    ),
  }
}

function placeChanges(before: Charter['place'], after: Charter['place']): FieldChange[] {
  const parts = (['precision', 'country', 'region', 'locality', 'street'] as const).flatMap(field =>
    fieldChange(field, Place.shape[field].meta()?.title ?? field, before?.[field], after?.[field]),
  )
  return [...parts, ...fieldChange('coordinates', 'Coordinates', point(before), point(after))]
}

function point(place: Charter['place']): string | undefined {
  return place?.latitude === undefined ? undefined : `${place.latitude}, ${place.longitude}`
}

const names = ({ affiliations }: Charter) =>
  affiliations?.map(({ name, rel, url }) => [rel && `${rel}:`, name, url && `(${url})`].filter(Boolean).join(' '))

function agreementChanges(
  before: readonly Agreement[],
  after: readonly Agreement[],
  pairs: ReadonlyMap<number, number>,
): AgreementChange[] {
  const changed = after.flatMap((agreement, place): AgreementChange[] => {
    const former = before[pairs.get(place) ?? -1]
    if (!former) return [{ title: agreement.title, how: 'added', text: whole('added', agreement), details: details({}, agreement) }]
    if (isDeepStrictEqual(former, agreement)) return []
    const renamed = former.title === agreement.title ? {} : { formerly: former.title }
    const text = wordDiff(former.text ?? '', agreement.text ?? '').filter(piece => piece.text !== '')
    return [{ title: agreement.title, how: 'changed', ...renamed, text, details: details(former, agreement) }]
  })
  const stayed = new Set(pairs.values())
  const gone = before.flatMap((agreement, place): AgreementChange[] =>
    stayed.has(place)
      ? []
      : [{ title: agreement.title, how: 'removed', text: whole('removed', agreement), details: details(agreement, {}) }],
  )
  return [...changed, ...gone]
}

/** For each place in the later list, the place of the same agreement in the earlier one: by title, else by the same words. */
function paired(before: readonly Agreement[], after: readonly Agreement[]): Map<number, number> {
  const pairs = new Map<number, number>()
  const free = new Set(before.keys())
  const same: ((one: Agreement, other: Agreement) => boolean)[] = [
    (one, other) => isDeepStrictEqual(one, other),
    (one, other) => one.title === other.title,
    (one, other) => one.text === other.text && one.url === other.url,
  ]
  for (const is of same)
    for (const [place, agreement] of after.entries()) {
      if (pairs.has(place)) continue
      const twin = [...free].find(other => is(before[other]!, agreement))
      if (twin === undefined) continue
      pairs.set(place, twin)
      free.delete(twin)
    }
  return pairs
}

// That others came or went moves nobody.
function isReordered(pairs: ReadonlyMap<number, number>): boolean {
  const former = [...pairs].sort(([one], [other]) => one - other).map(([, place]) => place)
  return former.some((place, rank) => place < (former[rank - 1] ?? -1))
}

function whole(how: 'added' | 'removed', { text }: Agreement): Piece[] {
  return text ? [{ how, text }] : []
}

function details(before: Partial<Agreement>, after: Partial<Agreement>): AgreementChange['details'] {
  return (['url', 'adopted', 'version'] as const).flatMap(field =>
    before[field] === after[field] ? [] : [{ field, before: before[field], after: after[field] }],
  )
}

function titleOf(field: string): string {
  return FIELDS[field as keyof typeof FIELDS].meta()?.title ?? field
}

function isEmpty(value: unknown): boolean {
  return value === undefined || value === 'unknown' || (Array.isArray(value) && value.length === 0)
}
