import { type DirectoryQuery, FILTERS } from '../domain/directory-query.ts'
import type { Words } from './messages.ts'
import { labelIn } from './parts/label.ts'
import { placeName } from './place-name.ts'

const NAMED: Partial<Record<string, string>> = { openToMembers: 'search.membersAre', openToVisitors: 'search.visitorsAre' }

/** What a query asks for, in words: “Communities: “consensus”, Anarchist, Commune, Spain”. */
export function queryWords(words: Words, query: DirectoryQuery): string {
  const { t, locale } = words
  const { q, near, within, bbox } = query
  const label = labelIn(words)
  const either = new Intl.ListFormat(locale, { type: 'disjunction' })
  const parts = [
    ...(q ? [t('search.quoted', { words: q })] : []),
    ...FILTERS.flatMap(field => {
      const values = (query[field] ?? []) as string[]
      const named = NAMED[field]
      const value = either.format(values.map(value => label(field, value)))
      return values.length > 0 ? [named ? t(named, { value }) : value] : []
    }),
    ...(near && within !== undefined ? [t('search.within', { km: within, place: placeName(words, near) })] : []),
    ...(bbox ? [t('search.inBox')] : []),
  ]
  return parts.length > 0 ? t('search.feedOf', { conditions: parts.join(t('charter.comma')) }) : t('search.feedOfAll')
}
