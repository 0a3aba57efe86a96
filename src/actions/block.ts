import type { Context } from '../context.ts'
import { cutOff, inhabitants, removeBlock, saveBlock } from '../db/block.ts'
import { removeEntry } from '../db/directory.ts'
import { record } from '../db/event.ts'
import { transact } from '../db/open.ts'
import { domainOf, readDomain, type Severity, withParents } from '../domain/block.ts'
import { Refusal } from '../domain/refusal.ts'

/**
 * Blocks a domain and its subdomains: `suspend` cuts every tie at once, `limit` takes it out of the directory.
 * @param text a domain, address or handle @returns the domain, and how many actors of it were known here
 * @throws Refusal when it is no domain, or the node's own
 */
export function blockDomain(ctx: Context, text: string, severity: Severity): { domain: string; actors: number } {
  const domain = readDomain(text)
  if (withParents(domainOf(ctx.config.host)).includes(domain)) throw new Refusal('invalid', `${domain} is this node’s own domain.`)
  return transact(ctx.db, tx => {
    const now = ctx.now()
    saveBlock(tx, { domain, severity, since: now })
    const found = inhabitants(tx, domain)
    for (const actor of found.entries) removeEntry(tx, actor)
    if (severity === 'suspend') cutOff(tx, found)
    record(tx, { kind: 'domain.blocked', subject: domain, at: now, data: { severity } })
    return { domain, actors: found.actors.length }
  })
}

/** @throws Refusal when the domain is not blocked */
export function unblockDomain(ctx: Context, text: string): string {
  const domain = readDomain(text)
  transact(ctx.db, tx => {
    if (!removeBlock(tx, domain)) throw new Refusal('missing', `${domain} is not blocked.`)
    record(tx, { kind: 'domain.unblocked', subject: domain, at: ctx.now() })
  })
  return domain
}
