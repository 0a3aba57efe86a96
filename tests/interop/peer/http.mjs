import { verifyObject, verifyRequest } from '@fedify/fedify'
import { Activity } from '@fedify/vocab'
import { verifyMessage } from './message-signatures.mjs'
import { signatureKind } from './wire-tap.mjs'

/** Hands Node's requests to Fedify. What comes to an inbox is also checked by itself, so that it is known which of its proofs hold. */
export function handler(world, federation) {
  return async (incoming, outgoing) => {
    try {
      const chunks = []
      for await (const chunk of incoming) chunks.push(chunk)
      const body = Buffer.concat(chunks)
      const request = new Request(new URL(incoming.url, world.origin), {
        method: incoming.method,
        headers: new Headers(Object.entries(incoming.headers).filter(([, value]) => typeof value === 'string')),
        ...(body.length > 0 ? { body } : {}),
      })
      const answer = incoming.method === 'POST' ? await post(world, federation, request, body) : await get(world, federation, request)
      outgoing.writeHead(answer.status, Object.fromEntries(answer.headers)).end(Buffer.from(await answer.arrayBuffer()))
    } catch (error) {
      console.error(error)
      outgoing.writeHead(500).end()
    }
  }
}

async function get(world, federation, request) {
  const answer = await federation.fetch(request, { contextData: world })
  const [, name] = /^\/users\/([^/]+)$/.exec(new URL(request.url).pathname) ?? []
  const charter = world.actors.get(name)?.charter
  if (!charter || answer.status !== 200) return answer
  // Fedify has no words for a charter; whoever builds a community's server with it adds this to the document.
  const { '@context': context, ...actor } = await answer.json()
  const term = { charter: { '@id': 'https://w3id.org/archipelago#charter', '@type': '@json' } }
  const document = { '@context': [context, term].flat(), ...actor, discoverable: true, charter }
  return Response.json(document, { headers: { 'content-type': 'application/activity+json' } })
}

async function post(world, federation, request, body) {
  const kind = signatureKind(request.headers)
  const document = JSON.parse(body.toString())
  // A server that knows only one kind of signature.
  const understood = !world.understands || world.understands === kind
  const ctx = federation.createContext(request, world)
  const loaders = { documentLoader: ctx.documentLoader, contextLoader: ctx.contextLoader }
  const [message, key, proven] = await Promise.all([
    kind === 'rfc9421' ? verifyMessage(request, body, ctx).catch(() => false) : null,
    verifyRequest(request.clone(), loaders).catch(() => null),
    document.proof ? verifyObject(Activity, document, loaders).catch(() => null) : null,
  ])
  const answer = understood ? await federation.fetch(request, { contextData: world }) : new Response('Unknown signature.', { status: 401 })
  world.heard.push({
    id: document.id,
    type: document.type,
    kind,
    status: answer.status,
    signature: key?.id?.href ?? null,
    message,
    proof: document.proof ? proven !== null : null,
    document,
  })
  return answer
}
