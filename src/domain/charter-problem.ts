import { z } from 'zod'
import { nearest } from '../lib/nearest.ts'
import { type Problem, Refusal } from './refusal.ts'

/** A refusal that counts its problems, and tells the first hundred. */
export function invalid(what: string, problems: Problem[]): Refusal {
  const count = problems.length === 1 ? 'a problem' : `${problems.length} problems`
  return new Refusal('invalid', `${what} has ${count}.`, problems.slice(0, 100))
}

/** What a schema found wrong, each fault with its path in words: "agreements, 3rd, title". */
export function problemsOf(schema: z.core.$ZodType, error: z.ZodError): Problem[] {
  return error.issues.flatMap(issue => ofIssue(schema, issue))
}

function ofIssue(schema: z.core.$ZodType, issue: z.core.$ZodIssue): Problem[] {
  if (issue.code !== 'unrecognized_keys') return [{ path: inWords(issue.path), message: issue.message }]
  const names = fieldsAt(schema, issue.path)
  return issue.keys.map(key => {
    const meant = nearest(key, names)
    return {
      path: inWords([...issue.path, key]),
      message: `is not a field of ${inWords(issue.path)}.${meant ? ` Did you mean ${meant}?` : ''}`,
    }
  })
}

// ['agreements', 2, 'title'] is "agreements, 3rd, title".
function inWords(path: readonly PropertyKey[]): string {
  return path.map(step => (typeof step === 'number' ? ordinal(step + 1) : plain(String(step)))).join(', ') || 'the charter'
}

// A field nobody knows has whatever name it was given.
function plain(name: string): string {
  return name.slice(0, 40).replace(/[\p{C}\s]+/gu, ' ')
}

const SUFFIXES: Partial<Record<Intl.LDMLPluralRule, string>> = { one: 'st', two: 'nd', few: 'rd' }

function ordinal(count: number): string {
  return `${count}${SUFFIXES[new Intl.PluralRules('en', { type: 'ordinal' }).select(count)] ?? 'th'}`
}

function fieldsAt(schema: z.core.$ZodType, path: readonly PropertyKey[]): string[] {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodExactOptional) return fieldsAt(schema.unwrap(), path)
  const [step, ...rest] = path
  if (schema instanceof z.ZodArray) return fieldsAt(schema.element, rest)
  if (!(schema instanceof z.ZodObject)) return []
  return step === undefined ? Object.keys(schema.shape) : fieldsAt(schema.shape[String(step)], rest)
}
