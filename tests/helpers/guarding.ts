import type { Test } from 'tap'
import { type DocumentFault, DocumentRefusal, guardDocument, parseDocument } from '../../src/federation/guard.ts'

export type Json = Record<string, unknown>
export const AS = 'https://www.w3.org/ns/activitystreams'
export const NOTE: Json = {
  '@context': AS,
  id: 'https://evil.test/n/1',
  type: 'Create',
  actor: 'https://evil.test/u/mallory',
  object: { id: 'https://evil.test/n/2', type: 'Note', content: 'x' },
}
export const note = (more: Json): Json => ({ ...NOTE, ...more })
export const inContext = (...entries: unknown[]): Json => note({ '@context': [AS, ...entries] })

export function refuses(t: Test, code: DocumentFault, document: Json | string | Buffer, message: string = code): void {
  const body = Buffer.isBuffer(document) ? document : Buffer.from(typeof document === 'string' ? document : JSON.stringify(document))
  const start = process.cpuUsage()
  try {
    guardDocument(parseDocument(body))
    t.fail(`taken: ${message}`)
  } catch (error) {
    t.ok(error instanceof DocumentRefusal, `${message}: ${(error as Error).message}`)
    t.equal((error as DocumentRefusal).code, code, message)
  }
  t.ok(process.cpuUsage(start).user < 200_000, `${message}, quickly`)
}

export function takes(t: Test, document: Json, message: string): void {
  t.doesNotThrow(() => guardDocument(parseDocument(Buffer.from(JSON.stringify(document)))), message)
}
