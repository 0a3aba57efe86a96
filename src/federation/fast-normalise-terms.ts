import { bundledContext } from './contexts/index.ts'
import { type ActiveContext, type Library, type Loader, loadLibrary, type Mapping } from './fast-normalise-library.ts'

/** Where a value goes. `around` is what stands about it there; undefined where it stands by itself. */
export type Place = { name: string; around: object | undefined }
export type Property = {
  kind: 'property'
  iri: string
  /** Of its literals; `@id` where its strings are addresses. */
  type: string | undefined
  held: 'language' | 'list' | undefined
  /** Undefined, as all that follow, where only the processor knows. */
  node: Place | undefined
  literal: Place | undefined
  language: string | undefined
  empty: string | undefined
}
export type Plan = { kind: 'odd' | 'dropped' | 'id' | 'type' } | Property

/** What the terms of one `@context` mean, in the words of ours. Every answer is jsonld's own, remembered. */
export type Terms = {
  plan(key: string): Plan
  /** @returns undefined where only the processor knows */
  type(name: string): string | undefined
  /** @returns undefined where only the processor knows */
  address(text: unknown): string | undefined
  list(property: Property, of: 'nodes' | 'literals' | 'nothing'): { name: string; whole: boolean; item: Place } | undefined
  isTerm(name: string): boolean
}
export type ReadTerms = (context: unknown) => Promise<Terms | undefined>

const AS = 'https://www.w3.org/ns/activitystreams'
const OPTIONS = { base: '' } as const
const REMEMBERED = 1_000
const SAMPLE = 'a value'
const SAMPLE_NODE = { '@id': 'https://a.example/' }
const UNUSUAL = ['@context', '@index', '@nest', '@language', '@direction']
const HARMLESS_OPTIONS = new Set(['@language', '@version', '@vocab', '@protected'])

/** @returns a function that gives undefined for a context that is left to the processor */
export async function createTermReader(ourContext: unknown, load: Loader): Promise<ReadTerms> {
  const library = loadLibrary()
  const ours = await library.process(ourContext, load)
  const usable = isPlain(ours) && [...ours.mappings.values()].every(isOfOurKind)
  return async context => {
    if (!usable || !isFamiliar(context)) return undefined
    const theirs = await library.process(withoutLanguage(context), load)
    return isPlain(theirs) ? createTerms(library, ours, theirs) : undefined
  }
}

// Contexts we have, ActivityStreams among them, and plain definitions.
function isFamiliar(context: unknown): boolean {
  const entries: unknown[] = [context].flat()
  const known = entries.every(entry => {
    if (typeof entry === 'string') return bundledContext(entry) !== undefined
    if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) return false
    return Object.keys(entry).every(key => !key.startsWith('@') || HARMLESS_OPTIONS.has(key))
  })
  return known && entries.some(entry => typeof entry === 'string' && bundledContext(entry) === bundledContext(AS))
}

// activitypub-express takes the default language away, or `preferredUsername` would become an object; not one that is empty.
function withoutLanguage(context: unknown): unknown {
  const entries = [context].flat() as ({ '@language'?: unknown } | string)[]
  return entries.map(entry => (typeof entry === 'object' && entry['@language'] ? { ...entry, '@language': null } : entry))
}

function isPlain(context: ActiveContext): boolean {
  return ['@base', '@language', '@direction', 'previousContext'].every(name => context[name] === undefined)
}

// Nothing in our own context may change a choice by something that is not looked at here.
function isOfOurKind(mapping: Mapping | null): boolean {
  return (
    mapping !== null &&
    isUsual(mapping) &&
    mapping['@type'] !== '@vocab' &&
    mapping['@type'] !== '@none' &&
    ((mapping['@container'] ?? []).length < 2 || !mapping['@container']?.includes('@language')) &&
    (mapping._prefix !== true || /^https?:\/\//.test(mapping['@id'] ?? ''))
  )
}

function isUsual(mapping: Mapping): boolean {
  const containers = mapping['@container'] ?? []
  return (
    mapping.reverse !== true &&
    !UNUSUAL.some(word => word in mapping) &&
    containers.every(word => word === '@set' || word === '@list' || word === '@language')
  )
}

function createTerms(library: Library, ours: ActiveContext, theirs: ActiveContext): Terms {
  const plans = new Map<string, Plan>()
  const types = new Map<string, string | undefined>()
  const prefixes = [...ours.mappings].flatMap(([term, mapping]) => (mapping?._prefix ? [{ term, iri: String(mapping['@id']) }] : []))
  const starts = prefixes.flatMap(({ term, iri }) => [`${term}:`, new URL(iri).origin])
  const mayShorten = new RegExp(`^(?:${starts.map(text => text.replace(/[^a-z0-9]/gi, '\\$&')).join('|')})`)
  const everyone = shorten(`${AS}#Public`)

  // `value` as in the algorithm: what the name is to stand for.
  function nameOf(iri: string, value: unknown = null): string {
    return library.compactIri({ activeCtx: ours, iri, value, relativeTo: { vocab: true } })
  }

  function shorten(iri: string): string {
    return library.compactIri({ activeCtx: ours, iri, relativeTo: { vocab: false }, base: '' })
  }

  function holds(name: string): string[] {
    return ours.mappings.get(name)?.['@container'] ?? []
  }

  function isName(name: string): boolean {
    return name !== 'id' && name !== 'type' && !name.startsWith('@') && !(name in Object.prototype)
  }

  const isSingle = (name: string) => isName(name) && holds(name).every(word => word === '@set')
  const nodeAt = (name: string): Place => ({ name, around: ours.mappings.get(name)?.['@type'] === '@id' ? undefined : {} })

  function nodePlace(iri: string): Place | undefined {
    const name = nameOf(iri, {})
    return isSingle(name) && name === nameOf(iri, SAMPLE_NODE) ? nodeAt(name) : undefined
  }

  function literalAt(name: string, value: object): Place | undefined {
    const shown = library.compactValue({ activeCtx: ours, activeProperty: name, value, options: OPTIONS })
    if (shown === SAMPLE) return { name, around: undefined }
    return (shown as Record<string, unknown>)['@value'] === SAMPLE ? { name, around: shown as object } : undefined
  }

  function literalPlace(iri: string, type: string | undefined): Place | undefined {
    const name = nameOf(iri, literal(type))
    return isSingle(name) ? literalAt(name, literal(type)) : undefined
  }

  function languageName(iri: string): string | undefined {
    const name = nameOf(iri, { '@value': SAMPLE, '@language': 'en' })
    return isName(name) && holds(name).includes('@language') ? name : undefined
  }

  function emptyName(iri: string): string | undefined {
    const name = nameOf(iri, [])
    return isName(name) ? name : undefined
  }

  function makePlan(key: string): Plan {
    if (key === '' || key.startsWith('@') || key in Object.prototype) return { kind: 'odd' }
    const mapping = theirs.mappings.get(key) ?? {}
    const iri = library.expandIri(theirs, key, { vocab: true }, OPTIONS)
    if (typeof iri === 'string' && iri.startsWith('@')) {
      const plain = isUsual(mapping) && !mapping['@container'] && !mapping['@type']
      return { kind: !plain ? 'odd' : iri === '@id' ? 'id' : iri === '@type' ? 'type' : 'odd' }
    }
    if (typeof iri !== 'string' || !library.isAbsolute(iri)) return { kind: 'dropped' }
    const type = mapping['@type']
    if (!isUsual(mapping) || type === '@vocab' || type === '@none') return { kind: 'odd' }
    const containers = mapping['@container'] ?? []
    const held = containers.includes('@language') ? 'language' : containers.includes('@list') ? 'list' : undefined
    return {
      kind: 'property',
      iri,
      type,
      held,
      node: nodePlace(iri),
      literal: type === '@id' ? undefined : literalPlace(iri, type),
      language: held === 'language' && !type ? languageName(iri) : undefined,
      empty: emptyName(iri),
    }
  }

  function typeName(text: string): string | undefined {
    const mapping = theirs.mappings.get(text)
    if (text === '' || mapping === null || (mapping && !isUsual(mapping))) return undefined
    const iri = library.expandIri(theirs, text, { vocab: true, base: true }, OPTIONS)
    return typeof iri === 'string' && !iri.startsWith('@') && library.isAbsolute(iri) ? nameOf(iri) : undefined
  }

  return {
    plan: key => remembered(plans, key, makePlan),
    type: text => remembered(types, text, typeName),
    address(text) {
      if (typeof text !== 'string') return undefined
      if (text === `${AS}#Public`) return everyone
      if (/^https?:\/\//.test(text) && !mayShorten.test(text)) return text
      // Blank nodes and what looks like a keyword are the processor's.
      if (/^(?:$|@|_:)/.test(text)) return undefined
      const iri = library.expandIri(theirs, text, { base: true }, OPTIONS)
      return typeof iri === 'string' && !/^(?:@|_:)/.test(iri) ? shorten(iri) : undefined
    },
    list({ iri, type }, of) {
      const sample = of === 'nodes' ? SAMPLE_NODE : literal(type)
      const name = nameOf(iri, { '@list': of === 'nothing' ? [] : [sample] })
      const whole = holds(name).includes('@list')
      if (!isName(name) || (!whole && !isSingle(name))) return undefined
      const item = of === 'literals' ? literalAt(name, sample) : nodeAt(name)
      return item && { name, whole, item }
    },
    isTerm: text => theirs.mappings.has(text),
  }
}

function literal(type: string | undefined): object {
  return type === undefined ? { '@value': SAMPLE } : { '@type': type, '@value': SAMPLE }
}

// What strangers can make up without end is remembered up to a point, and worked out each time beyond it.
function remembered<T>(known: Map<string, T>, key: string, make: (key: string) => T): T {
  const found = known.get(key)
  if (found !== undefined || known.has(key)) return found as T
  const made = make(key)
  if (known.size < REMEMBERED) known.set(key, made)
  return made
}
