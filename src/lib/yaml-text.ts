import { createRequire } from 'node:module'
import type * as Yaml from 'yaml'
import type { Document } from 'yaml'
import type { TextFault } from './json-fault.ts'
import { lazy } from './lazy.ts'

const yaml = lazy(() => createRequire(import.meta.url)('yaml') as typeof Yaml)
const MAX_DEPTH = 32

/**
 * Reads one document of plain YAML 1.2: no tags, aliases or merge keys, no name twice, 32 levels at most. What is not plain comes back as
 * faults, the first few in the order of the text.
 */
export function readYaml(text: string): { value: unknown } | { faults: TextFault[] } {
  const deep = tooDeep(text)
  if (deep) return { faults: [deep] }
  const document = yaml().parseDocument(text, { schema: 'core', stringKeys: true, uniqueKeys: true, prettyErrors: false })
  const broken = [...document.errors, ...document.warnings].map(({ code, message, pos }) => ({
    offset: pos[0],
    message: PLAIN[code] ?? message,
  }))
  const faults = [...broken, ...aliases(document)].toSorted((a, b) => a.offset - b.offset)
  // One slip can make the rest of a text unreadable in many ways, so the first few say it all.
  return faults.length ? { faults: faults.slice(0, 5) } : { value: document.toJS({ maxAliasCount: 0 }) }
}

// An alias can stand for a text that holds aliases in turn, and so a few lines for gigabytes.
function aliases(document: Document.Parsed): TextFault[] {
  const found: TextFault[] = []
  yaml().visit(document, (_, node) => {
    if (!yaml().isAlias(node)) return
    const message = `*${node.source} stands for a text elsewhere in the file: write that text out, or put this one in quotes`
    found.push({ offset: node.range?.[0] ?? 0, message })
  })
  return found
}

// Some hundred thousand "- " in a row end the whole process within the parser, beyond any catch. The lexer alone is safe.
function tooDeep(text: string): TextFault | undefined {
  let offset = 0
  let brackets = 0
  let indicators = 0
  for (const token of new (yaml().Lexer)().lex(text)) {
    if (token === '[' || token === '{') brackets++
    else if (token === ']' || token === '}') brackets--
    else if (token === '-' || token === '?') indicators++
    else if (token.trim()) indicators = 0
    if (brackets > MAX_DEPTH || indicators > MAX_DEPTH) return { offset, message: 'this is nested too deeply' }
    // The lexer's own marks are control characters, and no part of the text.
    if (!/^[\p{Cc}\ufeff]$/u.test(token) || /^\s$/.test(token)) offset += token.length
  }
  return undefined
}

const PLAIN: Partial<Record<string, string>> = {
  BLOCK_AS_IMPLICIT_KEY: "a text with ': ' in it must stand in quotes",
  DUPLICATE_KEY: 'this name was already used above',
  MULTIPLE_DOCS: 'there must be only one document, so --- may stand only at the beginning',
  NON_STRING_KEY: 'this must be a plain name',
  RESOURCE_EXHAUSTION: 'this is nested too deeply',
  TAB_AS_INDENT: 'lines are indented with spaces, not with tabs',
  TAG_RESOLVE_FAILED: 'tags such as !this mean nothing here: put the text in quotes',
}
