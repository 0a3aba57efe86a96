import { z } from 'zod'

/**
 * What of `value` a schema knows: fields it does not name are left out, and so are words its enumerations do not list, together with
 * the smallest optional thing they stand in. Undefined where nothing optional is around them. Sizes, texts and types are not judged:
 * parse the result.
 */
export function knownPart(schema: z.core.$ZodType, value: unknown): unknown {
  if (value === null) return undefined
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodExactOptional) return knownPart(schema.unwrap(), value)
  if (schema instanceof z.ZodEnum) return typeof value !== 'string' || schema.options.includes(value) ? value : undefined
  if (schema instanceof z.ZodArray && Array.isArray(value)) return knownItems(schema.element, value)
  if (schema instanceof z.ZodObject && typeof value === 'object' && !Array.isArray(value)) return knownFields(schema.shape, value as object)
  return value
}

function knownItems(element: z.core.$ZodType, items: unknown[]): unknown[] | undefined {
  const known = items.map(item => knownPart(element, item)).filter(item => item !== undefined)
  return known.length || !items.length ? known : undefined
}

function knownFields(shape: Record<string, z.core.$ZodType>, value: object): Record<string, unknown> | undefined {
  const fields: Record<string, unknown> = {}
  for (const [name, schema] of Object.entries(shape)) {
    if (!Object.hasOwn(value, name)) continue
    const part = knownPart(schema, Reflect.get(value, name))
    if (part !== undefined) fields[name] = part
    else if (!(schema instanceof z.ZodDefault || schema instanceof z.ZodExactOptional)) return undefined
  }
  return fields
}
