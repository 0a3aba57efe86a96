import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { IntlMessageFormat } from 'intl-messageformat'
import ts from 'typescript'
import { root } from './root.ts'
import { everyNode, readSources } from './sources.ts'

const web = fileURLToPath(new URL('src/web/', root))
const folder = join(web, 'messages')

/** The messages of one language by `namespace.key`, as they are written. */
export function messagesOf(locale: string): Map<string, string> {
  const texts = readdirSync(join(folder, locale)).flatMap(file => {
    const namespace = file.replace(/\.json$/, '')
    const all = JSON.parse(readFileSync(join(folder, locale, file), 'utf8')) as Record<string, string>
    return Object.entries(all).map(([key, text]) => [`${namespace}.${key}`, text] as const)
  })
  return new Map(texts)
}

export const languagesWritten = () => readdirSync(folder).toSorted()

/** `whole`: the name itself. `prefix`: its beginning. `word`: a name that could be made of a namespace and a word of the same file. */
export type Use = { key: string; file: string; as: 'whole' | 'prefix' | 'word' }

/** Every name of a message that the sources of the web say: whole, or its beginning where the rest is put in. */
export function messagesUsed(namespaces: readonly string[]): Use[] {
  const name = new RegExp(`['"\`]((?:${namespaces.join('|')})\\.[\\w.-]*)(\\$\\{|['"\`])`, 'g')
  // A message of a namespace that does not exist would not be seen by the other.
  const said = /\b(?:t|rich)\(\s*(['"])([\w-]+\.[\w.-]+)\1/g
  return sources().flatMap(file => {
    const source = readFileSync(join(web, file), 'utf8')
    const names = [...source.matchAll(name)].flatMap(([, key = '', end]): Use[] => {
      if (end !== '${') return [{ key, file, as: 'whole' }]
      // A whole namespace is no prefix, or nothing of it could be missed: which of it is meant must stand beside it.
      if (!key.endsWith('.') || key.indexOf('.') < key.length - 1) return [{ key, file, as: 'prefix' }]
      return (source.match(/\w+/g) ?? []).map(word => ({ key: key + word, file, as: 'word' }))
    })
    const calls = [...source.matchAll(said)].map(([, , key = '']): Use => ({ key, file, as: 'whole' }))
    return [...names, ...calls].filter(({ key }) => !/\.(js|tsx?|css|svg|png|json)$/.test(key))
  })
}

/** Every message by which a refusal can be said in the language of its reader, wherever it is made, and what it gives to be put into it. */
export function phrasesUsed(): (Use & { values: string[] })[] {
  return readSources('src').flatMap(({ path, tree }) =>
    everyNode(tree).flatMap(node => phraseOf(node).map(use => ({ ...use, file: path }))),
  )
}

function phraseOf(node: ts.Node): (Omit<Use, 'file'> & { values: string[] })[] {
  const phrase = ts.isNewExpression(node) && node.expression.getText() === 'Refusal' ? node.arguments?.[3] : undefined
  if (!phrase || !ts.isObjectLiteralExpression(phrase)) return []
  const named = (name: string) => (part: ts.ObjectLiteralElementLike) => part.name?.getText() === name
  const code = phrase.properties.filter(ts.isPropertyAssignment).find(named('code'))?.initializer
  const values = phrase.properties.map(part => part.name?.getText() ?? '').filter(name => name !== 'code')
  if (code && ts.isStringLiteral(code)) return [{ key: `refusal.${code.text}`, as: 'whole', values }]
  return code && ts.isTemplateExpression(code) ? [{ key: `refusal.${code.head.text}`, as: 'prefix', values }] : []
}

function sources(): string[] {
  return readdirSync(web, { recursive: true, encoding: 'utf8' }).filter(file => /\.tsx?$/.test(file))
}

type Element = { type: number; value: string; options?: Record<string, { value: Element[] }>; pluralType?: string; children?: Element[] }
const [LITERAL, SELECT, PLURAL, POUND, TAG] = [0, 5, 6, 7, 8]

export type Shape = {
  /** What is put into it. */
  values: Set<string>
  tags: Set<string>
  /** For each plural within it that shows its number, the categories and the exact numbers (“=0”) it tells apart. */
  plurals: { type: Intl.PluralRuleType; categories: string[] }[]
  /** For each choice within it its cases. */
  cases: Set<string>
}

/** What a message is made of. @throws where it is no ICU MessageFormat */
export function shapeOf(text: string, locale: string): Shape {
  const shape: Shape = { values: new Set(), tags: new Set(), plurals: [], cases: new Set() }
  const read = (elements: readonly Element[]) => {
    for (const { type, value, options = {}, pluralType, children = [] } of elements) {
      if (type === LITERAL || type === POUND) continue
      if (type === TAG) shape.tags.add(value)
      else shape.values.add(value)
      if (type === PLURAL && options.other?.value.some(part => part.type === POUND))
        shape.plurals.push({ type: pluralType as Intl.PluralRuleType, categories: Object.keys(options) })
      if (type === SELECT) for (const name of Object.keys(options)) shape.cases.add(`${value}: ${name}`)
      for (const option of Object.values(options)) read(option.value)
      read(children)
    }
  }
  read(new IntlMessageFormat(text, locale).getAst() as unknown as Element[])
  return shape
}
