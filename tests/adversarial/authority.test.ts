import { generateKeyPairSync } from 'node:crypto'
import type { IncomingHttpHeaders } from 'node:http'
import t, { type Test } from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { actorOf } from '../../src/db/actor.ts'
import { allFollowers } from '../../src/db/follower.ts'
import { postByIri, postsBy } from '../../src/db/post.ts'
import { lookUp } from '../../src/federation/lookup.ts'
import { readSignature } from '../../src/federation/signatures.ts'
import { settle } from '../helpers/node.ts'
import { befriend, hostile } from './harness.ts'

type Json = Record<string, unknown>

t.test('authority over objects', async t => {
  const world = await hostile(t)
  const { node, evil, victim, deliver, attack } = world
  await befriend(world)
  const note = victim.note('alice’s own words')
  victim.serve(new URL(String(note.id)).pathname, { body: { '@context': 'https://www.w3.org/ns/activitystreams', ...note } })
  await deliver(victim, victim.activity('Create', note))
  const follow = victim.activity('Follow', node.actor)
  await deliver(victim, follow)
  const own = publishPost(node.ctx, 'our own words')
  await settle(node)
  t.match(postByIri(node.ctx.db, String(note.id)), { content: 'alice’s own words' })
  t.equal(allFollowers(node.ctx.db).length, 1)
  /** Sends what mallory may say, or says; taken or refused, it must have no effect. */
  const says = async (t: Test, document: Json, message: string) => {
    t.ok([202, 401, 403].includes((await deliver(evil, document)).status), message)
    await settle(node)
  }
  const planted = 'planted-words'
  /** Tables that hold something of what was planted. */
  const plantedIn = () => {
    const { $client } = node.ctx.db
    const tables = $client.prepare(`select name from sqlite_master where type = 'table'`).pluck().all() as string[]
    return tables.filter(name => JSON.stringify($client.prepare(`select * from "${name}"`).all()).includes(planted))
  }

  await attack('O-13 a key document that claims to be alice', async t => {
    for (const who of [victim.me, `${victim.origin}/users/unknown`, node.actor]) {
      const publicKey = { id: `${evil.origin}/k`, owner: who, publicKeyPem: (evil.actor('mallory').publicKey as Json).publicKeyPem }
      evil.serve('/k', { body: { ...evil.actor('mallory'), id: who, publicKey } })
      const key = { ...evil.key, id: `${evil.origin}/k` }
      t.equal((await deliver(evil, { ...evil.activity('Follow', node.actor), actor: who }, { key })).status, 401, who)
      t.equal(
        (await deliver(evil, { ...evil.activity('Follow', node.actor), actor: who, id: `${new URL(who).origin}/1` }, { key })).status,
        401,
      )
      t.equal((await deliver(evil, evil.activity('Follow', node.actor), { key })).status, 401, 'nor is it mallory’s')
    }
  })

  await attack('O-14 a lookup whose document claims to be somebody else’s', async t => {
    evil.serve('/x', { body: { ...victim.actor('alice'), name: planted, summary: planted } })
    t.match(await lookUp(node.federation, `${evil.origin}/x`), { id: victim.me, name: 'alice', summary: '' }, 'her own words, from her')
    evil.serve('/y', { body: { ...victim.actor('nobody'), name: planted } })
    await t.rejects(lookUp(node.federation, `${evil.origin}/y`), { name: 'Refusal' }, 'or nothing')
    evil.serve('/z', { body: { ...evil.actor('mallory'), id: node.actor, name: planted } })
    await t.rejects(lookUp(node.federation, `${evil.origin}/z`), { name: 'Refusal' })
    t.same(plantedIn(), [])
  })

  await attack(
    'O-15 an object whose url lies elsewhere',
    async t => {
      const shown = evil.note('look here', { url: note.id })
      await deliver(evil, evil.activity('Create', shown))
      t.match(postByIri(node.ctx.db, String(shown.id)), { url: shown.id }, 'the link goes where the words came from')
      await deliver(evil, evil.activity('Update', evil.actor('mallory', undefined, { url: victim.me })))
      t.match(actorOf(node.ctx.db, evil.me), { url: evil.me })
    },
    { changes: ['posts', 'timeline_items', 'events', 'actors'] },
  )

  await attack(
    'O-16 content types that are not ActivityPub',
    async t => {
      const refused = [
        'application/json',
        'text/plain',
        'text/html',
        'application/ld+json',
        'application/ld+json; profile="https://evil.test/ns"',
        'application/ld+json; profile="https://evil.test/?https://www.w3.org/ns/activitystreams"',
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams-not"',
        'application/activity+jsonp',
        'text/plain, application/activity+json',
        '',
      ]
      const taken = [
        'application/activity+json; charset=utf-8',
        'application/ld+json; profile="https://www.w3.org/ns/activitystreams"',
        'application/ld+json; charset=utf-8; profile="https://www.w3.org/ns/json-ld https://www.w3.org/ns/activitystreams"',
      ]
      for (const [index, type] of [...refused, ...taken].entries()) {
        const good = taken.includes(type)
        const name = `typed${index}`
        const me = `${evil.origin}/users/${name}`
        evil.serve(`/users/${name}`, { type, body: evil.actor(name) })
        const wave = { ...evil.activity('Wave', node.actor), actor: me }
        t.equal(
          (await deliver(evil, wave, { key: { ...evil.key, id: `${me}#main-key` } })).status,
          good ? 202 : 401,
          `key as ${type || 'nothing'}`,
        )
        if (!good) await t.rejects(lookUp(node.federation, me), { name: 'Refusal' }, 'nor is it found by looking')
        const object = evil.note('of some type')
        evil.serve(new URL(String(object.id)).pathname, { type, body: object })
        await deliver(evil, evil.activity('Create', object.id))
        await settle(node)
        t.equal(Boolean(postByIri(node.ctx.db, String(object.id))), good, `object as ${type || 'nothing'}`)
        t.equal(Boolean(actorOf(node.ctx.db, me)), good)
      }
    },
    // Those that were named wait to be asked for again.
    { changes: ['posts', 'timeline_items', 'events', 'actors', 'actor_keys', 'errands'] },
  )

  await attack(
    'O-17 an actor planted by a Create',
    async t => {
      const hers = generateKeyPairSync('rsa', { modulusLength: 2048 })
      victim.serve('/users/bea', { body: victim.actor('bea', hers.publicKey) })
      for (const name of ['alice', 'bea', 'nobody']) {
        const id = `${victim.origin}/users/${name}`
        const forged = {
          ...victim.actor(name),
          name: planted,
          publicKey: { ...(victim.actor(name).publicKey as Json), publicKeyPem: (evil.actor('x').publicKey as Json).publicKeyPem },
        }
        for (const more of [{}, { attributedTo: evil.me }])
          await says(t, evil.activity('Create', { ...forged, ...more }), `Create of ${name}`)
        const asHer = { ...victim.activity('Follow', node.actor), actor: id }
        t.equal((await deliver(evil, asHer, { key: { ...evil.key, id: `${id}#main-key` } })).status, 401, `and then a Follow as ${name}`)
      }
      t.same(plantedIn(), [])
      t.equal(actorOf(node.ctx.db, `${victim.origin}/users/bea`)?.name ?? 'bea', 'bea')
    },
    { changes: ['actors', 'actor_keys'] },
  )

  await attack(
    'O-18 objects planted by every other property',
    async t => {
      const foreign = { ...victim.note(planted), attributedTo: victim.me, name: planted }
      const { '@context': _, ...carol } = victim.actor('carol')
      const actor = { ...carol, name: planted }
      for (const property of ['inReplyTo', 'tag', 'target', 'attachment', 'context', 'generator', 'preview', 'quoteUrl'])
        for (const object of [foreign, actor])
          await says(t, evil.activity('Create', evil.note('carrier', { [property]: object })), property)
      for (const object of [foreign, actor]) {
        const replies = { type: 'Collection', first: { type: 'CollectionPage', items: [object] } }
        await says(t, evil.activity('Create', evil.note('carrier', { replies })), 'replies.first')
        await says(t, evil.activity('Announce', object), 'Announce')
        await says(t, evil.activity('Like', object), 'Like')
        await says(
          t,
          evil.activity('Create', evil.note('carrier'), { target: object, result: object, instrument: object }),
          'target of the activity',
        )
      }
      t.same(plantedIn(), [])
      t.same(
        postsBy(node.ctx.db, victim.me, { limit: 20 }).map(({ iri }) => iri),
        [note.id],
      )
    },
    // What mallory says under its own name may be kept, and what it points to may be asked for.
    { changes: ['posts', 'timeline_items', 'events', 'errands', 'mentions'] },
  )

  await attack('O-19 an Update of somebody else’s note or actor', async t => {
    for (const attributedTo of [evil.me, victim.me, [evil.me, victim.me]]) {
      await says(t, evil.activity('Update', { ...note, content: planted, attributedTo }), 'her note')
      await says(t, evil.activity('Update', { ...victim.actor('alice'), name: planted, attributedTo }), 'her actor')
      await says(t, evil.activity('Update', { ...evil.note(planted), id: note.id, url: note.id, attributedTo }), 'its own under her id')
    }
    await says(t, evil.activity('Update', note.id), 'her note, only named')
  })

  await attack('O-20 an Update or Create of what is ours or another’s', async t => {
    const { '@context': _, proof: __, charter: ___, ...actor } = (await (await node.get('/c/oak')).json()) as Json
    const charter = `${node.url}/charter/1`
    for (const type of ['Update', 'Create']) {
      for (const attributedTo of [evil.me, node.actor]) {
        await says(t, evil.activity(type, { ...actor, name: planted, attributedTo }), `${type} of our actor`)
        await says(t, evil.activity(type, evil.note(planted, { id: own.iri, attributedTo })), `${type} of our note`)
        await says(t, evil.activity(type, evil.note(planted, { id: charter, type: 'Article', attributedTo })), `${type} of our charter`)
        await says(t, evil.activity(type, { ...note, content: planted, attributedTo }), `${type} of her note`)
      }
    }
    t.same(plantedIn(), [])
    t.match(await (await node.get('/c/oak')).json(), { name: actor.name, publicKey: actor.publicKey, inbox: actor.inbox })

    let signed: IncomingHttpHeaders = {}
    evil.serve('/users/curious', headers => {
      signed = headers
      return { status: 404 }
    })
    await t.rejects(lookUp(node.federation, `${evil.origin}/users/curious`), { name: 'Refusal' })
    const claim = readSignature({ method: 'GET', target: '/users/curious', headers: signed, body: undefined }, evil.origin, new Date())
    const [listed] = node.federation.keyring.publicKeys(`${node.url}/node`)
    t.ok(listed && claim.verify(listed.key), 'and our key still signs')
  })

  await attack('O-21 a Delete or Undo of what somebody else said', async t => {
    const objects: [string, unknown][] = [
      ['Delete', note.id],
      ['Delete', note],
      ['Delete', { id: note.id, type: 'Tombstone' }],
      ['Delete', { ...note, attributedTo: evil.me }],
      ['Delete', victim.me],
      ['Delete', own.iri],
      ['Undo', follow.id],
      ['Undo', follow],
      ['Undo', { ...follow, actor: evil.me }],
      ['Undo', { ...follow, id: undefined }],
    ]
    for (const [type, object] of objects) await says(t, evil.activity(type, object), `${type} ${JSON.stringify(object)?.slice(0, 60)}`)
    t.match(allFollowers(node.ctx.db), [{ actor: victim.me, state: 'accepted' }])
  })

  await attack('O-25 activity ids elsewhere, missing, empty or endless', async t => {
    const ids: [unknown, number[]][] = [
      [victim.newId(), [401]],
      [`${node.url}/a/1`, [401]],
      [evil.origin.replace('evil.test', 'EVIL.test.victim.test'), [401]],
      [evil.origin.replace('http:', 'https:'), [401]],
      [undefined, [400]],
      [null, [400]],
      ['', [400]],
      ['#x', [400]],
      [`${evil.origin}/${'x'.repeat(4096)}`, [400]],
      [[`${evil.origin}/1`], [400]],
      [{ id: `${evil.origin}/1` }, [400]],
      [7, [400]],
    ]
    for (const [id, statuses] of ids) {
      const { status } = await deliver(evil, { ...evil.activity('Follow', node.actor), id })
      t.ok(statuses.includes(status), `${JSON.stringify(id)?.slice(0, 60)}: ${status}`)
    }
  })

  await attack('O-27 Add and Remove on somebody else’s collection', async t => {
    for (const type of ['Add', 'Remove'])
      for (const target of [`${victim.me}/featured`, `${node.actor}/featured`, `${node.actor}/followers`, `${node.actor}/outbox`])
        for (const object of [note.id, note, own.iri, evil.note(planted)])
          await says(t, evil.activity(type, object, { target }), `${type} ${target}`)
    t.same(plantedIn(), [])
  })
})

t.test('O-26 ids that look like ours', async t => {
  const world = await hostile(t, { handle: 'green', env: { PUBLIC_URL: 'https://node.test' } })
  const { node, evil, deliver } = world
  const cases: [string, boolean][] = [
    ['https://node.test.evil.test/c/green', false],
    ['https://node.test@evil.test/c/green', false],
    ['http://node.test/c/green', false],
    ['https://node.test:444/c/green', false],
    ['https://node.test/c/green/', false],
    ['https://node.test/c/green?x', false],
    ['https://nоde.test/c/green', false],
    ['https://NODE.test:443/c/green', true],
    ['https://node.test/c/green', true],
  ]
  for (const [object, local] of cases)
    await world.attack(
      `O-26 ${object}`,
      async t => {
        const follow = evil.activity('Follow', object)
        t.equal((await deliver(evil, follow)).status, 202)
        t.equal(allFollowers(node.ctx.db).length, local ? 1 : 0)
        await deliver(evil, evil.activity('Undo', follow))
        await deliver(evil, evil.activity('Delete', object))
        t.same(allFollowers(node.ctx.db), [])
      },
      { changes: local ? ['events', 'entries', 'activities'] : [] },
    )
})
