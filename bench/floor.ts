import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto'
import { readFileSync } from 'node:fs'
import Database from 'better-sqlite3'
import Fastify from 'fastify'
import { answerQuestions, isProgram } from './helper.ts'
import { peer, type World } from './world.ts'

const WINDOW_MS = 2

/**
 * The least that an inbox can do on this machine and still keep its word: digest, RSA verification with kept keys, JSON.parse, one
 * row against repetition and one for the post, committed in groups at synchronous=FULL before the answer.
 */
async function main(worldFile: string, database: string, port: number, actors: number): Promise<void> {
  const world = JSON.parse(readFileSync(worldFile, 'utf8')) as World
  const parsed = new Map<string, KeyObject>(world.keys.map(({ publicKey }) => [publicKey, createPublicKey(publicKey)]))
  const keys = new Map<string, KeyObject>()
  for (let n = 0; n < actors; n++) {
    const { keyId, key } = peer(world, n)
    keys.set(keyId, parsed.get(key.publicKey)!)
  }
  const db = new Database(database)
  db.pragma('journal_mode = WAL')
  db.pragma('synchronous = FULL')
  db.exec(
    'create table received (id integer primary key, iri text unique); create table posts (id integer primary key, iri text unique, author text, content text)',
  )
  const remember = db.prepare('insert into received (iri) values (?) on conflict do nothing')
  const keep = db.prepare('insert into posts (iri, author, content) values (?, ?, ?) on conflict do nothing')

  type Note = { id: string; actor: string; object: { id: string; content: string } }
  let group: { activity: Note; done: () => void }[] = []
  const flush = db.transaction((members: typeof group) => {
    for (const { activity } of members)
      if (remember.run(activity.id).changes > 0) keep.run(activity.object.id, activity.actor, activity.object.content)
  })
  const commit = (activity: Note) =>
    new Promise<void>(done => {
      if (group.push({ activity, done }) > 1) return
      setTimeout(() => {
        const members = group
        group = []
        flush.immediate(members)
        for (const { done } of members) done()
      }, WINDOW_MS)
    })

  const app = Fastify()
  app.addContentTypeParser('*', { parseAs: 'buffer' }, (_request, body, done) => done(null, body))
  app.post('/inbox', async (request, reply) => {
    const body = request.body as Buffer
    const { signature = '', digest } = request.headers
    const part = (name: string) => new RegExp(`${name}="([^"]*)"`).exec(String(signature))?.[1] ?? ''
    if (digest !== `SHA-256=${createHash('sha256').update(body).digest('base64')}`) return reply.code(401).send()
    const lines = part('headers')
      .split(' ')
      .map(name => `${name}: ${name === '(request-target)' ? 'post /inbox' : request.headers[name]}`)
    const key = keys.get(part('keyId'))
    if (!key || !verify('sha256', Buffer.from(lines.join('\n')), key, Buffer.from(part('signature'), 'base64')))
      return reply.code(401).send()
    await commit(JSON.parse(body.toString()) as Note)
    return reply.code(202).send()
  })
  await app.listen({ port, host: '127.0.0.1' })
  answerQuestions(() => ({}))
}

if (isProgram(import.meta.url)) await main(process.argv[2]!, process.argv[3]!, Number(process.argv[4]), Number(process.argv[5]))
