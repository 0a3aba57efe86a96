import { Refusal } from './refusal.ts'
import { THEMES, type Theme } from './vocabulary.ts'

/**
 * Which communities this node lists, by their themes: all; only those with at least one of some themes; all except those with any of
 * them. What the node passes on to others stays complete.
 */
export type ThemePolicy = { mode: 'all' | 'only' | 'except'; themes: Theme[] }
export const POLICY_MODES = ['all', 'only', 'except'] as const
export const NO_POLICY: ThemePolicy = { mode: 'all', themes: [] }

export function isHiddenBy({ mode, themes }: ThemePolicy, of: readonly string[]): boolean {
  if (mode === 'all') return false
  return of.some(theme => (themes as readonly string[]).includes(theme)) === (mode === 'except')
}

/** @throws Refusal when a theme is none, or there is none where some are needed */
export function readPolicy(mode: string, themes: readonly string[]): ThemePolicy {
  if (mode === 'all') return NO_POLICY
  if (mode !== 'only' && mode !== 'except') throw new Refusal('invalid', 'A policy is one of: all, only, except.')
  const odd = themes.find(theme => !(THEMES as readonly string[]).includes(theme))
  if (odd !== undefined) throw new Refusal('invalid', `“${odd}” is no theme. There are: ${THEMES.join(', ')}.`)
  const chosen = THEMES.filter(theme => themes.includes(theme))
  if (chosen.length === 0) throw new Refusal('invalid', 'Choose at least one theme.')
  if (mode === 'only' && chosen.length === THEMES.length) return NO_POLICY
  if (chosen.length === THEMES.length) throw new Refusal('invalid', 'That would hide every community.')
  return { mode, themes: chosen }
}
