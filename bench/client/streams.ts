import { connect, type Socket } from 'node:net'

/** Opens so many streams as apps do (WebSocket, RFC 6455), and leaves them open. @returns how many were taken, and what closes them */
export async function openStreams(url: string, token: string, count: number): Promise<{ open: number; close: () => void }> {
  const { hostname, port, host } = new URL(url)
  const sockets: Socket[] = []
  const one = () =>
    new Promise<boolean>(resolve => {
      const socket = connect(Number(port), hostname)
      sockets.push(socket)
      socket.once('data', data => resolve(data.toString('latin1').startsWith('HTTP/1.1 101')))
      socket.once('error', () => resolve(false))
      socket.once('close', () => resolve(false))
      socket.on('data', () => {})
      socket.write(
        `GET /api/v1/streaming?stream=user HTTP/1.1\r\nHost: ${host}\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n` +
          `Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: ${token}\r\n\r\n`,
      )
    })
  let open = 0
  for (let done = 0; done < count; done += 25)
    open += (await Promise.all(Array.from({ length: Math.min(25, count - done) }, one))).filter(Boolean).length
  return { open, close: () => sockets.forEach(socket => void socket.destroy()) }
}
