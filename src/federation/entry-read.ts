import type { SignedEntry } from '../domain/entry.ts'
import { checkEntry, EntryRefusal } from './entry-check.ts'

/**
 * The entry that an actor's own document shows, if it proves itself and its keys are the actor's own.
 * @param keys Ed25519 keys of the actor's document, as multibase
 */
export function readEntry(value: unknown, actor: string, keys: readonly string[], now: Date): SignedEntry | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  try {
    const signed = checkEntry(value, now)
    const { attributedTo, assertionMethod } = signed.document
    const recovered = assertionMethod.every(key => keys.includes(key.publicKeyMultibase))
    return attributedTo === actor && (keys.includes(signed.signer) || recovered) ? signed : undefined
  } catch (error) {
    if (error instanceof EntryRefusal) return undefined
    throw error
  }
}
