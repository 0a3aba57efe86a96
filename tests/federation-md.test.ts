import { readFileSync } from 'node:fs'
import t from 'tap'
import { CONTEXT } from '../src/federation/context.ts'
import { handlers } from '../src/federation/inbox.ts'
import { translations } from '../src/federation/outbox.ts'
import { startNode } from './helpers/node.ts'
import { root } from './helpers/root.ts'

const page = readFileSync(new URL('FEDERATION.md', root), 'utf8')
const section = (from: string, to: string) => page.slice(page.indexOf(from), page.indexOf(to))
const firstCells = (text: string) => new Set([...text.matchAll(/^\| `(\w+)` \|/gm)].map(match => match[1]!))

t.test('FEDERATION.md lists exactly the activities that have an effect', async t => {
  t.same([...firstCells(section('What is taken:', 'Anything else'))].sort(), Object.keys(handlers).sort())
})

t.test('and exactly those that are sent', async t => {
  // The kinds of activity are read off the code that makes them, so that a new one can't be forgotten here.
  const source = [
    'outbox',
    'activities/follow',
    'activities/post',
    'activities/move',
    'activities/question',
    'activities/featured',
    'activities/reaction',
    'activities/block',
    'activities/quote',
    'activities/relay',
    'activities/report',
  ]
    .map(name => readFileSync(new URL(`src/federation/${name}.ts`, root), 'utf8'))
    .join('\n')
  const made = new Set(
    [...source.matchAll(/\btype: '(Create|Update|Delete|Follow|Undo|Accept|Reject|Announce|Like|Add|Remove|Block|Flag|Move)'/g)].map(
      match => match[1]!,
    ),
  )
  for (const [, type] of source.matchAll(/answer\(speaker, '(\w+)'\)/g)) made.add(type!)
  t.same([...firstCells(section('What is sent:', 'What is taken:'))].sort(), [...made].sort())
  t.ok(Object.keys(translations).length > 0)
})

t.test('every property of an actor that is ours to explain is explained', async t => {
  const oak = await startNode(t)
  const actor = await (await oak.get('/c/oak')).json()
  const [, , terms] = CONTEXT as [string, string, Record<string, unknown>]
  const extensions = Object.keys(actor).filter(
    name => (name in terms || name.includes(':')) && !['movedTo', 'alsoKnownAs', 'manuallyApprovesFollowers'].includes(name),
  )
  for (const name of extensions) t.match(page, `\`${name}\``, name)
})
