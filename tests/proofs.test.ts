import { createHash, createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto'
import { base58 } from '@scure/base'
import canonicalize from 'canonicalize'
import t from 'tap'
import { addProof, proofKeyId, verifyProof } from '../src/federation/proofs.ts'
import { importMultikey, type SigningKey } from '../src/federation/signatures.ts'
import { jsonVector, vector } from './helpers/root.ts'

type Json = Record<string, unknown>
const DAY = 86_400_000

/** A private key as the vectors have it: multicodec ed25519-priv (0x1300) in base58btc. */
function privateKey(multibase: string): KeyObject {
  const seed = Buffer.from(base58.decode(multibase.slice(1))).subarray(2)
  const pkcs8 = Buffer.concat([Buffer.from('302e020100300506032b657004220420', 'hex'), seed])
  return createPrivateKey({ key: pkcs8, format: 'der', type: 'pkcs8' })
}

const { publicKeyMultibase, privateKeyMultibase } = jsonVector<Record<string, string>>('eddsa-jcs-2022/keyPair.json')
const { key: publicKey } = importMultikey(publicKeyMultibase!)
const { scenarios } = jsonVector<{ scenarios: { docs: Json[] }[] }>('fep-8b32.json')
const [unsigned, signed] = scenarios[0]!.docs as [Json, Json]
const made = new Date('2023-02-24T23:36:38Z')
const alice: SigningKey = {
  id: 'https://server.example/users/alice#ed25519-key',
  algorithm: 'ed25519',
  privateKey: privateKey(privateKeyMultibase!),
}

t.test('FEP-8b32: the vector, byte for byte', async t => {
  t.equal(JSON.stringify(addProof(unsigned, alice, made)), JSON.stringify(signed))
  t.same(verifyProof(signed, publicKey, made), unsigned)
  t.equal(proofKeyId(signed), alice.id)
})

t.test('W3C eddsa-jcs-2022: the vector, byte for byte', async t => {
  const config = jsonVector('eddsa-jcs-2022/proofConfigJCS.json')
  const expected = jsonVector('eddsa-jcs-2022/signedJCS.json')
  const document = jsonVector('eddsa-jcs-2022/unsigned.json')
  const proof = addProof(document, { ...alice, id: String(config.verificationMethod) }, made).proof
  t.same(proof, expected.proof)
  t.equal(proof.proofValue, vector('eddsa-jcs-2022/sigBTC58JCS.txt').trim())
  t.same(verifyProof(expected, publicKey, made), document)
})

t.test('O-50 what was changed, has run out, or is of another kind', async t => {
  const proof = signed.proof as Json
  const withProof = (more: Json) => ({ ...signed, proof: { ...proof, ...more } })
  const without = (name: string) => ({ ...signed, proof: Object.fromEntries(Object.entries(proof).filter(([key]) => key !== name)) })
  const raw = Buffer.from(base58.decode(String(proof.proofValue).slice(1)))
  t.ok(verifyProof(signed, publicKey, made), 'as it is')
  const invalid: Record<string, Json> = {
    'content changed': { ...signed, object: { ...(signed.object as Json), content: 'Hello' } },
    'content added': { ...signed, published: '2023-02-24T23:36:38Z' },
    'id removed': Object.fromEntries(Object.entries(signed).filter(([key]) => key !== 'id')),
    'created changed': withProof({ created: '2023-02-24T23:36:39Z' }),
    'created removed': without('created'),
    'expires added': withProof({ expires: '2033-01-01T00:00:00Z' }),
    'another purpose': withProof({ proofPurpose: 'authentication' }),
    'another cryptosuite': withProof({ cryptosuite: 'eddsa-rdfc-2022' }),
    'another type': withProof({ type: 'Ed25519Signature2020' }),
    'another key named': withProof({ verificationMethod: 'https://server.example/users/bob#ed25519-key' }),
    'base64 instead of base58': withProof({ proofValue: `u${raw.toString('base64url')}` }),
    'no multibase prefix': withProof({ proofValue: base58.encode(raw) }),
    'too short': withProof({ proofValue: `z${base58.encode(raw.subarray(1))}` }),
    'too long': withProof({ proofValue: `z${'1'.repeat(100_000)}` }),
    'no value': without('proofValue'),
    'a list of proofs': { ...signed, proof: [proof] },
    'no proof': unsigned,
    'a proof that is none': { ...signed, proof: 'yes' },
    'a proof context that is not the document’s': withProof({ '@context': ['https://www.w3.org/ns/activitystreams'] }),
    'a lone surrogate': { ...signed, name: '\ud800' },
    'a number that is none': { ...signed, size: Number.POSITIVE_INFINITY },
  }
  for (const [message, document] of Object.entries(invalid)) t.equal(verifyProof(document, publicKey, made), undefined, message)
  t.equal(verifyProof(signed, generateKeyPairSync('ed25519').publicKey, made), undefined, 'by somebody else')
  t.equal(verifyProof(signed, generateKeyPairSync('rsa', { modulusLength: 2048 }).publicKey, made), undefined, 'with a key of another kind')
})

t.test('O-50 the signer may say until when, but not for whom', async t => {
  /** Signs a proof that says more than ours do. */
  const make = (more: Json) => {
    const { proofValue: _, ...config } = { ...addProof(unsigned, alice, made).proof, ...more }
    const bytes = Buffer.concat([config, unsigned].map(value => createHash('sha256').update(canonicalize(value)!).digest()))
    return { ...unsigned, proof: { ...config, proofValue: `z${base58.encode(sign(null, bytes, alice.privateKey))}` } }
  }
  t.same(verifyProof(make({ expires: '2023-03-01T00:00:00Z' }), publicKey, made), unsigned)
  t.equal(verifyProof(make({ expires: '2023-03-01T00:00:00Z' }), publicKey, new Date('2023-03-01T00:00:00Z')), undefined, 'expired')
  t.equal(verifyProof(make({ expires: 'never' }), publicKey, made), undefined)
  t.equal(verifyProof(make({ expires: 4_000_000_000_000 }), publicKey, made), undefined)
  t.same(verifyProof(make({ created: '2023-02-24T23:36:38.000+01:00' }), publicKey, made), unsigned, 'any time zone')
  t.equal(verifyProof(make({ created: 'Fri, 24 Feb 2023 23:36:38 GMT' }), publicKey, made), undefined)
  t.equal(verifyProof(make({ created: '9999-01-01T00:00:00Z' }), publicKey, made), undefined, 'from the future')
  t.same(verifyProof(make({}), publicKey, new Date(made.getTime() + 3650 * DAY)), unsigned, 'without an end it lasts')
  for (const more of [
    { proofPurpose: 'authentication' },
    { cryptosuite: 'eddsa-rdfc-2022' },
    { type: 'Ed25519Signature2020' },
    { verificationMethod: 7 },
  ])
    t.equal(verifyProof(make(more), publicKey, made), undefined, `signed as ${JSON.stringify(more)}`)
  for (const name of ['domain', 'challenge', 'previousProof'])
    t.equal(verifyProof(make({ [name]: 'https://node.test' }), publicKey, made), undefined, name)
})

t.test('O-53 what was appended to the context is gone again', async t => {
  const contexts = signed['@context'] as unknown[]
  const more = { ...signed, '@context': [...contexts, { actor: 'https://evil.test/ns#actor' }] }
  t.same(verifyProof(more, publicKey, made), unsigned, 'exactly as without it')
  const changes: [string, unknown][] = [
    ['put in front', ['https://evil.test/ns', ...contexts]],
    ['left out', contexts.slice(1)],
    ['in another order', contexts.toReversed()],
    ['none', undefined],
    ['a null in front', [null, ...contexts]],
  ]
  for (const [message, context] of changes) t.equal(verifyProof({ ...signed, '@context': context }, publicKey, made), undefined, message)
  const plain = addProof({ id: 'https://server.example/1', type: 'Note', content: 'x' }, alice, made)
  t.same(
    verifyProof(plain, publicKey, made),
    { id: 'https://server.example/1', type: 'Note', content: 'x' },
    'a document without a context',
  )
  t.equal(verifyProof({ ...plain, '@context': 'https://evil.test/ns' }, publicKey, made), undefined, 'that was given one')
})

t.test('a linked data signature is neither covered nor kept', async t => {
  const both = { ...signed, signature: { type: 'RsaSignature2017', signatureValue: 'x' } }
  t.same(verifyProof(both, publicKey, made), unsigned)
  const again = addProof(both, alice, made)
  t.same(again, signed, 'and signing anew drops both')
})
