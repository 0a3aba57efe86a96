import { bandOfId, hiddenRange } from '../domain/entry-rank.ts'
import { valueToken } from '../domain/search-token.ts'
import { NO_POLICY, type ThemePolicy } from '../domain/theme-policy.ts'
import { THEMES } from '../domain/vocabulary.ts'
import type { Db, Tx } from './open.ts'
import { matches } from './search/matches.ts'
import { saveSetting, setting } from './setting.ts'
import { listing } from './statement.ts'

const NAME = 'directory.policy'
const PENDING = 'directory.policy.pending'

export function themePolicy(db: Db): ThemePolicy {
  const said = listing(db, 'select value from settings where name = ?').get(NAME) as string | undefined
  return said === undefined ? NO_POLICY : (JSON.parse(said) as ThemePolicy)
}

export function saveThemePolicy(tx: Tx, policy: ThemePolicy): void {
  saveSetting(tx, NAME, JSON.stringify(policy))
}

/** How many communities the policy hides, of those that searches would show. */
export function hiddenCount(db: Db, include: 'shown' | 'all' = 'shown'): number {
  const { first, end } = hiddenRange(include)
  const sql = 'select coalesce(sum(entries), 0) from search_bands where band >= ? and band < ?'
  return listing(db, sql).get(bandOfId(first), bandOfId(end)) as number
}

/** Entries that stand where the policy no longer wants them, some of them. Never the community of this node. */
export function misplaced(db: Db, { mode, themes }: ThemePolicy, most: number): number[] {
  const tokens = (some: readonly string[]) => some.map(theme => `"${valueToken('theme', theme)}"`).join(' OR ')
  const rest = THEMES.filter(theme => !(themes as readonly string[]).includes(theme))
  // An index can't be asked for all that is without something. Each community has a theme.
  const chosen = tokens(themes)
  const others = `(${tokens(rest)}) NOT (${chosen})`
  const [listed, hidden] = mode === 'only' ? [chosen, others] : [others, chosen]
  const { first } = hiddenRange('all')
  const end = Number.MAX_SAFE_INTEGER
  if (mode === 'all') return listing(db, 'select id from entries where id >= ? order by id limit ?').all(first, most) as number[]
  const isOwn = listing(db, "select source = 'self' from entries where id = ?")
  const wrong = matches(db, hidden, undefined, { first: 0, end: first, most: most + 1 }).filter(id => isOwn.get(id) !== 1)
  return (wrong.length > 0 ? wrong : matches(db, listed, undefined, { first, end, most })).slice(0, most)
}

/** Whether entries may still stand where an earlier policy put them. */
export function policyIsPending(db: Db): boolean {
  return setting(db, PENDING) === 'yes'
}

export function markPolicyPending(tx: Tx, pending: boolean): void {
  saveSetting(tx, PENDING, pending ? 'yes' : 'no')
}
