import { readFileSync } from 'node:fs'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import { answerQuestions, isProgram } from './helper.ts'
import { actorDocument, peer, type World } from './world.ts'

/** What the stub has seen since it was last asked to forget. `first` and `last` are the times of the deliveries, in ms of the system's clock. */
export type Seen = { gets: number; actors: number; posts: number; first: number; last: number; types: Record<string, number> }
export type StubQuestion = { kind: 'forget' } | { kind: 'until'; posts: number; patienceMs: number }

/** All hosts of the world in one process: shows its actors, and takes whatever is delivered. */
async function main(file: string): Promise<void> {
  const world = JSON.parse(readFileSync(file, 'utf8')) as World
  let seen = nothing()
  const actors = new Set<string>()
  let waiting: { posts: number; resolve: () => void } | undefined

  function show(request: IncomingMessage, response: ServerResponse): void {
    seen.gets++
    const [, number] = /^\/users\/a(\d+)$/.exec(request.url ?? '') ?? []
    const found = number === undefined ? undefined : peer(world, Number(number))
    if (found?.host !== request.headers.host) return void response.writeHead(404).end()
    actors.add(found!.id)
    response.writeHead(200, { 'content-type': 'application/activity+json; charset=utf-8' }).end(JSON.stringify(actorDocument(found!)))
  }

  function take(request: IncomingMessage, response: ServerResponse): void {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      response.writeHead(202).end()
      const now = performance.timeOrigin + performance.now()
      if (seen.posts++ === 0) seen.first = now
      seen.last = now
      const [, type = 'none'] = /"type":"([A-Z][a-z]+)"/.exec(Buffer.concat(chunks).toString('latin1')) ?? []
      seen.types[type] = (seen.types[type] ?? 0) + 1
      if (waiting && seen.posts >= waiting.posts) waiting.resolve()
    })
  }

  const servers = world.hosts.map(host => {
    const server = createServer((request, response) => (request.method === 'POST' ? take : show)(request, response))
    server.keepAliveTimeout = 30_000
    return new Promise<void>((resolve, reject) => server.once('error', reject).listen(world.port, host, resolve))
  })
  await Promise.all(servers)

  answerQuestions<StubQuestion>(async question => {
    if (question.kind === 'forget') {
      seen = nothing()
      actors.clear()
    } else if (seen.posts < question.posts) {
      await new Promise<void>(resolve => {
        waiting = { posts: question.posts, resolve }
        setTimeout(resolve, question.patienceMs)
      })
      waiting = undefined
    }
    return { ...seen, actors: actors.size } satisfies Seen
  })
}

function nothing(): Seen {
  return { gets: 0, actors: 0, posts: 0, first: Number.NaN, last: Number.NaN, types: {} }
}

if (isProgram(import.meta.url)) await main(process.argv[2]!)
