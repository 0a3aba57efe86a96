import type { ComponentChildren } from 'preact'
import type { Page } from '../layout.tsx'
import type { Words as Messages } from '../messages.ts'
import { useWords } from '../parts/use-words.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  title?: string
  description?: string
  enum?: readonly unknown[]
  default?: unknown
  items?: Schema
  anyOf?: Schema[]
  properties?: Record<string, Schema>
  required?: string[]
}
type Parameter = { name: string; in: string; required?: boolean; description?: string; schema: Schema }
type Response = { description: string; content?: Record<string, { schema: Schema }> }
type Operation = { summary?: string; description?: string; parameters?: Parameter[]; responses: Record<string, Response> }
type OpenApi = {
  info: { title: string; description?: string; version: string }
  paths: Record<string, Record<string, Operation>>
  components?: { schemas?: Record<string, Schema> }
}

/** The interface for programs, for people who write one. */
export function apiPage({ document, words: { t } }: { document: object; words: Messages }): Page {
  return {
    title: t('layout.forPrograms'),
    description: t('api.description'),
    canonical: '/api',
    body: <ApiPage document={document} />,
  }
}

/** An OpenAPI document as a page that can be read. Its own words are English: they are part of the interface. */
export function ApiPage({ document }: { document: object }) {
  const { rich, t, locale } = useWords()
  const { info, paths, components } = document as OpenApi
  const to = (href: string) => (words: ComponentChildren) => <a href={href}>{words}</a>
  const operations = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation })),
  )
  return (
    <div class="about">
      <h1>{info.title}</h1>
      <p class="lede">{info.description}</p>
      <p>
        {rich('api.machines', {
          document: <a href="/api/openapi.json">openapi.json</a>,
          schema: <a href="/schema/charter.json">charter.json</a>,
          try: to('/api/directory?limit=2'),
        })}
      </p>
      {locale !== 'en' && <p class="soft">{t('api.english')}</p>}
      <ApiText operations={operations} schemas={components?.schemas ?? {}} />
    </div>
  )
}

type Listed = { path: string; method: string; operation: Operation }

function ApiText({ operations, schemas }: { operations: readonly Listed[]; schemas: Record<string, Schema> }) {
  const { locale } = useWords()
  const foreign = locale === 'en' ? {} : { lang: 'en', dir: 'ltr' as const }
  return (
    <div {...foreign}>
      {operations.map(({ path, method, operation }) => (
        <OperationSection key={path + method} path={path} method={method} operation={operation} />
      ))}
      {Object.entries(schemas).map(([name, schema]) => (
        <section key={name} id={name}>
          <h2>{name}</h2>
          <Properties schema={schema} />
        </section>
      ))}
    </div>
  )
}

function OperationSection({ path, method, operation }: { path: string; method: string; operation: Operation }) {
  const { summary, description, parameters = [], responses } = operation
  return (
    <section>
      <h2>{summary}</h2>
      <p>
        <code>
          {method.toUpperCase()} {path}
        </code>
      </p>
      <p>
        <Words>{description}</Words>
      </p>
      {parameters.length > 0 && (
        <dl class="fields">
          {parameters.map(({ name, in: where, description, schema }) => (
            <div key={name}>
              <dt>
                <code>{name}</code> {where === 'path' && '(in the path)'}
              </dt>
              <dd>
                <Words>{description}</Words> <Shape schema={schema} />
              </dd>
            </div>
          ))}
        </dl>
      )}
      {Object.entries(responses).map(([status, { description, content }]) => (
        <div key={status}>
          <p>
            <strong>{status}</strong> {description}
          </p>
          {Object.values(content ?? {}).map(({ schema }) =>
            schema.$ref ? <Shape key={schema.$ref} schema={schema} /> : <Properties key={status} schema={schema} />,
          )}
        </div>
      ))}
    </section>
  )
}

function Properties({ schema }: { schema: Schema }) {
  const { properties = {}, required = [] } = schema
  return (
    <dl class="fields">
      {Object.entries(properties).map(([name, property]) => (
        <div key={name}>
          <dt>
            <code>{name}</code>
            {!required.includes(name) && ' (optional)'}
          </dt>
          <dd>
            <Words>{property.description ?? property.title}</Words> <Shape schema={property} />
            {property.properties && <Properties schema={property} />}
            {property.items?.properties && <Properties schema={property.items} />}
          </dd>
        </div>
      ))}
    </dl>
  )
}

/** A description, in which names of the interface stand between backticks. */
function Words({ children = '' }: { children: string | undefined }) {
  return <>{children.split('`').map((part, place) => (place % 2 === 1 ? <code key={part}>{part}</code> : part))}</>
}

const NAMED = /^#\/components\/schemas\/(\w+)$/
/** A vocabulary longer than this is left to the machine's own document. */
const MANY_VALUES = 40

function Shape({ schema }: { schema: Schema }) {
  const name = schema.$ref?.match(NAMED)?.[1]
  if (name) return <a href={`#${name}`}>{name}</a>
  if (schema.anyOf)
    return <>{schema.anyOf.map((choice, place) => [place > 0 && ' or ', <Shape key={JSON.stringify(choice)} schema={choice} />])}</>
  if (schema.items) {
    return (
      <>
        <span class="soft">list of</span> <Shape schema={schema.items} />
      </>
    )
  }
  const values = schema.enum && schema.enum.length <= MANY_VALUES ? schema.enum : undefined
  return (
    <span class="soft">
      {values ? values.join(' | ') : [schema.type ?? ''].flat().join(' or ')}
      {schema.default !== undefined && !Array.isArray(schema.default) && `, ${JSON.stringify(schema.default)} if not given`}
    </span>
  )
}
