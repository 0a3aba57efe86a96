import { PROOF_CONTEXT } from './context.ts'
import type { Federation } from './federation.ts'
import { addProof } from './proofs.ts'

/**
 * A public document of a local actor with its proof (FEP-8b32, eddsa-jcs-2022), so that it stays believable when others pass it on.
 * @param at when it was said; the proof of one document is always the same
 */
export function proven({ keyring }: Pick<Federation, 'keyring'>, actor: string, document: object, at: Date): object {
  return addProof({ ...document, '@context': PROOF_CONTEXT }, keyring.signingKey(actor, 'ed25519'), at)
}
