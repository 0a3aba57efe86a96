import type { SwaggerOptions, SwaggerTransformObject } from '@fastify/swagger'
import { createJsonSchemaTransform, createJsonSchemaTransformObject } from 'fastify-type-provider-zod'
import type { z } from 'zod'

/** How the OpenAPI document is made of the routes and their zod schemas. */
export function description(origin: string, version: string): SwaggerOptions {
  const zodToJsonConfig = { override: plainer }
  const components = createJsonSchemaTransformObject({ zodToJsonConfig })
  return {
    openapi: {
      openapi: '3.1.0',
      info: {
        title: 'The directory for programs',
        version,
        description:
          'The intentional communities this node knows, each with its charter, as JSON. Reading needs no key, and scripts of every site may.',
        license: { name: 'AGPL-3.0-or-later', identifier: 'AGPL-3.0-or-later' },
      },
      servers: [{ url: origin }],
      tags: [{ name: 'Directory' }],
    },
    transform: createJsonSchemaTransform({ zodToJsonConfig }),
    transformObject: document => onlyUsed(components(document)),
  }
}

// Bounds and patterns that say no more than the type or the format do.
function plainer({ jsonSchema }: { jsonSchema: z.core.JSONSchema.BaseSchema }): void {
  if (jsonSchema.minimum === Number.MIN_SAFE_INTEGER) delete jsonSchema.minimum
  if (jsonSchema.maximum === Number.MAX_SAFE_INTEGER) delete jsonSchema.maximum
  if (jsonSchema.format === 'date-time') delete jsonSchema.pattern
}

type Described = ReturnType<SwaggerTransformObject>

// The plugin makes two components of each schema, one for requests and one for answers, whether or not both occur.
function onlyUsed(document: Described): Described {
  if (!('components' in document)) return document
  const all = document.components?.schemas ?? {}
  const used: typeof all = {}
  let text = JSON.stringify(document.paths)
  for (;;) {
    const found = Object.keys(all).filter(name => !used[name] && text.includes(`"#/components/schemas/${name}"`))
    if (found.length === 0) return { ...document, components: { ...document.components, schemas: used } } as Described
    for (const name of found) used[name] = all[name]!
    text = JSON.stringify(used)
  }
}
