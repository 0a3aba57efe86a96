import fc from 'fast-check'
import { bodyDigest, contentDigestHeader, digestHeader } from '../../src/federation/digest.ts'
import { share } from './documents.ts'

/** The headers of a signature, well made but for up to three changes. Host and digest fit `body` unless they are what is changed. */
export function signatureHeaders(keyId: string, host: string): fc.Arbitrary<(body: Buffer) => Record<string, string>> {
  return fc
    .tuple(fc.boolean(), fc.array(edit(), { maxLength: 3 }), parts(keyId))
    .map(([modern, edits, { names, signature, id, algorithm, created }]) => (body: Buffer) => {
      const date = new Date().toUTCString()
      const seconds = created ?? Math.floor(Date.now() / 1000)
      const headers: Record<string, string> = modern
        ? {
            'signature-input': `sig1=(${names.map(name => `"${name}"`).join(' ')});created=${seconds};keyid="${id}";alg="${algorithm}"`,
            signature: `sig1=:${signature}:`,
            'content-digest': contentDigestHeader(bodyDigest(body)),
          }
        : {
            signature: `keyId="${id}",algorithm="${algorithm}",headers="${names.join(' ')}",signature="${signature}",created=${seconds}`,
            digest: digestHeader(bodyDigest(body)),
          }
      const all: Record<string, string> = { host, date, ...headers }
      for (const { header, at, put, drop } of edits) {
        const chosen = Object.keys(all)[header % Object.keys(all).length]!
        const text = all[chosen]!
        const place = Math.floor(at * text.length)
        all[chosen] = (text.slice(0, place) + put + text.slice(place + drop)).replace(/[^\t\x20-\x7e\x80-\xff]/g, '?')
      }
      return all
    })
}

function edit() {
  const pieces = [
    '"',
    '\\',
    ',',
    ';',
    '=',
    '(',
    ')',
    ':',
    ' ',
    '::',
    '""',
    'sig2=()',
    '?1',
    '@',
    '%00',
    '-1',
    '1e9',
    '(created)',
    ', sig1=("date")',
  ]
  return fc.record({
    header: fc.nat(20),
    at: share(),
    put: fc.oneof(fc.constantFrom(...pieces), fc.string({ maxLength: 12 }), fc.constant('a'.repeat(9_000))),
    drop: fc.nat(30),
  })
}

function parts(keyId: string) {
  const components = [
    '(request-target)',
    'host',
    'date',
    'digest',
    'content-digest',
    '(created)',
    '(expires)',
    '@method',
    '@target-uri',
    '@path',
    '@query',
  ]
  return fc.record({
    names: fc.oneof<fc.Arbitrary<string[]>[]>(
      fc.constantFrom(
        ['(request-target)', 'host', 'date', 'digest'],
        ['@method', '@target-uri', 'content-digest'],
        ['(request-target)', 'host', '(created)', 'digest'],
      ),
      fc.array(fc.constantFrom(...components, 'content-type', 'x-nothing', '@query-param";name="a', '@status'), { maxLength: 8 }),
    ),
    signature: fc.oneof(fc.base64String({ maxLength: 400 }), fc.constant(Buffer.alloc(256).toString('base64'))),
    id: fc.oneof(fc.constant(keyId), fc.webUrl(), fc.string({ maxLength: 30 })),
    algorithm: fc.constantFrom('rsa-sha256', 'hs2019', 'rsa-v1_5-sha256', 'ed25519', 'rsa-sha1', 'none', 'hmac-sha256', ''),
    created: fc.option(fc.oneof(fc.integer(), fc.constantFrom(0, -1, 2 ** 53)), { nil: undefined, freq: 2 }),
  })
}
