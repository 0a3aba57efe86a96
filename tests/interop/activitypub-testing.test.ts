import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import t from 'tap'
import { publishPost } from '../../src/actions/post.ts'
import { settle, startNode } from '../helpers/node.ts'
import { root } from '../helpers/root.ts'
import { NODE, withoutPeers } from './peer.ts'

const skip = withoutPeers()
if (skip) console.error(skip)
const cli = fileURLToPath(new URL('tests/interop/node_modules/activitypub-testing/src/cli.js', root))

const MUST_PASS = [
  'actor-must-serve-as2-object-to-get',
  'actor-objects-must-have-inbox-outbox-properties',
  'followers-collection-must-be-a-collection',
  'following-collection-must-be-a-collection',
  'outbox-must-be-an-orderedcollection',
]
// Collections that ActivityPub lets an actor do without, and an inbox that nobody may read.
const NOT_HERE = [
  'inbox-must-be-an-orderedcollection',
  'liked-collection-must-be-a-collection',
  'likes-collection-must-be-a-collection',
  'shares-collection-must-be-a-collection',
]
// Posting to the outbox is for programs of the community's own people (ActivityPub, section 6), not spoken here.
const CLIENT_TO_SERVER = [
  'create-then-update-modifies-object-checked-by-get',
  'outbox-post-must-accept-non-activity-object',
  'outbox-post-server-adds-to-outbox-collection-checked-by-outbox-get',
  'outbox-post-servers-must-return-a-201-created-http-code',
  'outbox-wraps-object-with-create-checked-using-get-location',
  'post-outbox-server-overwrites-id-property',
]

type Assertion = { test: { slug: string }; result: { outcome: string; info?: string } }

t.test('activitypub-testing finds nothing wrong with our actors', { skip }, async t => {
  const node = await startNode(t)
  publishPost(node.ctx, 'Haymaking on Saturday')
  await settle(node)
  const { stdout } = await promisify(execFile)(NODE, [cli, 'test', 'actor', node.actor], { timeout: 60_000, maxBuffer: 1 << 26 })
  const results = stdout
    .split('\n')
    .filter(line => line.startsWith('{'))
    .map(line => JSON.parse(line) as Assertion)
    .filter(it => it.test)
  const outcome = new Map(results.map(({ test, result }) => [test.slug, result.outcome]))
  t.same([...outcome.keys()].sort(), [...MUST_PASS, ...NOT_HERE, ...CLIENT_TO_SERVER].sort(), 'all its tests are known here')
  for (const slug of MUST_PASS) t.equal(outcome.get(slug), 'passed', slug)
  for (const { test, result } of results) t.not(result.outcome, 'failed', `${test.slug}: ${result.info ?? result.outcome}`)
})
