// A Fedify server on loopback, told over a second port what to do: POST /<command> with its words as JSON, answered in JSON.
// Prints {origin, control} when it listens, and ends when its stdin does.
import { createServer } from 'node:http'
import { commands } from './commands.mjs'
import { createFederations } from './federation.mjs'
import { handler } from './http.mjs'
import { recordRequests } from './wire-tap.mjs'

/** What this server knows and has seen. The parts of Fedify hold no state of ours. */
const world = {
  origin: '',
  actors: new Map(),
  reactions: new Map(),
  heard: [],
  sent: [],
  listened: new Set(),
  faults: [],
  understands: undefined,
}

const front = createServer()
const control = createServer()
await Promise.all([front, control].map(server => new Promise(resolve => server.listen(0, '127.0.0.1', resolve))))
world.origin = `http://localhost:${front.address().port}`
recordRequests(world)
const federations = createFederations(world)
const known = commands(world, federations)

front.on('request', handler(world, federations.rfc9421))
control.on('request', async (request, response) => {
  const chunks = []
  for await (const chunk of request) chunks.push(chunk)
  try {
    const command = known[request.url.slice(1)]
    if (!command) throw new Error(`No such command: ${request.url}`)
    const words = JSON.parse(Buffer.concat(chunks).toString() || '{}')
    const answer = JSON.stringify((await command(words)) ?? null)
    response.writeHead(200, { 'content-type': 'application/json' }).end(answer)
  } catch (error) {
    response.writeHead(500, { 'content-type': 'application/json' }).end(JSON.stringify({ error: String(error?.stack ?? error) }))
  }
})

process.stdin.resume().on('end', () => process.exit(0))
console.log(JSON.stringify({ origin: world.origin, control: `http://localhost:${control.address().port}` }))
