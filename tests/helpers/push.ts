import { createDecipheriv, createHmac, type ECDH } from 'node:crypto'
import { createServer, type IncomingHttpHeaders } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Test } from 'tap'

/** A push service (RFC 8030): remembers what is sent, and answers as it is told to. */
export async function startPushService(t: Test) {
  const received: { headers: IncomingHttpHeaders; body: Buffer }[] = []
  let status = 201
  const server = createServer((request, response) => {
    const chunks: Buffer[] = []
    request.on('data', chunk => chunks.push(chunk as Buffer))
    request.on('end', () => {
      received.push({ headers: request.headers, body: Buffer.concat(chunks) })
      response.writeHead(status).end()
    })
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  t.teardown(() => new Promise(resolve => server.close(resolve)))
  return {
    address: `http://localhost:${(server.address() as AddressInfo).port}/push/1`,
    received,
    answer(next: number) {
      status = next
    },
  }
}

/** What a browser does with a message (RFC 8188, RFC 8291): one record, with the keys it has given. */
export function opened(body: Buffer, { pair, auth }: { pair: ECDH; auth: Buffer }): string {
  const salt = body.subarray(0, 16)
  const sender = body.subarray(21, 21 + body[20]!)
  const sealed = body.subarray(21 + body[20]!)
  const mac = (key: Buffer, data: Buffer) => createHmac('sha256', key).update(data).digest()
  const info = Buffer.concat([Buffer.from('WebPush: info\0'), pair.getPublicKey(), sender, Buffer.from([1])])
  const secret = mac(mac(auth, pair.computeSecret(sender)), info)
  const root = mac(salt, secret)
  const key = mac(root, Buffer.from('Content-Encoding: aes128gcm\0\x01', 'latin1')).subarray(0, 16)
  const nonce = mac(root, Buffer.from('Content-Encoding: nonce\0\x01', 'latin1')).subarray(0, 12)
  const cipher = createDecipheriv('aes-128-gcm', key, nonce)
  cipher.setAuthTag(sealed.subarray(-16))
  const plain = Buffer.concat([cipher.update(sealed.subarray(0, -16)), cipher.final()])
  // Padding: a 2 behind the words, and zeros.
  return plain.subarray(0, plain.lastIndexOf(2)).toString()
}
