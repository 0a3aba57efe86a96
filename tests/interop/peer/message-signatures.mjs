import { createHash, createPublicKey, sign, verify } from 'node:crypto'
import { CryptographicKey, isActor, Multikey } from '@fedify/vocab'
import { httpbis } from 'http-message-signatures'

// A second reading of RFC 9421: Fedify makes signatures with RSA alone, and looks for the keys of HTTP signatures in `publicKey` alone.

/** POSTs a document, signed with an Ed25519 key. */
export async function postWithEd25519(to, document, keyId, privateKey) {
  const body = Buffer.from(JSON.stringify(document))
  const request = { method: 'POST', url: to, headers: { 'content-type': 'application/activity+json', 'content-digest': digest(body) } }
  const key = { id: keyId, alg: 'ed25519', sign: async data => sign(null, data, privateKey) }
  const fields = ['@method', '@target-uri', 'content-digest']
  const { headers } = await httpbis.signMessage({ key, fields, params: ['created', 'keyid', 'alg'] }, request)
  return await fetch(to, { method: 'POST', headers, body })
}

/** Whether a request is signed as RFC 9421 says, by the key of that name in its owner's document. */
export async function verifyMessage(request, body, ctx) {
  const { method, url } = request
  const headers = Object.fromEntries(request.headers)
  if (headers['content-digest'] !== digest(body)) return false
  const keyLookup = async ({ keyid, alg }) => {
    const key = await findKey(keyid, ctx)
    return key && { id: keyid, algs: [alg], verify: async (data, signature) => verify(hashOf(key), data, key, signature) }
  }
  return (await httpbis.verifyMessage({ keyLookup, requiredFields: ['@method', 'content-digest'] }, { method, url, headers })) === true
}

async function findKey(id, ctx) {
  const owner = await ctx.lookupObject(id.replace(/#.*/, ''))
  if (!isActor(owner)) return null
  for (const keys of [owner.getPublicKeys(ctx), owner.getAssertionMethods(ctx)])
    for await (const key of keys)
      if (key.id.href === id && (key instanceof CryptographicKey || key instanceof Multikey))
        return createPublicKey({ key: await crypto.subtle.exportKey('jwk', key.publicKey), format: 'jwk' })
  return null
}

const hashOf = key => (key.asymmetricKeyType === 'rsa' ? 'sha256' : null)
const digest = body => `sha-256=:${createHash('sha256').update(body).digest('base64')}:`
