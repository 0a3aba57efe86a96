import { type AddressInfo, createServer, type Socket } from 'node:net'
import type { Test } from 'tap'

/** What a server does with a request it has read the head of: write whatever it likes to the socket. */
export type Script = (socket: Socket, head: string) => void

/** A server that speaks whatever it is told to, byte by byte. Every connection is cut when the test ends. */
export async function startRawServer(t: Test, script: Script) {
  const open = new Set<Socket>()
  const requests: string[] = []
  const waiting: (() => void)[] = []
  let most = 0
  const server = createServer(socket => {
    open.add(socket)
    most = Math.max(most, open.size)
    socket
      .on('error', () => {})
      .on('close', () => {
        open.delete(socket)
        if (open.size === 0) for (const resolve of waiting.splice(0)) resolve()
      })
    let text = ''
    socket.on('data', chunk => {
      text += chunk.toString('latin1')
      const end = text.indexOf('\r\n\r\n')
      if (end === -1) return
      const head = text.slice(0, end)
      text = ''
      requests.push(head)
      script(socket, head)
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => {
    for (const socket of open) socket.destroy()
    return new Promise(resolve => server.close(resolve))
  })
  const { port } = server.address() as AddressInfo
  return {
    port,
    url: `http://127.0.0.1:${port}`,
    requests,
    mostConnections: () => most,
    /** Resolves when nobody is connected any more. */
    deserted: () => new Promise<void>(resolve => (open.size === 0 ? resolve() : waiting.push(resolve))),
  }
}

/** A plain answer. */
export function answer(body: string | Buffer = '{}', headers: Record<string, string> = {}, status = '200 OK'): Buffer {
  const lines = Object.entries({
    'content-type': 'application/activity+json',
    'content-length': String(Buffer.byteLength(body)),
    ...headers,
  })
  return Buffer.concat([
    Buffer.from(`HTTP/1.1 ${status}\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n`),
    Buffer.from(body),
  ])
}

export function redirect(location: string, status = '302 Found'): Buffer {
  return answer('', { location }, status)
}
