import { createHash } from 'node:crypto'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import staticFiles from '@fastify/static'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'

/** Our own stylesheet, script and pictures; each is addressed with a hash of its content, so a browser may keep it for ever. */
export type Assets = { folder: string; hashes: ReadonlyMap<string, string> }

export function readAssets(folder = publicFolder()): Assets {
  const hash = (name: string) =>
    createHash('sha256')
      .update(readFileSync(join(folder, name)))
      .digest('base64url')
      .slice(0, 10)
  return { folder, hashes: new Map(readdirSync(folder).map(name => [name, hash(name)])) }
}

export function assetUrl({ hashes }: Assets, name: string): string {
  return `/assets/${name}?v=${hashes.get(name) ?? ''}`
}

export async function assetRoutes(app: FastifyInstance, { assets }: { assets: Assets }): Promise<void> {
  app.addHook('onRequest', (request: FastifyRequest<{ Querystring: { v?: string } }>, reply: FastifyReply, done) => {
    const name = request.url.replace(/^\/assets\/|\?.*$/g, '')
    const lasting = request.query.v !== undefined && request.query.v === assets.hashes.get(name)
    // Apps show the pictures of accounts that have none of their own, from wherever they are served.
    reply.header('cross-origin-resource-policy', 'cross-origin')
    reply.header('cache-control', lasting ? 'public, max-age=31536000, immutable' : 'no-cache')
    done()
  })
  await app.register(staticFiles, { root: assets.folder, prefix: '/assets/', cacheControl: false, index: false, decorateReply: false })
}

// Beside this module where it was copied with the build, else where it is kept.
function publicFolder(): string {
  for (const up of ['public', '../../../src/web/public']) {
    const folder = fileURLToPath(new URL(up, import.meta.url))
    if (existsSync(join(folder, 'style.css'))) return folder
  }
  throw new Error('The folder src/web/public is missing.')
}
