import type { Charter } from './charter.ts'
import { labels, peopleWords, placeWords, yearsWords } from './charter-words.ts'
import { label } from './vocabulary.ts'

/** One line about a community, for profile fields and short texts. `href` where the value is an address. */
export type Fact = { name: string; value: string; href?: string }

/** What a stranger wants to know first, in at most a dozen lines. @param charter the public one */
export function charterFacts(charter: Charter): Fact[] {
  const { theme, themes, status, website } = charter
  const facts: [string, string | undefined][] = [
    ['Theme', labels('theme', [theme, ...themes.filter(other => other !== theme)])],
    ['Kind', labels('kind', charter.kind)],
    ['Status', [label('status', status), yearsWords(charter)].filter(Boolean).join(', ')],
    ['Place', placeWords(charter)],
    ['People', peopleWords(charter)],
    ['New members', asked('openToMembers', charter.openToMembers)],
    ['Visitors', asked('openToVisitors', charter.openToVisitors)],
    ['Decisions', labels('decisionMaking', charter.decisionMaking)],
    ['Income', labels('incomeSharing', charter.incomeSharing)],
    ['Spirituality', labels('spiritualTraditions', charter.spiritualTraditions)],
    ['Languages', labels('language', charter.languages)],
  ]
  const said = facts.flatMap(([name, value]) => (value ? [{ name, value }] : []))
  return website ? [...said, { name: 'Website', value: website.replace(/^https?:\/\//, '').replace(/\/$/, ''), href: website }] : said
}

function asked(field: string, value: string): string | undefined {
  return value === 'unknown' ? undefined : label(field, value)
}
