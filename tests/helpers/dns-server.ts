import { createSocket } from 'node:dgram'
import type { Test } from 'tap'

/** What a name has: addresses, nothing, an unknown name, or no answer at all. */
export type Records = { A?: string[] | 'silent'; AAAA?: string[] | 'silent' }

/** A name server on loopback that knows what it is told and says NXDOMAIN to everything else. */
export async function startDnsServer(t: Test, zone: Record<string, Records>) {
  const asked: string[] = []
  const socket = createSocket('udp4')
  socket.on('message', (query, { port, address }) => {
    const { name, type, end } = readQuestion(query)
    const kind = type === 28 ? 'AAAA' : 'A'
    asked.push(`${kind} ${name}`)
    const known = zone[name]
    const found = known?.[kind] ?? []
    if (found === 'silent') return
    const header = Buffer.alloc(12)
    query.copy(header, 0, 0, 2)
    header.writeUInt16BE(known ? 0x8180 : 0x8183, 2)
    header.writeUInt16BE(1, 4)
    header.writeUInt16BE(found.length, 6)
    socket.send(Buffer.concat([header, query.subarray(12, end), ...found.map(ip => record(ip, type))]), port, address)
  })
  await new Promise<void>(resolve => socket.bind(0, '127.0.0.1', resolve))
  t.teardown(() => socket.close())
  return { address: `127.0.0.1:${socket.address().port}`, asked }
}

function readQuestion(query: Buffer): { name: string; type: number; end: number } {
  const labels: string[] = []
  let at = 12
  while (query[at] !== 0) {
    const length = query[at]!
    labels.push(query.toString('latin1', at + 1, at + 1 + length))
    at += length + 1
  }
  return { name: labels.join('.').toLowerCase(), type: query.readUInt16BE(at + 1), end: at + 5 }
}

function record(ip: string, type: number): Buffer {
  const data =
    type === 28
      ? Buffer.from(
          ip
            .split(':')
            .map(part => part.padStart(4, '0'))
            .join(''),
          'hex',
        )
      : Buffer.from(ip.split('.').map(Number))
  const head = Buffer.from([0xc0, 0x0c, 0, type, 0, 1, 0, 0, 0, 0, 0, data.length])
  return Buffer.concat([head, data])
}
