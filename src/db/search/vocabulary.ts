import type { Statement } from 'better-sqlite3'
import { variantsOf } from '../../domain/search-text.ts'
import { isUnspaced } from '../../domain/search-token.ts'
import { lettersApart } from '../../lib/letters-apart.ts'
import type { Db } from '../open.ts'
import { prepared } from '../prepared.ts'
import { clientOf } from '../statement.ts'
import { FIRST, type Scope } from './scope.ts'

/** So many words a beginning stands for, the most frequent ones. */
const MOST_ENDINGS = 24
/** So many words are tried for one that nobody has written. */
const MOST_MENDED = 3
/** A word in so many entries is frequent: the index of frequent words gives those of a beginning at once. */
const FREQUENT = 100

/** The words the entries know. */
export type Vocabulary = {
  /** In how many entries a word stands. */
  count(word: string): number
  /** Words that begin so, the word itself among them where it is one. */
  beginning(start: string): string[]
  /** Words that somebody meant who mistyped one, the likeliest first. */
  near(word: string): string[]
}

export function openVocabulary(db: Db): Vocabulary {
  const $client = clientOf(db)
  const counted = $client.prepare<[string], number>('select entries from search_terms where term = ?').pluck()
  const inRange = 'term >= ? and term < ?'
  const frequent = listing(
    $client.prepare(
      `select term from search_terms indexed by search_frequent where ${inRange} and entries >= ${FREQUENT} order by entries desc limit ${MOST_ENDINGS}`,
    ),
  )
  const any = listing(
    $client.prepare(
      `select term from (select term, entries from search_terms where ${inRange} limit 250) order by entries desc limit ${MOST_ENDINGS}`,
    ),
  )
  const sharing = $client.prepare<[string], { term: string; entries: number }>(
    'select distinct term, entries from search_typos join search_terms using (term) where variant in (select value from json_each(?)) limit 500',
  )
  return {
    count: word => counted.get(word) ?? 0,
    beginning(start) {
      const end = start + String.fromCodePoint(0x10ffff)
      const common = frequent.all(start, end) as string[]
      const all = common.length < MOST_ENDINGS ? [...common, ...(any.all(start, end) as string[])] : common
      return [...new Set(all)].slice(0, MOST_ENDINGS)
    },
    near(word) {
      const variants = variantsOf(word)
      if (variants.length === 0 || isUnspaced(word)) return []
      const furthest = word.length >= 8 ? 2 : 1
      return sharing
        .all(JSON.stringify(variants))
        .map(({ term, entries }) => ({ term, entries, apart: lettersApart(word, term) }))
        .filter(({ apart }) => apart <= furthest)
        .sort((a, b) => a.apart - b.apart || b.entries - a.entries)
        .slice(0, MOST_MENDED)
        .map(({ term }) => term)
    },
  }
}

/** So long what a word stands for is remembered where entries come and go all the time, and of so many words. */
const LASTS_MS = 10_000
const REMEMBERED = 2_000

/** The same, remembering what it was asked: until something changes, or in a large directory for some seconds. */
export function vocabularyOf({ db, state, of }: Scope): Vocabulary {
  const kept = prepared(db, openKept)
  if (kept.state !== state && (of <= FIRST || performance.now() - kept.at > LASTS_MS)) {
    kept.answers.clear()
    Object.assign(kept, { state, at: performance.now() })
  }
  return kept.vocabulary
}

function openKept(db: Db) {
  const asked = openVocabulary(db)
  const answers = new Map<string, string[]>()
  const once = (question: 'beginning' | 'near') => (word: string) => {
    const key = `${question} ${word}`
    const answer = answers.get(key) ?? asked[question](word)
    if (answers.size < REMEMBERED) answers.set(key, answer)
    return answer
  }
  return { answers, state: '', at: 0, vocabulary: { count: asked.count, beginning: once('beginning'), near: once('near') } }
}

const listing = (statement: Statement) => statement.pluck()
