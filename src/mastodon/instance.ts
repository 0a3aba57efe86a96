import { createHash } from 'node:crypto'
import { allBlocks } from '../db/block.ts'
import { currentEdition } from '../db/charter.ts'
import { listedDomain } from '../domain/block.ts'
import { publicCharter } from '../domain/charter.ts'
import { charterHtml } from '../domain/charter-html.ts'
import type { Call } from './call.ts'
import { instanceV1, instanceV2, rules } from './entities/instance.ts'
import { get, type Route } from './route.ts'

export const instanceRoutes: readonly Route[] = [
  get('/api/v1/instance', 'nothing', ({ ctx }) => instanceV1(ctx)),
  get('/api/v2/instance', 'nothing', ({ ctx }) => instanceV2(ctx)),
  get('/api/v1/instance/rules', 'nothing', ({ ctx }) => rules(ctx)),
  // Who this node talks to is nobody's business but its own.
  get('/api/v1/instance/peers', 'nothing', () => []),
  get('/api/v1/instance/activity', 'nothing', () => []),
  get('/api/v1/instance/domain_blocks', 'read:blocks', blocked),
  get('/api/v1/instance/extended_description', 'nothing', described),
  get('/api/v1/instance/privacy_policy', 'nothing', described),
  get('/api/v1/instance/translation_languages', 'nothing', () => ({})),
]

function blocked({ ctx }: Call) {
  return allBlocks(ctx.db).map(({ domain, severity, obfuscate }) => ({
    domain: listedDomain({ domain, obfuscate }),
    digest: createHash('sha256').update(domain).digest('hex'),
    severity: severity === 'suspend' ? 'suspend' : 'silence',
    comment: '',
  }))
}

function described({ ctx }: Call) {
  const edition = currentEdition(ctx.db)
  return {
    updated_at: (edition?.publishedAt ?? ctx.now()).toISOString(),
    content: edition ? charterHtml(publicCharter(edition.charter)) : '',
  }
}
