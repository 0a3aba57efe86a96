import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import t from 'tap'
import { checkEntry, checkFork } from '../src/federation/entry-check.ts'
import { entryVectors } from './helpers/entry-vectors.ts'
import { root } from './helpers/root.ts'

const read = (name: string) => JSON.parse(readFileSync(new URL(`tests/vectors/entries/${name}.json`, root), 'utf8'))

t.test('the vectors are what this node makes (node dist/tests/vectors/make-entries.js writes them)', async t => {
  const { keys, at, documents, fork, trees } = entryVectors()
  t.same(read('documents'), { at, keys, documents, fork })
  t.same(read('trees'), trees)
})

t.test('and what it takes from others', async t => {
  const { at, documents, fork } = read('documents')
  const now = new Date(at)
  for (const { name, text, hash, signer, speakers } of documents) {
    t.match(checkEntry(JSON.parse(text), now), { text, hash, signer, speakers }, name)
    t.equal(createHash('sha256').update(text).digest('hex'), hash)
  }
  t.match(checkFork(JSON.parse(fork.text), now), fork)
  t.ok(read('trees').length > 3)
})
