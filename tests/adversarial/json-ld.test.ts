import { generateKeyPairSync } from 'node:crypto'
import t from 'tap'
import { allFollowers } from '../../src/db/follower.ts'
import { postByIri } from '../../src/db/post.ts'
import { addProof } from '../../src/federation/proofs.ts'
import { exportMultikey, type SigningKey } from '../../src/federation/signatures.ts'
import { settle } from '../helpers/node.ts'
import { startRawServer } from '../helpers/raw-server.ts'
import { befriend, hostile } from './harness.ts'

type Json = Record<string, unknown>
const AS = 'https://www.w3.org/ns/activitystreams'

t.test('JSON-LD and proofs', async t => {
  const hanging = await startRawServer(t, () => {})
  const world = await hostile(t, { friends: ['hanging.test'] })
  const { node, evil, victim, deliver, attack, inside } = world
  await befriend(world)
  const follow = (more: Json = {}) => evil.activity('Follow', node.actor, more)
  const theirs = { id: `${victim.origin}/activities/hidden`, type: 'Follow', actor: victim.me, object: node.actor }

  await attack('O-47 @graph, @included, @reverse and their aliases', async t => {
    for (const keyword of ['@graph', '@included', '@reverse', '@nest', '@set', '@list', '@id', '@type']) {
      t.equal((await deliver(evil, follow({ [keyword]: [theirs] }))).status, 400, keyword)
      t.equal((await deliver(evil, evil.activity('Create', evil.note('x', { [keyword]: [theirs] })))).status, 400, `${keyword} inside`)
      for (const definition of [keyword, { '@id': keyword }]) {
        const document = follow({ '@context': [AS, { also: definition }], also: [theirs] })
        t.equal((await deliver(evil, document)).status, 400, `an alias of ${keyword}`)
        const embedded = evil.note('x', { '@context': { also: definition }, also: [theirs] })
        t.equal((await deliver(evil, evil.activity('Create', embedded))).status, 400, `an alias of ${keyword} inside`)
      }
    }
    for (const definition of [{ '@reverse': 'as:object' }, { '@reverse': `${AS}#actor` }, { '@id': 'as:object', '@container': '@graph' }])
      t.equal((await deliver(evil, follow({ '@context': [AS, { also: definition }], also: [theirs] }))).status, 400)
  })

  await attack(
    'O-48 contexts that nobody should fetch',
    async t => {
      const slow = `http://hanging.test:${hanging.port}/context`
      const asked = evil.asked.length
      for (const context of [...inside('/context'), slow, `${evil.origin}/context`, 'https://unknown.test/ns', 'file:///etc/passwd']) {
        for (const contexts of [context, [AS, context], [context, AS]]) {
          const wave = evil.activity('Wave', node.actor, { '@context': contexts })
          t.equal(
            (await deliver(evil, wave, { key: { ...evil.key, id: `${evil.origin}/users/mallory#none` } })).status >> 2,
            100,
            'badly signed',
          )
          const { status } = await deliver(evil, wave)
          t.ok(status === 202 || status === 400, `signed: ${status}`)
        }
        const start = performance.now()
        const known = follow({ '@context': [AS, context, { nothing: `${context}#` }] })
        t.equal((await deliver(evil, known)).status, 202)
        t.ok(performance.now() - start < 1000, 'and nobody waits for it')
        t.equal(allFollowers(node.ctx.db).length, 1, 'known terms still work')
        await deliver(evil, evil.activity('Undo', known))
      }
      t.equal(
        (
          await fetch(world.inbox, {
            method: 'POST',
            headers: { 'content-type': 'application/activity+json' },
            body: JSON.stringify(follow({ '@context': slow })),
          })
        ).status,
        401,
        'unsigned',
      )
      t.same(hanging.requests, [])
      t.same(
        evil.asked.slice(asked).filter(what => what.includes('/context')),
        [],
      )
    },
    { changes: ['events', 'activities', 'entries'] },
  )

  await attack('O-49 contexts that give identity another meaning', async t => {
    const inline: Json[] = [
      { actor: 'https://evil.test/ns#other' },
      { actor: { '@id': 'as:summary' }, other: { '@id': 'as:actor', '@type': '@id' } },
      { type: '@id' },
      { id: '@type' },
      { id: 'as:summary' },
      { object: { '@id': 'as:actor', '@type': '@id' } },
      { also: { '@id': 'as:actor', '@type': '@id' } },
      { also: { '@id': `${AS}#actor`, '@type': '@id' } },
      { p: `${AS}#act`, also: 'p:or' },
      { as: 'https://evil.test/ns#' },
      { '@vocab': `${AS}#` },
      { '@base': `${victim.origin}/` },
      { '@propagate': false, actor: 'as:object' },
    ]
    for (const context of inline) {
      const document = follow({ '@context': [AS, context], also: victim.me, other: victim.me })
      t.equal((await deliver(evil, document)).status, 400, JSON.stringify(context))
      t.equal((await deliver(evil, evil.activity('Create', evil.note('x', { '@context': context })))).status, 400, 'inside')
    }
    // Plain names that say one thing, and expanded ones that say another.
    for (const [name, value] of [
      ['as:actor', victim.me],
      [`${AS}#actor`, victim.me],
      [`${AS}#actor`, [{ '@id': victim.me }]],
      ['as:object', victim.me],
      ['@type', `${AS}#Delete`],
      ['@id', `${victim.origin}/1`],
    ] as const) {
      const { status } = await deliver(evil, { ...evil.activity('Wave', node.actor), [name]: value })
      t.ok([400, 401].includes(status), `${name}: ${status}`)
    }
  })

  const pairs = Object.fromEntries(['alice', 'bob'].map(name => [name, generateKeyPairSync('ed25519')]))
  const keyOf = (name: string): SigningKey => ({
    id: `${victim.origin}/users/${name}#ed25519-key`,
    algorithm: 'ed25519',
    privateKey: pairs[name]!.privateKey,
  })
  const listing = (name: string, listed: string[] = [name]) => {
    const id = `${victim.origin}/users/${name}`
    const assertionMethod = listed.map(key => ({
      id: keyOf(key).id.replace(`/users/${key}#`, `/users/${name}#`),
      type: 'Multikey',
      controller: id,
      publicKeyMultibase: exportMultikey(pairs[key]!.publicKey),
    }))
    const document = victim.actor(name)
    const contexts = [...(document['@context'] as unknown[]), 'https://w3id.org/security/multikey/v1', 'https://www.w3.org/ns/did/v1']
    victim.serve(`/users/${name}`, { body: { ...document, '@context': contexts, assertionMethod } })
  }
  const create = (content: string, more: Json = {}) => victim.activity('Create', victim.note(content), more)
  const iri = (document: Json) => String((document.object as Json).id)

  await attack(
    'O-51 a proof by somebody else of the same server',
    async t => {
      listing('alice')
      listing('bob')
      const good = create('alice’s own')
      t.equal((await deliver(evil, addProof(good, keyOf('alice'), new Date()))).status, 202, 'her own proof, passed on')
      await settle(node)
      t.ok(postByIri(node.ctx.db, iri(good)))
      for (const attributedTo of [victim.me, `${victim.origin}/users/bob`]) {
        const forged = create('put into her mouth')
        Object.assign(forged.object as Json, { attributedTo })
        t.equal((await deliver(evil, addProof(forged, keyOf('bob'), new Date()))).status, 401, 'bob’s, over what alice is said to say')
        const posing = { ...keyOf('bob'), id: keyOf('alice').id }
        t.equal((await deliver(evil, addProof(forged, posing, new Date()))).status, 401, 'bob’s, under her name')
      }
      const his = { ...create('hers, said by bob'), actor: `${victim.origin}/users/bob` }
      t.ok([202, 401].includes((await deliver(evil, addProof(his, keyOf('bob'), new Date()))).status))
      await settle(node)
      t.notOk(postByIri(node.ctx.db, iri(his)), 'an activity of bob’s makes no post of alice’s')
    },
    { changes: ['posts', 'timeline_items', 'events', 'actors', 'actor_keys'] },
  )

  await attack(
    'O-52 a proof by a key that its actor no longer lists',
    async t => {
      const before = create('while it was listed')
      t.equal((await deliver(evil, addProof(before, keyOf('alice'), new Date()))).status, 202)
      // The key stays where it was; only her own document does not name it any more.
      listing('alice', [])
      victim.serve('/users/alice/key', {
        body: {
          id: keyOf('alice').id,
          type: 'Multikey',
          controller: victim.me,
          publicKeyMultibase: exportMultikey(pairs.alice!.publicKey),
        },
      })
      const update = victim.activity('Update', { ...victim.actor('alice'), '@context': undefined })
      t.equal((await deliver(victim, update)).status, 202, 'she says so')
      node.clock.offsetMs = 10 * 60_000
      const after = create('after it was taken off')
      t.equal((await deliver(evil, addProof(after, keyOf('alice'), new Date()), { at: node.ctx.now() })).status, 401)
      t.notOk(postByIri(node.ctx.db, iri(after)))
      node.clock.offsetMs = 0
    },
    { changes: ['posts', 'timeline_items', 'events', 'actor_keys'] },
  )
})
