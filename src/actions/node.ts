import { generateKeyPairSync, randomBytes } from 'node:crypto'
import type { Context } from '../context.ts'
import { localCommunity } from '../db/community.ts'
import { record } from '../db/event.ts'
import { keyGeneration, keysOf, retireKeys, saveKey } from '../db/key.ts'
import { type Tx, transact } from '../db/open.ts'
import { FORM_KEY, saveSetting, setting } from '../db/setting.ts'
import { communityIri, nodeIri } from '../domain/iri.ts'
import { Refusal } from '../domain/refusal.ts'

/**
 * Makes this database a node, or finds that it already is this one. Every id begins with the public URL, so a node whose URL
 * drifts would become a stranger to all who know it.
 * @throws Refusal when the database belongs to another address
 */
export function foundNode(ctx: Context): void {
  const { publicUrl } = ctx.config
  transact(ctx.db, tx => {
    const known = setting(tx, 'publicUrl')
    if (known !== undefined && known !== publicUrl) {
      throw new Refusal(
        'conflict',
        `This data belongs to the node at ${known}, but PUBLIC_URL says ${publicUrl}. Followers know this node by its address, so it can't change. Set PUBLIC_URL=${known}, or use another DATA_DIR.`,
      )
    }
    if (known === undefined) saveSetting(tx, 'publicUrl', publicUrl)
    if (setting(tx, FORM_KEY) === undefined) saveSetting(tx, FORM_KEY, randomBytes(32).toString('base64url'))
    if (keysOf(tx, nodeIri(publicUrl)).length === 0) makeKeys(tx, nodeIri(publicUrl), ctx.now())
  })
}

/** RSA-2048 because every server verifies it, Ed25519 for proofs (FEP-521a). Each pair has a number of its own, so its id names it for ever. */
export function makeKeys(tx: Tx, actor: string, createdAt: Date): void {
  const publicKeyEncoding = { type: 'spki', format: 'pem' } as const
  const privateKeyEncoding = { type: 'pkcs8', format: 'pem' } as const
  const rsa = generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding, privateKeyEncoding })
  const ed25519 = generateKeyPairSync('ed25519', { publicKeyEncoding, privateKeyEncoding })
  const number = keyGeneration(tx, actor) + 1
  const suffix = number === 1 ? '' : `-${number}`
  saveKey(tx, { id: `${actor}#main-key${suffix}`, actor, algorithm: 'rsa', ...rsa, createdAt })
  saveKey(tx, { id: `${actor}#ed25519-key${suffix}`, actor, algorithm: 'ed25519', ...ed25519, createdAt })
}

/**
 * Gives the node and its community new keys, and tells the followers. The old ones sign nothing any more; servers that meet a new key's
 * id fetch it, so nobody stops following.
 * @returns the ids of the new keys
 */
export function rotateKeys(ctx: Context): string[] {
  return transact(ctx.db, tx => {
    const now = ctx.now()
    const { publicUrl } = ctx.config
    const community = localCommunity(tx)
    const actors = [nodeIri(publicUrl), ...(community ? [communityIri(publicUrl, community.handle)] : [])]
    for (const actor of actors) {
      // Others know the community by its key: the old one signs once more, that the new one follows it.
      retireKeys(tx, actor, now, actor !== nodeIri(publicUrl))
      makeKeys(tx, actor, now)
    }
    record(tx, { kind: 'keys.rotated', subject: publicUrl, at: now })
    return actors.flatMap(actor => keysOf(tx, actor).map(key => key.id))
  })
}
