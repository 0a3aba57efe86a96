import { verifyObject, verifyRequest } from '@fedify/fedify'
import { Activity } from '@fedify/vocab'
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

function get(world, federation, request) {
  return federation.fetch(request, { contextData: world })
}

async function post(world, federation, request, body) {
  const kind = signatureKind(request.headers)
  const document = JSON.parse(body.toString())
  // A server that knows only one kind of signature.
  const understood = !world.understands || world.understands === kind
  const ctx = federation.createContext(request, world)
  const loaders = { documentLoader: ctx.documentLoader, contextLoader: ctx.contextLoader }
  const [key, proven] = await Promise.all([
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
    proof: document.proof ? proven !== null : null,
    document,
  })
  return answer
}
