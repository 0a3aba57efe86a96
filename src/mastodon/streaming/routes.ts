import websocket from '@fastify/websocket'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import type { WebSocket } from 'ws'
import type { Context } from '../../context.ts'
import type { Grant } from '../../db/oauth.ts'
import { Refusal } from '../../domain/refusal.ts'
import { tokenHash } from '../../lib/private-token.ts'
import { allow, readGrant } from '../auth.ts'
import { queryOf } from '../body.ts'
import { allowOrigins } from '../cors.ts'
import { answerError, Denied } from '../errors.ts'
import { type Input, object, text } from '../input.ts'
import type { Hub, Listener, Message } from './hub.ts'
import { type Stream, streamCalled } from './streams.ts'

/** What an app says is short. In bytes. */
const LONGEST_MESSAGE = 4_096
/** Who does not read what is sent is cut off. In bytes. */
const MOST_BUFFERED = 1_048_576
const MOST_STREAMS = 50
const SSE_PATHS = ['user', 'user/notification', 'public', 'public/local', 'public/remote', 'hashtag', 'hashtag/local', 'list', 'direct']

type Door = { grant: Grant; tokenHash: string }

/** What happens, as it happens: by WebSocket, or as server-sent events. */
export async function streaming(app: FastifyInstance, { ctx, hub }: { ctx: Context; hub: Hub }): Promise<void> {
  await app.register(websocket, { options: { maxPayload: LONGEST_MESSAGE, handleProtocols: protocols => [...protocols][0] ?? false } })
  app.setErrorHandler(answerError)
  app.addHook('onRequest', allowOrigins)
  app.addHook('preClose', done => {
    hub.close()
    done()
  })
  app.get('/api/v1/streaming/health', (_request, reply) => reply.type('text/plain').send('OK'))
  app.route({
    method: 'GET',
    url: '/api/v1/streaming',
    onRequest: async request => void doorOf(ctx, request),
    handler: (request, reply) => sendEvents(ctx, hub, request, reply, text(queryOf(request), 'stream') ?? ''),
    wsHandler: (socket, request) => listen(ctx, hub, socket, request),
  })
  for (const path of SSE_PATHS)
    app.get(`/api/v1/streaming/${path}`, (request, reply) => sendEvents(ctx, hub, request, reply, nameOf(path, queryOf(request))))
}

/** `public?only_media=true` is `public:media`. */
function nameOf(path: string, input: Input): string {
  const name = path.replaceAll('/', ':')
  return name.startsWith('public') && text(input, 'only_media') === 'true' ? `${name}:media` : name
}

/** Browsers can set no header for a WebSocket, so the token may stand in the address or in place of the protocol. @throws Denied */
function doorOf(ctx: Context, request: FastifyRequest): Door {
  const { authorization, 'sec-websocket-protocol': protocol } = request.headers
  const token =
    /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1] ?? text(queryOf(request), 'access_token') ?? protocol?.split(',')[0]?.trim()
  const grant = token === undefined ? undefined : readGrant(ctx, `Bearer ${token}`)
  if (!grant || token === undefined) throw new Denied(401, 'The access token is invalid')
  return { grant, tokenHash: tokenHash(token) }
}

function tooMany(): Refusal {
  return new Refusal('unavailable', 'Too many open streams')
}

function sendEvents(ctx: Context, hub: Hub, request: FastifyRequest, reply: FastifyReply, name: string): void {
  const door = doorOf(ctx, request)
  const stream = subscribed(ctx, door, name, queryOf(request))
  const { raw } = reply
  const listener: Listener = {
    ...door,
    streams: new Map([[keyOf(stream), stream]]),
    send: ({ chunk }: Message) => {
      if (raw.writableLength > MOST_BUFFERED) raw.destroy()
      else raw.write(chunk())
    },
    ping: () => void raw.write(':thump\n'),
    end: () => void raw.end(),
  }
  if (!hub.join(listener)) throw tooMany()
  reply.hijack()
  raw.on('close', () => hub.leave(listener))
  raw.on('error', () => hub.leave(listener))
  raw.writeHead(200, {
    'content-type': 'text/event-stream',
    'cache-control': 'private, no-store',
    'access-control-allow-origin': '*',
    // A proxy that waits for more would keep everything to itself.
    'x-accel-buffering': 'no',
  })
  raw.write(':)\n')
}

function listen(ctx: Context, hub: Hub, socket: WebSocket, request: FastifyRequest): void {
  const door = doorOf(ctx, request)
  let answered = true
  const listener: Listener = {
    ...door,
    streams: new Map(),
    send: ({ frame }: Message) => {
      if (socket.bufferedAmount > MOST_BUFFERED) socket.terminate()
      else if (socket.readyState === socket.OPEN) socket.send(frame(), { binary: false })
    },
    ping: () => {
      if (!answered) return socket.terminate()
      answered = false
      if (socket.readyState === socket.OPEN) socket.ping()
    },
    end: () => socket.close(1000),
  }
  if (!hub.join(listener)) {
    socket.close(1013, 'Too many open streams')
    return
  }
  socket.on('close', () => hub.leave(listener))
  socket.on('error', () => socket.terminate())
  socket.on('pong', () => {
    answered = true
  })
  const obey = (input: Input) => {
    try {
      change(ctx, listener, input)
    } catch (error) {
      if (!(error instanceof Refusal || error instanceof Denied)) throw error
      socket.send(JSON.stringify({ error: error.message, status: error instanceof Denied ? error.status : 400 }))
    }
  }
  socket.on('message', (data, binary) => {
    const said = binary ? undefined : parsed(String(data))
    if (said) obey(said)
  })
  const asked = queryOf(request)
  if (text(asked, 'stream')) obey({ ...asked, type: 'subscribe' })
}

function change(ctx: Context, listener: Listener, input: Input): void {
  const type = text(input, 'type')
  const name = text(input, 'stream') ?? ''
  if (type !== 'subscribe' && type !== 'unsubscribe') throw new Refusal('invalid', 'Unknown message type')
  const stream = subscribed(ctx, listener, name, input)
  if (type === 'unsubscribe') listener.streams.delete(keyOf(stream))
  else if (listener.streams.size >= MOST_STREAMS) throw new Refusal('invalid', 'Too many streams')
  else listener.streams.set(keyOf(stream), stream)
}

/** @throws Refusal when there is no such stream; Denied when the token does not allow it */
function subscribed(ctx: Context, { grant }: Pick<Door, 'grant'>, name: string, input: Input): Stream {
  const stream = streamCalled(ctx, name, { tag: text(input, 'tag'), list: text(input, 'list') })
  allow(grant, stream.needs)
  return stream
}

const keyOf = ({ label }: Stream) => JSON.stringify(label)

function parsed(words: string): Input | undefined {
  try {
    return object({ said: JSON.parse(words) as Input }, 'said')
  } catch {
    return undefined
  }
}
