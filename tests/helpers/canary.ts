import { type AddressInfo, createServer, type Server } from 'node:net'
import type { Test } from 'tap'

/** Something inside that nothing outside may reach: listens on 127.0.0.1 and ::1, at one port, and counts who comes and what they say. */
export async function startCanary(t: Test) {
  let hits = 0
  let bytes = 0
  const make = (): Server =>
    createServer(socket => {
      hits++
      socket
        .on('error', () => {})
        .on('data', chunk => {
          bytes += chunk.length
        })
    })
  const servers = [make()]
  const port = await listen(servers[0]!, 0, '127.0.0.1')
  // A machine without IPv6 has nothing there to protect.
  const v6 = make()
  await listen(v6, port, '::1').then(
    () => servers.push(v6),
    () => {},
  )
  t.teardown(() => {
    for (const server of servers) server.close()
  })
  return { port, hits: () => hits, bytes: () => bytes }
}

function listen(server: Server, port: number, host: string): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port))
  })
}
