import { execFile } from 'node:child_process'
import { createPublicKey, generateKeyPairSync, randomBytes } from 'node:crypto'
import { promisify } from 'node:util'
import { base58 } from '@scure/base'
import t from 'tap'
import {
  exportKey,
  exportMultikey,
  importMultikey,
  importPublicKey,
  type SignatureFault,
  SignatureRefusal,
} from '../src/federation/signatures.ts'
import { jsonVector } from './helpers/root.ts'

const rsa = generateKeyPairSync('rsa', { modulusLength: 2048 })
const ed25519 = generateKeyPairSync('ed25519')

t.test('O-12 keys that prove nothing', async t => {
  const jwk = (n: Buffer, e: Buffer) =>
    exportKey(createPublicKey({ key: { kty: 'RSA', n: n.toString('base64url'), e: e.toString('base64url') }, format: 'jwk' }))
  const modulus = (bits: number) => {
    const bytes = randomBytes(bits / 8)
    bytes[0]! |= 0x80
    bytes[bytes.length - 1]! |= 1
    return bytes
  }
  const usual = Buffer.from([1, 0, 1])
  const within = (code: SignatureFault, pem: string, message: string) => {
    const start = process.cpuUsage()
    t.throws(() => importPublicKey(pem), { code }, message)
    t.ok(process.cpuUsage(start).user < 100_000, `${message}, in under 100 ms`)
  }
  within('weak-key', jwk(modulus(1024), usual), 'RSA 1024')
  within('weak-key', jwk(modulus(8200), usual), 'RSA 8200')
  within('weak-key', jwk(modulus(65_536), usual), 'RSA 65536')
  within('weak-key', jwk(modulus(2048), Buffer.from([1])), 'exponent 1')
  within('weak-key', jwk(modulus(2048), Buffer.from([2])), 'exponent 2')
  within('weak-key', jwk(modulus(2048), Buffer.from([1, 0, 0, 0, 1])), 'exponent 2^32 + 1')
  within('malformed', `-----BEGIN PUBLIC KEY-----\n${'A'.repeat(900_000)}\n-----END PUBLIC KEY-----`, '900 kB')
  within('malformed', '', 'nothing')
  within('malformed', exportKey(rsa.publicKey).replace('MII', 'XXX'), 'garbage')
  within('malformed', rsa.privateKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'a private key')
  within('malformed', exportKey(generateKeyPairSync('ec', { namedCurve: 'P-256' }).publicKey), 'P-256')
  t.same(importPublicKey(jwk(modulus(8192), usual)).algorithm, 'rsa')
  t.same(importPublicKey(`\n ${exportKey(rsa.publicKey).replaceAll('\n', '\r\n')}`).algorithm, 'rsa', 'as PHP sends it')
  t.same(importPublicKey(rsa.publicKey.export({ type: 'pkcs1', format: 'pem' }).toString()).algorithm, 'rsa', 'PKCS#1')
  t.same(importPublicKey(exportKey(ed25519.privateKey)).algorithm, 'ed25519')
})

t.test('multikeys, and Ed25519 keys of small order', async t => {
  const { publicKeyMultibase } = jsonVector<{ publicKeyMultibase: string }>('eddsa-jcs-2022/keyPair.json')
  t.equal(exportMultikey(importMultikey(publicKeyMultibase).key), publicKeyMultibase)
  t.match(exportMultikey(ed25519.privateKey), /^z6Mk/)
  t.ok(importMultikey(exportMultikey(ed25519.publicKey)).key.equals(ed25519.publicKey))
  const multikey = (raw: Buffer, prefix = [0xed, 1]) => `z${base58.encode(Buffer.concat([Buffer.from(prefix), raw]))}`
  // Every encoding of the eight points of small order, with and without the sign bit: canonical ones and those beyond the field.
  const low = [
    '00'.repeat(32),
    `01${'00'.repeat(31)}`,
    '26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05',
    'c7176a703d4dd84fba3c0b760d10670f2a2053fa2c39ccc64ec7fd7792ac037a',
    ...['ec', 'ed', 'ee'].map(byte => `${byte}${'ff'.repeat(30)}7f`),
  ]
  for (const hex of low)
    for (const bit of [0, 0x80]) {
      const raw = Buffer.from(hex, 'hex')
      raw[31]! |= bit
      t.throws(() => importMultikey(multikey(raw)), { code: 'weak-key' }, raw.toString('hex'))
      const pem = exportKey(createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x: raw.toString('base64url') }, format: 'jwk' }))
      t.throws(() => importPublicKey(pem), { code: 'weak-key' }, 'as PEM')
    }
  const raw = randomBytes(32)
  for (const text of [
    '',
    'z',
    'z6Mk',
    `u${raw.toString('base64url')}`,
    multikey(raw, [0xec, 1]),
    multikey(raw.subarray(1)),
    `${multikey(raw)}1111111111111111111111`,
    `z${'0'.repeat(47)}`,
    'z'.repeat(1_000_000),
  ])
    t.throws(() => importMultikey(text), { code: 'malformed' }, text.slice(0, 60))
  t.throws(() => exportMultikey(rsa.publicKey), SignatureRefusal)
})

t.test('a key that has just been made is written down, whatever is being tidied up meanwhile', { timeout: 120_000 }, async t => {
  const script = `import { generateKeyPairSync } from 'node:crypto'
    import { exportMultikey } from '${new URL('../src/federation/signatures.js', import.meta.url)}'
    for (let n = 0; n < 1_000; n++) {
      const { privateKey } = generateKeyPairSync('ed25519')
      for (let again = 0; again < 10; again++) exportMultikey(privateKey)
    }
    console.log('done')`
  // So little room that the garbage collector is always at work. A process of its own, because one that waits for itself never ends.
  const flags = ['--max-semi-space-size=1', '--input-type=module', '--eval', script]
  const { stdout } = await promisify(execFile)(process.execPath, flags, { timeout: 60_000, killSignal: 'SIGKILL' })
  t.match(stdout, 'done')
})
