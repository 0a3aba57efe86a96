import { createHash, createPrivateKey, type KeyObject, sign } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { promisify } from 'node:util'
import { Pool } from 'undici'
import { answerQuestions, isProgram } from './helper.ts'
import { createDocument, followDocument, type Peer, peer, type World } from './world.ts'

/** `prepare` signs, `go` sends what was prepared. Activities are numbered on from `from`; their actors take turns. */
export type LoadQuestion =
  | { kind: 'prepare'; what: 'create' | 'follow'; origin: string; target: string; from: number; count: number; actors: number }
  | { kind: 'go'; connections: number }
/** `latencies` in ms, of the acknowledged ones. */
export type Sent = { statuses: Record<string, number>; elapsedMs: number; latencies: number[] }
export type Prepared = { bytes: number }

type Ready = { headers: Record<string, string>; body: Buffer }
const signed = promisify(sign)

async function main(file: string): Promise<void> {
  const world = JSON.parse(readFileSync(file, 'utf8')) as World
  const keys = new Map<string, KeyObject>()
  let waiting: Ready[] = []
  let origin = ''

  async function prepare(who: Peer, document: object): Promise<Ready> {
    const key = keys.get(who.key.privateKey) ?? createPrivateKey(who.key.privateKey)
    keys.set(who.key.privateKey, key)
    const body = Buffer.from(JSON.stringify(document))
    const { host } = new URL(origin)
    const digest = `SHA-256=${createHash('sha256').update(body).digest('base64')}`
    const covered = { host, date: new Date().toUTCString(), digest, 'content-type': 'application/activity+json' }
    const lines = ['(request-target): post /inbox', ...Object.entries(covered).map(([name, value]) => `${name}: ${value}`)]
    const signature = (await signed('sha256', Buffer.from(lines.join('\n')), key)).toString('base64')
    const names = ['(request-target)', ...Object.keys(covered)].join(' ')
    return {
      body,
      headers: { ...covered, signature: `keyId="${who.keyId}",algorithm="rsa-sha256",headers="${names}",signature="${signature}"` },
    }
  }

  async function send(connections: number): Promise<Sent> {
    const pool = new Pool(origin, { connections, pipelining: 1 })
    const queue = waiting.values()
    const result: Sent = { statuses: {}, elapsedMs: 0, latencies: [] }
    const since = performance.now()
    const worker = async () => {
      for (const { headers, body } of queue) {
        const began = performance.now()
        const status = await pool.request({ method: 'POST', path: '/inbox', headers, body }).then(
          async answer => {
            await answer.body.dump()
            return String(answer.statusCode)
          },
          error => String((error as { code?: string }).code),
        )
        result.statuses[status] = (result.statuses[status] ?? 0) + 1
        if (status === '202') result.latencies.push(performance.now() - began)
      }
    }
    await Promise.all(Array.from({ length: connections }, worker))
    result.elapsedMs = performance.now() - since
    await pool.destroy()
    return result
  }

  answerQuestions<LoadQuestion>(async question => {
    if (question.kind === 'go') return send(question.connections)
    const { what, target, from, count, actors } = question
    origin = question.origin
    waiting = []
    for (let number = from; number < from + count; number += 64) {
      const some = Array.from({ length: Math.min(64, from + count - number) }, (_, n) => {
        const who = peer(world, (number + n) % actors)
        const id = `${number + n}`
        return prepare(who, what === 'follow' ? followDocument(who, id, target) : createDocument(who, id, new Date()))
      })
      waiting.push(...(await Promise.all(some)))
    }
    return { bytes: waiting[0]?.body.length ?? 0 } satisfies Prepared
  })
}

if (isProgram(import.meta.url)) await main(process.argv[2]!)
