import { generateKeyPairSync } from 'node:crypto'
import { publishEdition } from '../../src/actions/charter.ts'
import type { Context } from '../../src/context.ts'
import { saveCommunity } from '../../src/db/community.ts'
import { record } from '../../src/db/event.ts'
import { saveKey } from '../../src/db/key.ts'
import { type Tx, transact } from '../../src/db/open.ts'
import type { Charter } from '../../src/domain/charter.ts'
import { communityIri } from '../../src/domain/iri.ts'

export type RsaPair = { publicKey: string; privateKey: string }
const spki = { type: 'spki', format: 'pem' } as const
const pkcs8 = { type: 'pkcs8', format: 'pem' } as const

/** An RSA pair that many nodes of a test may share: to make sixty takes longer than the test. */
export function anRsaPair(): RsaPair {
  return generateKeyPairSync('rsa', { modulusLength: 2048, publicKeyEncoding: spki, privateKeyEncoding: pkcs8 })
}

/** The keys that `makeKeys` would make, but for the RSA pair; each actor has an Ed25519 pair of its own. */
export function giveKeys(tx: Tx, actor: string, rsa: RsaPair, createdAt: Date): void {
  const ed25519 = generateKeyPairSync('ed25519', { publicKeyEncoding: spki, privateKeyEncoding: pkcs8 })
  saveKey(tx, { id: `${actor}#main-key`, actor, algorithm: 'rsa', ...rsa, createdAt })
  saveKey(tx, { id: `${actor}#ed25519-key`, actor, algorithm: 'ed25519', ...ed25519, createdAt })
}

/** What `foundCommunity` does, with keys that cost nothing. */
export function foundCheaply(ctx: Context, charter: Charter, handle: string, rsa: RsaPair): void {
  transact(ctx.db, tx => {
    const now = ctx.now()
    saveCommunity(tx, { handle, foundedAt: now, approvesFollowers: false, themeInName: true, listed: true })
    giveKeys(tx, communityIri(ctx.config.publicUrl, handle), rsa, now)
    record(tx, { kind: 'community.founded', subject: handle, at: now })
    publishEdition(ctx, tx, charter)
  })
}
