import { generateKeyPairSync, type KeyObject } from 'node:crypto'
import { checkEntry } from '../../src/federation/entry-check.ts'
import { addProof } from '../../src/federation/proofs.ts'
import { exportMultikey, type SigningKey } from '../../src/federation/signatures.ts'

type Json = Record<string, unknown>
export const DAY = 24 * 3_600_000
export const seconds = (time: Date | number) => `${new Date(time).toISOString().slice(0, 19)}Z`

export function aKey(privateKey: KeyObject = generateKeyPairSync('ed25519').privateKey) {
  return { privateKey, multibase: exportMultikey(privateKey) }
}
export type EntryKey = ReturnType<typeof aKey>

/** A community somewhere that makes entries as it likes, with its own key unless told otherwise. Times are in milliseconds. */
export function anAuthor(actor = 'https://elm.test/c/elm', key = aKey(), recovery?: EntryKey) {
  const origin = new URL(actor).origin
  const keyOf = ({ multibase }: EntryKey) => ({
    id: `${actor}#${multibase}`,
    type: 'Multikey',
    controller: actor,
    publicKeyMultibase: multibase,
  })
  const sign = (body: Json, { privateKey, multibase }: EntryKey, at: number): Json => {
    const id = multibase === recovery?.multibase ? `did:key:${multibase}#${multibase}` : `${actor}#${multibase}`
    return addProof(body, { id, algorithm: 'ed25519', privateKey } as SigningKey, new Date(at))
  }
  const common = (keys: EntryKey[]) => ({
    id: `${actor}/entry`,
    attributedTo: actor,
    assertionMethod: keys.map(keyOf),
    ...(recovery ? { recovery: `did:key:${recovery.multibase}` } : {}),
  })
  return {
    actor,
    key,
    keyOf,
    sign,
    entry(seq: number, at: number, more: Json = {}, options: { by?: EntryKey; keys?: EntryKey[]; charter?: Json } = {}): Json {
      const { by = key, keys = [by], charter = {} } = options
      const body = {
        type: 'DirectoryEntry',
        ...common(keys),
        seq,
        node: `${origin}/node`,
        preferredUsername: new URL(actor).pathname.split('/').at(-1),
        url: actor,
        published: seconds(at),
        updated: seconds(at),
        expires: seconds(at + 180 * DAY),
        discoverable: true,
        indexable: true,
        charter: {
          name: 'Elm',
          summary: 'A house under an elm.',
          kind: ['commune'],
          theme: 'left',
          themes: ['left'],
          status: 'established',
          openToMembers: 'yes',
          openToVisitors: 'yes',
          openToVolunteers: 'unknown',
          languages: ['en'],
          agreements: [],
          edition: 1,
          published: seconds(at),
          digest: 'zQm',
          ...charter,
        },
        ...more,
      }
      return sign(body, by, at)
    },
    tombstone(seq: number, at: number, until: number, { by = key, keys = [by] }: { by?: EntryKey; keys?: EntryKey[] } = {}): Json {
      const body = {
        type: 'Tombstone',
        formerType: 'DirectoryEntry',
        ...common(keys),
        seq,
        deleted: seconds(at),
        until: seconds(until),
      }
      return sign(body, by, at)
    },
    succession(previous: EntryKey, next: EntryKey[], at: number): Json {
      const body = {
        type: 'KeySuccession',
        attributedTo: actor,
        previous: previous.multibase,
        next: next.map(one => one.multibase),
        created: seconds(at),
      }
      const id = `did:key:${previous.multibase}#${previous.multibase}`
      return addProof(body, { id, algorithm: 'ed25519', privateKey: previous.privateKey }, new Date(at))
    },
  }
}
export type Author = ReturnType<typeof anAuthor>

/** A document as `hearEntry` takes it. */
export const signed = (document: Json, at: number) => checkEntry(document, new Date(at))
