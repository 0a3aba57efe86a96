import { join } from 'node:path'
import { Secret, TOTP } from 'otpauth'
import { pino } from 'pino'
import t from 'tap'
import { blockDomain } from '../src/actions/block.ts'
import { answerInquiry, noteInquiry } from '../src/actions/inquiry.ts'
import { needPledges } from '../src/actions/pledge.ts'
import { publishPost } from '../src/actions/post.ts'
import { inviteSteward, offerReset } from '../src/actions/steward.ts'
import { beginTotp, enableTotp } from '../src/actions/totp.ts'
import { buildApp } from '../src/app.ts'
import { readConfig } from '../src/config.ts'
import { tablesOf } from '../src/db/person.ts'
import { takeout } from '../src/federation/takeout.ts'
import { tokenHash } from '../src/lib/private-token.ts'
import { createLog } from '../src/node.ts'
import { clientOf } from './helpers/client.ts'
import { startForeign } from './helpers/foreign.ts'
import { fillIn, send } from './helpers/form.ts'
import { settle, startNode, type TestNode } from './helpers/node.ts'
import { PASSWORD, signedIn } from './helpers/steward.ts'

const PLACE = {
  precision: 'region',
  country: 'ES',
  region: 'Galicia',
  locality: 'Secretville',
  latitude: 42.98765,
  longitude: -8.12345,
} as const
/** What only few may read, by what it is. */
const PLANTED = {
  seeker: 'Wren Secretseeker',
  contact: 'wren@letters.example',
  asked: 'a question between us alone',
  answered: 'an answer between us alone',
  noted: 'a note among the stewards',
  pledger: 'Robin Secretpledger',
  pledgeContact: 'robin@letters.example',
  followersOnly: 'words for followers alone',
  direct: 'words for one alone',
  heardDirect: 'whispered to the community',
  blockNote: 'why we really blocked them',
  complaint: 'what they complained of in private',
  latitude: '42.98765',
  longitude: '8.12345',
  locality: 'Secretville',
  password: PASSWORD,
  wrongPassword: 'a wrong password somebody typed',
  metrics: 'a-token-of-the-monitor',
}

t.test('nothing private is in any public answer, in the log or in the export', async t => {
  const lines: string[] = []
  const file = join(t.testdir(), 'archipelago.sqlite')
  const env = { LOG_LEVEL: 'trace', METRICS_TOKEN: PLANTED.metrics, DATA_DIR: join(file, '..') }
  const log = createLog(readConfig(env), { write: line => void lines.push(line) })
  const node = await startNode(t, { handle: 'oak', file, env, log, charter: { place: PLACE, status: 'forming', openToMembers: 'yes' } })
  const secrets = await plant(node)
  const values = new Map([...Object.entries(PLANTED), ...secrets, ...storedSecrets(node)].filter(([, value]) => value.length >= 5))
  t.ok(values.size > 35, `${values.size} secrets are looked for`)

  const routes = await routesOf(node)
  t.ok(routes.length > 120, `${routes.length} routes are asked`)
  const found = (text: string) => [...values].filter(([, secret]) => text.includes(secret)).map(([name]) => name)
  let asked = 0
  for (const path of routes.flatMap(filled)) {
    for (const accept of ['text/html', 'application/activity+json', 'application/json']) {
      const response = await fetch(new URL(path, node.url), { headers: { accept }, redirect: 'manual' })
      // A stream of events never ends by itself.
      const endless = response.headers.get('content-type')?.includes('event-stream')
      const text = endless ? '' : Buffer.from(await response.arrayBuffer()).toString('latin1')
      if (endless) await response.body?.cancel()
      asked++
      const names = found(`${JSON.stringify([...response.headers])}${text}`)
      if (names.length > 0) t.fail(`${path} as ${accept} tells: ${names.join(', ')}`)
    }
  }
  t.comment(`${asked} questions`)

  await send(node, '/sign-in', { name: 'ada', password: PLANTED.wrongPassword })
  await send(node, '/sign-in', { name: 'ada', password: PASSWORD })
  t.same(found(lines.join('\n')), [], 'the log')
  let exported = ''
  for (const { parts } of takeout(node.federation, false)) for await (const part of parts) exported += Buffer.from(part).toString('latin1')
  t.match(exported, /"preferredUsername"/)
  t.same(found(exported), [], 'the export without what is private')
  let whole = ''
  for (const { parts } of takeout(node.federation, true)) for await (const part of parts) whole += Buffer.from(part).toString('latin1')
  const opens = new Set([...secrets.keys(), 'password', 'wrongPassword', 'metrics'])
  t.same(
    found(whole).filter(name => opens.has(name) || name.includes('.')),
    [],
    'no key opens anything, not even in the export with what is private',
  )
  t.match(whole, PLANTED.seeker)
})

/** A node that has lived, with everything somebody could want to know. @returns what opens doors, by what it is */
async function plant(node: TestNode): Promise<Map<string, string>> {
  const { ctx } = node
  const other = await startForeign(t)
  await other.send(`${node.actor}/inbox`, other.activity('Follow', node.actor))
  await settle(node)
  const inquiry = await fillIn(node, '/c/oak/inquire', {
    wish: 'visit',
    name: PLANTED.seeker,
    contact: PLANTED.contact,
    message: PLANTED.asked,
  })
  answerInquiry(ctx, 1, PLANTED.answered)
  noteInquiry(ctx, 1, PLANTED.noted)
  needPledges(ctx, 5)
  const pledge = await fillIn(node, '/c/oak/pledge', { name: PLANTED.pledger, contact: PLANTED.pledgeContact })
  const open = publishPost(ctx, 'Good morning everybody')
  publishPost(ctx, PLANTED.followersOnly, { visibility: 'followers' })
  const mentioned = [{ actor: other.me, handle: 'mallory', host: other.host, url: other.me }]
  publishPost(ctx, PLANTED.direct, { visibility: 'direct', mentioned })
  const tag = [{ type: 'Mention', href: node.actor, name: '@oak' }]
  await other.send(
    `${node.url}/inbox`,
    other.activity('Create', other.note(PLANTED.heardDirect, { to: [node.actor], tag, inReplyTo: open.iri })),
  )
  await other.send(`${node.url}/inbox`, other.activity('Flag', [node.actor, open.iri], { content: PLANTED.complaint }))
  blockDomain(ctx, 'bad.example', 'suspend', { comment: 'spam', note: PLANTED.blockNote })
  const ada = await signedIn(node)
  const client = await clientOf(node, { steward: ada.steward })
  const invited = inviteSteward(ctx, 'editor')
  const secret = beginTotp(ctx, ada.steward.id)
  const code = new TOTP({ secret: Secret.fromBase32(secret) }).generate()
  const codes = enableTotp(ctx, ada.steward.id, code) ?? []
  await settle(node)
  const token = (location: string) => location.split('/').at(-1)!
  return new Map([
    ['session', ada.cookie.split('=')[1]!],
    ['invitation', invited.token],
    ['invitation hash', tokenHash(invited.token)],
    ['reset', offerReset(ctx, ada.steward.id).token],
    ['totp', secret],
    ['app secret', client.secret],
    ['app token', client.token],
    ['inquiry page', token(inquiry.location)],
    ['pledge page', token(pledge.location)],
    ...codes.map((code, at) => [`recovery code ${at}`, code] as const),
  ])
}

/** Every value of a column that is named like a secret, private keys in pieces. */
function storedSecrets({ ctx }: TestNode): [string, string][] {
  const { $client } = ctx.db
  const secret = /hash$|secret|token|private|password|^code$/
  const open = /^(records|tree|contenders|spent_tickets|drafts)$|^entries/
  return tablesOf(ctx.db)
    .filter(table => !open.test(table))
    .flatMap(table => {
      const columns = ($client.pragma(`table_info("${table}")`) as { name: string }[]).map(({ name }) => name)
      return columns
        .filter(name => secret.test(name) && name !== 'blurhash')
        .flatMap(name => {
          const rows = $client.prepare(`select distinct "${name}" from "${table}" where "${name}" is not null`).pluck().all() as unknown[]
          return rows
            .flatMap(value => (name === 'private_key' ? String(value).split('\n').slice(1, -2) : [String(value)]))
            .filter(value => value.length >= 12)
            .map((value, at): [string, string] => [`${table}.${name} ${at}`, value])
        })
    })
    .concat(
      (
        $client.prepare("select name, value from settings where name in ('formKey') or name like '%ecret%'").raw().all() as [
          string,
          string,
        ][]
      ).map(([name, value]): [string, string] => [`settings.${name}`, value]),
    )
}

/** Every address that answers GET, as the server itself lists them. */
async function routesOf({ ctx }: TestNode): Promise<string[]> {
  const { server } = buildApp({ ...ctx, log: pino({ level: 'silent' }) })
  const paths = new Set<string>()
  server.addHook('onRoute', ({ method, url }) => {
    if ([method].flat().includes('GET')) paths.add(url)
  })
  await server.ready()
  await server.close()
  return [...paths].filter(path => !/streaming/.test(path) || path.endsWith('health'))
}

/** An address with something in the place of each of its parameters: what is there, and what is not. */
function filled(path: string): string[] {
  const choices: Record<string, string[]> = {
    handle: ['oak'],
    edition: ['1'],
    from: ['1'],
    to: ['1'],
    token: ['nobody-knows-this'],
    file: ['x'],
  }
  const values = (name: string) => choices[name] ?? ['1', '2', '3']
  return path
    .split('/')
    .reduce<string[]>(
      (starts, part) => {
        const name = /^:(\w+)/.exec(part)?.[1]
        const here = part === '*' ? ['x'] : name ? values(name).map(value => part.replace(/:\w+(\([^)]*\))?/g, value)) : [part]
        return starts.flatMap(start => here.map(one => (start === '' && one === '' ? '' : `${start}/${one}`)))
      },
      [''],
    )
    .map(one => one.replace(/^\/+/, '/') || '/')
}
