import { createRequire } from 'node:module'

/** What jsonld has made of a term. */
export type Mapping = Record<string, unknown> & { '@id'?: string | null; '@type'?: string; '@container'?: string[]; _prefix?: boolean }
export type ActiveContext = Record<string, unknown> & { mappings: Map<string, Mapping | null> }
export type Loader = (url: string) => Promise<{ contextUrl: null; documentUrl: string; document: unknown }>

/** The parts of jsonld that say what a term or an address means, and what our context calls it. None of it is done by hand. */
export type Library = {
  expandIri(context: ActiveContext, text: string, relativeTo: { vocab?: true; base?: true }, options: { base: '' }): unknown
  compactIri(it: { activeCtx: ActiveContext; iri: string; value?: unknown; relativeTo: { vocab: boolean }; base?: '' }): string
  compactValue(it: { activeCtx: ActiveContext; activeProperty: string; value: unknown; options: { base: '' } }): unknown
  isAbsolute(iri: unknown): boolean
  process(context: unknown, load: Loader): Promise<ActiveContext>
}

/** As activitypub-express finds them: the very modules it reads documents with. */
export function loadLibrary(): Library {
  const load = createRequire(createRequire(import.meta.url).resolve('activitypub-express'))
  const { processContext } = load('jsonld')
  const { expandIri, getInitialContext } = load('jsonld/lib/context.js')
  const { compactIri, compactValue } = load('jsonld/lib/compact.js')
  const { isAbsolute } = load('jsonld/lib/url.js')
  const process: Library['process'] = (context, documentLoader) => processContext(getInitialContext({}), context, { documentLoader })
  return { expandIri, compactIri, compactValue, isAbsolute, process }
}
