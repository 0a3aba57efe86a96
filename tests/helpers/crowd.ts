import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'
import type { TestNode } from './node.ts'

/** Many servers on the addresses of loopback, all of them one process: `take` answers what is posted to any of them. */
export async function startCrowd(t: Test, count: number, take: (host: string, response: ServerResponse, request: IncomingMessage) => void) {
  const server = createServer((request, response) => {
    request.resume().on('end', () => take(request.headers.host ?? '', response, request))
  })
  server.keepAliveTimeout = 60_000
  await new Promise<void>(resolve => server.listen(0, '0.0.0.0', 1024, resolve))
  t.teardown(() => server.close() && server.closeAllConnections())
  return { hosts: loopback(count, (server.address() as AddressInfo).port), cut: () => server.closeAllConnections() }
}

/** So many names of hosts that all are this machine, each once. */
export function loopback(count: number, port: number): string[] {
  return Array.from({ length: count }, (_, n) => `127.0.${1 + Math.floor(n / 250)}.${1 + (n % 250)}:${port}`)
}

/** Lets one actor of each host follow, as if each had asked and had been accepted. */
export function follow({ ctx }: TestNode, hosts: string[]): void {
  const { $client } = ctx.db
  const actor = $client.prepare(
    "insert into actors (id, type, handle, host, name, summary, url, inbox, fetched_at) values (?, 'Person', 'a', ?, 'a', '', ?, ?, 1)",
  )
  const follower = $client.prepare("insert into followers (actor, follow_id, state, since) values (?, ?, 'accepted', 1)")
  $client.transaction(() => {
    for (const host of hosts) {
      const id = `http://${host}/a`
      actor.run(id, host, id, `${id}/inbox`)
      follower.run(id, `${id}/follow`)
    }
  })()
}
