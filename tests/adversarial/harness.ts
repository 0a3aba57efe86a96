import { generateKeyPairSync } from 'node:crypto'
import type { LookupAddress } from 'node:dns'
import type { Test } from 'tap'
import { followActor } from '../../src/actions/following.ts'
import { readConfig } from '../../src/config.ts'
import { followingOf } from '../../src/db/following.ts'
import { createFetcher, type Fetcher } from '../../src/federation/fetch.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import type { Lookup } from '../../src/federation/resolve.ts'
import { createLog } from '../../src/node.ts'
import { startCanary } from '../helpers/canary.ts'
import { type Foreign, startForeign } from '../helpers/foreign.ts'
import { settle, startNode } from '../helpers/node.ts'
import { stateHash } from '../helpers/state.ts'
import { post } from './signing.ts'

export type Hostile = Awaited<ReturnType<typeof hostile>>
type Options = {
  handle?: string
  env?: Record<string, string>
  file?: string
  /** Hosts beside evil.test and victim.test that lie on this machine and may be fetched from. */
  friends?: string[]
  /** How long the node waits for anybody, in milliseconds. */
  patienceMs?: number
  /** PEM of the authority to trust. */
  ca?: string
}
type CaseOptions = {
  /** Tables that the case may change; true if it is meant to change anything. */
  changes?: readonly string[] | true
}

const TOKEN = 'a-token-of-the-monitor'

/**
 * The world of the adversarial catalogue: a node N in production settings, a server of mallory (evil.test), an honest one of alice
 * (victim.test), and a canary inside that nothing may reach. N finds evil.test and victim.test on this machine and nobody else.
 */
export async function hostile(t: Test, { handle = 'oak', env = {}, file, friends = [], patienceMs = 1500, ca }: Options = {}) {
  const lines: string[] = []
  const canary = await startCanary(t)
  const known = new Set(['evil.test', 'victim.test', ...friends])
  const way = withPatience(
    createFetcher({
      userAgent: 'Archipelago test',
      allowPrivate: host => known.has(host),
      lookup: oneMachine([...known, 'inside.test']),
      idleMs: 200,
      ...(ca === undefined ? {} : { ca }),
    }),
    patienceMs,
  )
  const settings = { ALLOW_PRIVATE_ADDRESSES: 'false', LOG_LEVEL: 'trace', METRICS_TOKEN: TOKEN, ...env }
  const log = createLog(readConfig(settings), { write: line => void lines.push(line) })
  const node = await startNode(t, { handle, env: settings, fetch: way, log, ...(file === undefined ? {} : { file }) })
  const evil = await startForeign(t, { name: 'evil.test' })
  const victim = await startForeign(t, { name: 'victim.test', who: 'alice', keys: generateKeyPairSync('rsa', { modulusLength: 2048 }) })

  // A node that is known by another name is still reached here.
  const base = `http://localhost:${node.ctx.config.listen.port}`
  const inbox = `${base}/c/${handle}/inbox`
  const headers = { host: node.ctx.config.host }
  /** Delivers to the inbox of N's community, as `from` would. */
  const deliver = (from: Foreign, document: Parameters<typeof post>[1], attempt: Parameters<typeof post>[2] = {}) =>
    post(inbox, document, { key: from.key, signedFor: `${node.actor}/inbox`, ...attempt, headers: { ...headers, ...attempt.headers } })
  // Known beforehand, so that a state which stays the same means something.
  for (const foreign of [evil, victim]) await deliver(foreign, foreign.activity('Wave', node.actor))
  await settle(node)

  const answers: { method: string; url: string; status: number; retryAfter: unknown }[] = []
  node.app.server.server.prependListener('request', (request, response) => {
    const { method = '', url = '' } = request
    // The headers pass by here and are kept nowhere.
    const { writeHead } = response
    response.writeHead = (...head: unknown[]) => {
      const headers = head.at(-1) as Record<string, unknown>
      answers.push({ method, url, status: Number(head[0]), retryAfter: headers['retry-after'] })
      return Reflect.apply(writeHead, response, head)
    }
  })
  const secrets = () => {
    const pems = node.ctx.db.$client.prepare('select private_key from keys').pluck().all() as string[]
    return [TOKEN, 'PRIVATE KEY', ...pems.map(pem => pem.split('\n')[1]!)]
  }

  /** One case of the catalogue, by its id, and what must be true after every one of them. */
  function attack(title: string, run: (t: Test) => Promise<void>, { changes = [] }: CaseOptions = {}) {
    return t.test(title, async t => {
      const hash = () => (changes === true ? '' : stateHash(node.ctx.db, changes))
      await settle(node)
      const before = hash()
      const hits = canary.hits()
      answers.length = 0
      lines.length = 0
      await run(t)
      await settle(node)
      t.equal(hash(), before, 'nothing has changed that may not')
      t.same(
        answers.filter(({ status, retryAfter }) => status >= 500 && !(status === 503 && Number(retryAfter) > 0)).slice(0, 3),
        [],
        'no answer is an error of ours',
      )
      t.notOk(
        answers.some(({ status }) => status === 429),
        'everything was looked at, and nothing put off',
      )
      t.equal((await fetch(`${base}/c/${handle}`, { headers: { accept: 'application/activity+json' } })).status, 200, 'the node lives')
      t.equal(canary.hits() - hits, 0, 'nothing inside was reached')
      const written = lines.join('')
      t.same(
        secrets().filter(secret => written.includes(secret)),
        [],
        'no secret is in the log',
      )
    })
  }

  return {
    node,
    evil,
    victim,
    canary,
    /** What the node has logged since the case began, a line of JSON each. */
    log: lines,
    answers,
    inbox,
    deliver,
    attack,
    /** Addresses of the canary, spelled in different ways, as one server would name them to another. */
    inside: (path = '/') =>
      ['http://127.0.0.1', 'https://127.0.0.1', 'https://localhost', 'https://[::1]', 'https://2130706433', 'https://inside.test'].map(
        host => `${host}:${canary.port}${path}`,
      ),
    /** Reason codes of what was refused since the case began. */
    reasons: () => lines.map(line => JSON.parse(line) as { reason?: string }).flatMap(({ reason }) => reason ?? []),
  }
}

/** N follows mallory and alice, and both have said yes: what is refused then is not refused because nobody wanted to hear of it. */
export async function befriend({ node, evil, victim, deliver }: Hostile): Promise<void> {
  for (const foreign of [evil, victim]) {
    followActor(node.ctx, (await lookUp(node.federation, foreign.me)).id)
    await settle(node)
    await deliver(foreign, foreign.activity('Accept', followingOf(node.ctx.db, foreign.me)!.followId))
  }
  await settle(node)
}

/** Names of this machine; nobody else is known. */
function oneMachine(names: string[]): Lookup {
  return ((host: string, _options: object, done: (error: Error | null, found: LookupAddress[]) => void) => {
    if (names.includes(host)) return done(null, [{ address: '127.0.0.1', family: 4 }])
    done(Object.assign(new Error(`${host} is unknown`), { code: 'ENOTFOUND' }), [])
  }) as unknown as Lookup
}

// Nobody wants to wait ten seconds for each server that hangs.
function withPatience(fetcher: Fetcher, timeoutMs: number): Fetcher {
  return {
    get: (url, options) => fetcher.get(url, { timeoutMs, ...options }),
    post: (url, body, options) => fetcher.post(url, body, { timeoutMs, ...options }),
    close: () => fetcher.close(),
  }
}
