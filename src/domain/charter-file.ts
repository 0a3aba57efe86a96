import { basename, extname } from 'node:path'
import { jsonFault, type TextFault } from '../lib/json-fault.ts'
import { readYaml } from '../lib/yaml-text.ts'
import { invalid } from './charter-problem.ts'
import { type Problem, Refusal } from './refusal.ts'

/** Larger files are refused unread, in bytes of UTF-8. */
export const MAX_CHARTER_FILE_BYTES = 256 * 1024

/** What a message calls a charter file. */
export function fileTitle(fileName: string): string {
  return `The charter file ${basename(fileName)}`
}

/**
 * What stands in a charter file, not yet judged as a charter: JSON (RFC 8259) if its name ends in .json, else YAML 1.2.
 * @throws Refusal 'invalid' where the file is empty, too large, or not JSON or YAML: with each line and column
 */
export function fileContent(text: string, fileName: string): unknown {
  const title = fileTitle(fileName)
  if (Buffer.byteLength(text) > MAX_CHARTER_FILE_BYTES) throw new Refusal('invalid', `${title} is larger than 256 kB.`)
  const content = text.replace(/^\ufeff/, '')
  if (!content.trim()) throw new Refusal('invalid', `${title} is empty.`)
  const read = extname(fileName).toLowerCase() === '.json' ? readJson(content) : readYaml(content)
  if ('value' in read) return read.value
  const problems = read.faults.map(({ offset, message }): Problem => ({ path: position(content, offset), message }))
  throw invalid(title, problems)
}

function readJson(text: string): { value: unknown } | { faults: TextFault[] } {
  const fault = jsonFault(text)
  return fault ? { faults: [fault] } : { value: JSON.parse(text) }
}

function position(text: string, offset: number): string {
  const lines = text.slice(0, offset).split('\n')
  return `line ${lines.length}, column ${(lines.at(-1)?.length ?? 0) + 1}`
}
