import type { Context } from '../context.ts'
import { type Host, hostOf, rememberSignature } from '../db/delivery.ts'
import { transact } from '../db/open.ts'
import { signCavage, signRfc9421 } from './signatures.ts'

type Kind = 'cavage' | 'rfc9421'
/** Makes the headers of one kind of signature. */
export type Signer = typeof signCavage

const SIGNERS: Record<Kind, Signer> = { cavage: signCavage, rfc9421: signRfc9421 }
const notUnderstood = (status: number) => status === 400 || status === 401

/**
 * Asks a server in the way it understands: draft-cavage first, because some servers answer 202 to what they can't verify and drop it;
 * the other kind after a 400 or 401. What was taken is remembered for the host.
 * @param host the name of the server, or what is known of it: then what is learnt is noted there too
 * @param attempt makes the request, signed with the signer it is given
 */
export async function knock<T extends { status: number }>(
  ctx: Context,
  host: string | Host,
  attempt: (signer: Signer) => Promise<T>,
): Promise<T> {
  const known = typeof host === 'string' ? hostOf(ctx.db, host) : host
  const first = known?.signature ?? 'cavage'
  const answer = await attempt(SIGNERS[first])
  if (!notUnderstood(answer.status)) return answer
  const other = first === 'cavage' ? 'rfc9421' : 'cavage'
  const second = await attempt(SIGNERS[other])
  if (notUnderstood(second.status)) return answer
  if (second.status < 300) {
    transact(ctx.db, tx => rememberSignature(tx, typeof host === 'string' ? host : host.host, other))
    if (known) known.signature = other
  }
  return second
}
