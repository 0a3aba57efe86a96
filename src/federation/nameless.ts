import { createHash } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import { z } from 'zod'
import { withoutFragment } from './document.ts'
import { address } from './wire.ts'

/**
 * WordPress says that a profile has changed by an Update without an id, in the same bytes each time. An Update or Undo without an id is
 * therefore given one: its actor's, with a digest of the request, so that a request repeated is still the same activity. It counts only
 * for what it names: that is looked at anew at its origin, or taken back by its id, and neither does harm when it happens twice.
 */
const Nameless = z.looseObject({ type: z.enum(['Update', 'Undo']), actor: address })

/** @returns whether `document` had no id and has been given one */
export function nameNameless(document: Record<string, unknown>, body: Buffer, headers: IncomingHttpHeaders): boolean {
  if ('id' in document) return false
  const nameless = Nameless.safeParse(document)
  if (!nameless.success) return false
  const said = `${headers.date ?? ''}\n${headers['signature-input'] ?? ''}\n`
  const digest = createHash('sha256').update(said).update(body).digest('hex')
  document.id = `${withoutFragment(nameless.data.actor)}#unnamed-${digest}`
  return true
}
