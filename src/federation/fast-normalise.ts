import type { Loader } from './fast-normalise-library.ts'
import { createTermReader, type Place, type Plan, type Property, type ReadTerms, type Terms } from './fast-normalise-terms.ts'

type Json = Record<string, unknown>
/** @returns what the JSON-LD processor would return, or undefined: then the processor has to be asked */
export type FastNormalise = (document: Json) => Promise<Json | undefined>

const CONTEXTS = 256
const LONGEST_CONTEXT = 8_192
// Every Pleroma and Akkoma server names its own copy of the one litepub context.
const LITEPUB = /^https?:\/\/[^/]+\/schemas\/litepub-0\.1\.jsonld$/

/**
 * Reads what nearly all documents of the fediverse are, trees of plain properties, as JSON-LD compaction does (JSON-LD 1.1 API
 * sections 5.1 and 6.1), twenty times faster. What a term means it asks jsonld, once for each `@context`; only the walk through
 * the tree is its own. At whatever is out of the ordinary it gives up: see docs/adr/0008.
 * @param ourContext the context that normalised documents are written in @param load where contexts come from
 */
export function createFastNormalise(ourContext: unknown, load: Loader): FastNormalise {
  const known = new Map<string, Terms | undefined>()
  let reader: Promise<ReadTerms> | undefined

  async function termsOf(context: unknown): Promise<Terms | undefined> {
    const key = keyOf(context)
    if (key.length > LONGEST_CONTEXT) return undefined
    let terms = known.get(key)
    if (!known.has(key)) {
      reader ??= createTermReader(ourContext, load)
      terms = await (await reader)(context)
      if (known.size >= CONTEXTS) known.delete(known.keys().next().value!)
    } else known.delete(key)
    // Most recently used last.
    known.set(key, terms)
    return terms
  }

  return async ({ '@context': context, ...document }) => {
    if (context === undefined || context === null) return undefined
    try {
      const terms = await termsOf(context)
      const read = terms && readNode(document, terms)
      return read && Object.keys(read).some(name => name !== 'id') ? read : undefined
    } catch {
      // jsonld has refused something: let it say so itself.
      return undefined
    }
  }
}

function keyOf(context: unknown): string {
  if (!Array.isArray(context)) return JSON.stringify(context)
  return JSON.stringify(context.map(entry => (typeof entry === 'string' && LITEPUB.test(entry) ? 'litepub' : entry)))
}

function readNode(object: Json, terms: Terms): Json | undefined {
  const node: Json = {}
  const empty: Property[] = []
  for (const key of Object.keys(object)) {
    const value = object[key]
    const plan = terms.plan(key)
    if (plan.kind === 'odd') return undefined
    if (plan.kind === 'id' || plan.kind === 'type') {
      const read = plan.kind === 'id' ? readId(value, terms) : typeof value === 'string' ? terms.type(value) : undefined
      if (read === undefined || !put(node, plan.kind, read)) return undefined
    } else if (plan.kind === 'property' && !readProperty(node, plan, value, terms, empty)) return undefined
  }
  return empty.every(property => isAlone(property, object, terms)) ? node : undefined
}

function readId(value: unknown, terms: Terms): string | undefined {
  return typeof value === 'string' && /^https?:\/\//.test(value) ? terms.address(value) : undefined
}

function readProperty(node: Json, property: Property, value: unknown, terms: Terms, empty: Property[]): boolean {
  if (property.type === '@json') return readJson(node, property, value)
  if (value === null) return true
  if (property.held === 'language') return readLanguages(node, property, value, terms)
  if (property.held === 'list') return readList(node, property, value, terms)
  const nodes: unknown[] = []
  const literals: unknown[] = []
  for (const item of Array.isArray(value) ? value : [value]) {
    if (item === null) continue
    const isNode = typeof item === 'object' || property.type === '@id'
    const read = readItem(item, isNode, isNode ? property.node : property.literal, terms)
    if (read === undefined) return false
    ;(isNode ? nodes : literals).push(read)
  }
  if (nodes.length === 0 && literals.length === 0) {
    if (!property.empty || !put(node, property.empty, [])) return false
    empty.push(property)
    return true
  }
  return (
    (nodes.length === 0 || put(node, property.node?.name, nodes)) && (literals.length === 0 || put(node, property.literal?.name, literals))
  )
}

// A node, an address or a literal; never null.
function readItem(item: unknown, isNode: boolean, place: Place | undefined, terms: Terms): unknown {
  if (!place || Array.isArray(item)) return undefined
  if (!isNode) return place.around ? { ...place.around, '@value': item } : item
  const node = typeof item === 'object' ? readNode(item as Json, terms) : { id: terms.address(item) }
  if (!node || ('id' in node && node.id === undefined)) return undefined
  return 'id' in node && !place.around && Object.keys(node).length === 1 ? node.id : node
}

function readJson(node: Json, { literal }: Property, value: unknown): boolean {
  if (!literal || value === null || Array.isArray(value)) return false
  return put(node, literal.name, [literal.around ? { ...literal.around, '@value': value } : value])
}

function readLanguages(node: Json, { language }: Property, value: unknown, terms: Terms): boolean {
  if (typeof value !== 'object' || Array.isArray(value)) return false
  const words: Json = {}
  // In the processor's order: the first may be taken for the language of the whole.
  for (const key of Object.keys(value as Json).sort()) {
    const text = (value as Json)[key]
    // A term could stand for @none.
    if (typeof text !== 'string' || !/^[a-z]{1,8}(-[a-z0-9]{1,8})*$/i.test(key) || terms.isTerm(key)) return false
    if (!put(words, key.toLowerCase(), text)) return false
  }
  return Object.keys(words).length > 0 && put(node, language, words)
}

function readList(node: Json, property: Property, value: unknown, terms: Terms): boolean {
  if (!Array.isArray(value)) return false
  const items = value.filter(item => item !== null)
  const ofNodes = items.some(item => typeof item === 'object') || property.type === '@id'
  const place = terms.list(property, items.length === 0 ? 'nothing' : ofNodes ? 'nodes' : 'literals')
  if (!place) return false
  const read: unknown[] = []
  for (const item of items) {
    if (ofNodes && typeof item !== 'object' && property.type !== '@id') return false
    const one = readItem(item, ofNodes, place.item, terms)
    if (one === undefined) return false
    read.push(one)
  }
  return put(node, place.name, place.whole ? read : [{ '@list': read }])
}

// What two keys say together is for the processor to put in order.
function put(node: Json, name: string | undefined, value: unknown): boolean {
  if (name === undefined || Object.hasOwn(node, name)) return false
  node[name] = value
  return true
}

// An empty array shows only where no other key says the same.
function isAlone({ iri }: Property, object: Json, terms: Terms): boolean {
  return Object.keys(object).filter(key => isAbout(terms.plan(key), iri)).length === 1
}

function isAbout(plan: Plan, iri: string): boolean {
  return plan.kind === 'property' && plan.iri === iri
}
