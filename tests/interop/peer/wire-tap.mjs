/** Which kind of HTTP signature a request carries. */
export function signatureKind(headers) {
  if (headers.get('signature-input')) return 'rfc9421'
  return headers.get('signature') ? 'cavage' : 'none'
}

/**
 * Writes down what this server sends and what it is answered, and lets it reach neighbours on loopback, where nobody has a certificate:
 * Fedify asks WebFinger over https alone.
 */
export function recordRequests(world) {
  const send = globalThis.fetch
  globalThis.fetch = async (input, init) => {
    const request = new Request(plain(input), init)
    const { url, method, headers } = request
    const document = method === 'POST' ? JSON.parse(await request.clone().text()) : undefined
    const answer = await send(request)
    if (method === 'POST') {
      const answered = answer.ok ? '' : (await answer.clone().text()).slice(0, 500)
      world.sent.push({ url, status: answer.status, kind: signatureKind(headers), answered, document })
    }
    return answer
  }
}

function plain(input) {
  if (input instanceof Request) return input
  const url = new URL(input)
  if (url.protocol === 'https:' && url.hostname === 'localhost') url.protocol = 'http:'
  return url
}
