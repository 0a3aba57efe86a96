import { DocumentRefusal } from './document-refusal.ts'
import { isIdentityDefinition, isKnownSpelling, isProtected, isProtectedNamespace, plainIri } from './identity-terms.ts'

type Limits = { contexts: number; terms: number }
type Definition = { iri: string | null | undefined; type: unknown; container: string[] }
/** Inline terms and the IRIs they stand for; undefined for a term that stands for nothing we could mistake. */
type Scope = ReadonlyMap<string, string | undefined>
type Resolve = (text: string) => string | undefined

const TERM_KEYS = new Set(['@id', '@type', '@container', '@language', '@direction', '@prefix', '@protected'])
const OPTIONS = new Set(['@version', '@language', '@direction', '@protected'])
const CONTAINERS = new Set<unknown>(['@list', '@set', '@language'])

/**
 * Allows contexts named by address, and inline ones of plain term definitions that rebind nothing: no scoped contexts, no `@import`,
 * `@base`, `@propagate`, no `@reverse` or `@nest` terms, no second name for what says who did what to whom.
 * Terms are resolved in the order of JSON-LD 1.1 section 4.1: a definition sees its own entry and the ones before it.
 * @param context of the document @param embedded contexts of the objects in it
 * @param compactKeys keys of the document that have a colon in them
 * @throws DocumentRefusal 'context' or 'identity'
 */
export function guardContexts(context: unknown, embedded: unknown[], compactKeys: ReadonlySet<string>, limits: Limits): void {
  const budget = { terms: limits.terms }
  const scope = extend(new Map(), context, limits, budget)
  for (const each of [scope, ...embedded.map(inner => extend(scope, inner, limits, budget))]) {
    for (const key of compactKeys) {
      const iri = expand(key, term => lookUp(each, term))
      if (isProtected(iri) && !isKnownSpelling(key, iri)) throw identity(key)
    }
  }
}

function extend(scope: Scope, context: unknown, limits: Limits, budget: { terms: number }): Scope {
  const entries = Array.isArray(context) ? context : context === undefined ? [] : [context]
  if (entries.length > limits.contexts) throw refusal('has too many entries')
  return entries.reduce<Scope>((before, entry) => {
    if (typeof entry === 'string') {
      if (entry.length > 2048) throw refusal('has an address that is too long')
      return before
    }
    // null would forget ActivityStreams itself.
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) throw refusal('has an entry that is none')
    budget.terms -= Object.keys(entry).length
    if (budget.terms < 0) throw refusal('defines too many terms')
    return define(before, entry)
  }, scope)
}

function define(before: Scope, entry: object): Scope {
  const after = new Map(before)
  const definitions = new Map<string, Definition>()
  for (const [term, value] of Object.entries(entry)) if (!term.startsWith('@')) definitions.set(term, readDefinition(value))
  const begun = new Set<string>()
  const resolve: Resolve = term => {
    const definition = definitions.get(term)
    if (!definition || (begun.has(term) && after.has(term))) return lookUp(after, term)
    if (begun.has(term)) throw refusal('defines terms in a circle')
    begun.add(term)
    after.delete(term)
    const { iri } = definition
    const own = typeof iri === 'string' && iri !== term ? expand(iri, resolve) : undefined
    after.set(term, own)
    return own
  }
  for (const [term, definition] of definitions) check(term, definition, resolve(term), resolve)
  for (const [option, value] of Object.entries(entry)) if (option.startsWith('@')) checkOption(option, value, [before, after])
  return after
}

function check(term: string, { type, container }: Definition, iri: string | undefined, resolve: Resolve): void {
  if (plainIri(term) !== undefined ? !isIdentityDefinition(term, iri, type, container) : isProtected(iri, term)) throw identity(term)
  if (iri?.startsWith('@') && iri !== plainIri(term)) throw identity(term)
  // A compact IRI may be a term as well, and keeps the meaning of its prefix.
  if (term.includes(':') && isProtected(expand(term, resolve))) throw identity(term)
}

function readDefinition(value: unknown): Definition {
  if (typeof value === 'string' || value === null) return { iri: value, type: undefined, container: [] }
  if (typeof value !== 'object' || Array.isArray(value)) throw refusal('defines a term wrongly')
  const { '@id': iri, '@type': type, '@container': container = [] } = value as Record<string, unknown>
  const containers: unknown[] = Array.isArray(container) ? container : [container]
  const unknown = Object.keys(value).find(key => !TERM_KEYS.has(key))
  if (unknown !== undefined) throw refusal(`defines a term with ${unknown.slice(0, 32)}`)
  if (containers.length > 3 || !containers.every(name => CONTAINERS.has(name))) throw refusal('defines a term with an unusual container')
  if (iri !== undefined && iri !== null && typeof iri !== 'string') throw refusal('defines a term wrongly')
  if (type !== undefined && typeof type !== 'string') throw refusal('defines a term wrongly')
  return { iri, type, container: containers as string[] }
}

function checkOption(option: string, value: unknown, scopes: Scope[]): void {
  const plain = OPTIONS.has(option) && (typeof value !== 'object' || value === null)
  const vocabulary =
    option === '@vocab' &&
    (value === null ||
      (typeof value === 'string' && !scopes.some(scope => isProtectedNamespace(expand(value, term => lookUp(scope, term)) ?? value))))
  if (!plain && !vocabulary) throw refusal(`uses ${option.slice(0, 32)}`)
}

/** What a term, a compact IRI or an IRI stands for. */
function expand(text: string, resolve: Resolve): string | undefined {
  if (text.startsWith('@')) return text
  const colon = text.indexOf(':')
  if (colon === -1) return resolve(text)
  const rest = text.slice(colon + 1)
  const prefix = rest.startsWith('//') ? undefined : resolve(text.slice(0, colon))
  return prefix === undefined ? text : prefix + rest
}

function lookUp(scope: Scope, term: string): string | undefined {
  return scope.has(term) ? scope.get(term) : plainIri(term)
}

function refusal(what: string): DocumentRefusal {
  return new DocumentRefusal('context', `The context of the document ${what}.`)
}

function identity(term: string): DocumentRefusal {
  return new DocumentRefusal('identity', `The document gives ${term.slice(0, 64)} another meaning than ActivityStreams does.`)
}
