import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { allFollowing } from '../../src/db/following.ts'
import { postsBy } from '../../src/db/post.ts'
import { reactionCounts } from '../../src/db/reaction.ts'
import { hearOf } from '../helpers/client-world.ts'
import { hidden } from '../helpers/form.ts'
import { settle, startNode } from '../helpers/node.ts'
import { photograph } from '../helpers/pictures.ts'
import { signedIn } from '../helpers/steward.ts'
import { program, without } from './tool.ts'

t.setTimeout(180_000)
const skip = without('toot', 'toot', '--version')

t.test('toot: sign in, find a community known only by gossip, follow, read, post, answer, react, sign out', { skip }, async t => {
  const oak = await startNode(t)
  const elm = await startNode(t, { handle: 'elm', charter: { name: 'Elm House', theme: 'anarchist' } })
  await hearOf(t, oak, elm)
  const browser = await signedIn(oak)
  const home = t.testdir()
  const toot = program(t, 'toot', home)
  const host = oak.ctx.config.host
  const elmAddress = elm.address.slice(1)

  let typed = 0
  const login = await toot(['login', '--disable-https', '--instance', host], output => {
    const [url] = /http:\/\/\S*\/oauth\/authorize\/\?\S+/.exec(output) ?? []
    if (typed === 0 && /browser\? \[Y\/n\]/.test(output)) {
      typed = 1
      return Promise.resolve('n')
    }
    if (typed !== 1 || !url || !output.includes('Authorization code:')) return undefined
    typed = 2
    return codeFor(url)
  })
  t.equal(login.code, 0, login.output)
  t.match(login.output, /Successfully logged in/)

  async function codeFor(url: string): Promise<string> {
    const { pathname, search } = new URL(url)
    const page = await browser.visit(pathname + search)
    const names = ['response_type', 'client_id', 'redirect_uri', 'scope', 'state']
    const fields = Object.fromEntries(names.flatMap(name => (hidden(page.html, name) ? [[name, hidden(page.html, name)]] : [])))
    const sent = await browser.send('/oauth/authorize', { ...fields, decision: 'allow' })
    return /value="([A-Za-z0-9_-]{43})"/.exec(sent.html)?.[1] ?? ''
  }

  const works = async (...words: string[]) => {
    const run = await toot(words)
    t.equal(run.code, 0, `toot ${words.join(' ')}: ${run.output}`)
    return run.output
  }
  t.match(await works('whoami'), /@oak/)
  t.match(await works('instance', '--disable-https', host), /oak/)
  t.match(await works('search', 'elm'), elmAddress)
  t.match(await works('search', 'theme:anarchist'), elmAddress)
  t.match(await works('whois', elmAddress), /Anarchist/, 'the charter stands in its fields')
  await works('follow', elmAddress)
  await settle(oak, elm)
  t.match(allFollowing(oak.ctx.db), [{ actor: elm.actor, state: 'accepted' }])
  t.match(await works('following', 'oak'), elmAddress)

  publishPost(elm.ctx, 'Haymaking on #Saturday')
  await settle(oak, elm)
  t.match(await works('timeline', '--once', '--no-color'), /Haymaking on #Saturday/)
  t.match(await works('timeline', '--once', '--no-color', '--tag', 'saturday'), /Haymaking/)
  const heard = postsBy(oak.ctx.db, elm.actor, { limit: 1 })[0]!
  const number = /ID (\d+)/.exec(await works('timeline', '--once', '--no-color'))?.[1] ?? ''
  t.match(number, /^\d+$/)

  const file = join(home, 'picture.jpg')
  writeFileSync(file, await photograph())
  await works('post', `@${elmAddress} we come`, '--reply-to', number, '--visibility', 'public')
  await works('post', 'Look', '--media', file, '--description', 'A field', '--spoiler-text', 'Fields', '--language', 'en')
  await works('favourite', number)
  await works('reblog', number)
  await works('bookmark', number)
  await settle(oak, elm)
  const said = postsBy(elm.ctx.db, oak.actor, { limit: 5 })
  t.match(
    said.map(post => post.inReplyTo),
    [heard.iri],
    'the answer arrived',
  )
  t.same(reactionCounts(elm.ctx.db, postsBy(elm.ctx.db, elm.actor, { limit: 1 })[0]!.id), { likes: 1, boosts: 1 })
  t.match(await works('thread', number, '--no-color'), /we come/)

  publishPost(elm.ctx, `@oak@${host} bring forks`, {
    replyTo: said[0]!,
    mentioned: [{ actor: oak.actor, handle: 'oak', host, url: oak.actor }],
  })
  await settle(oak, elm)
  t.match(await works('notifications', '--no-color'), /bring forks/)

  const [own] = postsBy(oak.ctx.db, oak.actor, { limit: 1 })
  const shown = await works('timeline', '--once', '--no-color', '--public', '--local')
  t.match(own, { summary: 'Fields', language: 'en' })
  await works('delete', /ID (\d+)/.exec(shown)?.[1] ?? '')
  t.ok(
    postsBy(oak.ctx.db, oak.actor, { limit: 9 }).every(post => post.id !== own!.id),
    'deleted',
  )
  await works('unfollow', elmAddress)
  await works('mute', elmAddress)
  await works('unmute', elmAddress)
  await works('block', elmAddress)
  await works('logout', `oak@${host}`)
  t.match((await toot(['whoami'])).output, /not logged in|login/i)
})
