import { forgetRecord } from '../../src/actions/directory.ts'
import { entryConfirmed, entryUnconfirmed, hearEntry } from '../../src/actions/entry.ts'
import { readConfig } from '../../src/config.ts'
import { removeContender } from '../../src/db/contender.ts'
import { entryOf } from '../../src/db/directory.ts'
import { openDatabase, transact } from '../../src/db/open.ts'
import { isPassedOn, recordOf } from '../../src/db/record.ts'
import { saveSetting } from '../../src/db/setting.ts'
import { isShown } from '../../src/domain/entry.ts'
import { BEGIN, type Story } from './stories.ts'

/** What can happen to what a node knows of a community. */
type Event =
  | { kind: 'hear' | 'origin'; document: number }
  /** Enough others say they have seen the key at the origin. */
  | { kind: 'witnessed' }
  /** The origin was asked, and shows nothing of the kind. */
  | { kind: 'denied' }

/** One thing a node may know of a community. */
export type Known = {
  hash: string | undefined
  seq: number
  tombstone: boolean
  passedOn: boolean
  shown: boolean
  /** The document it is, where it is one, and what others are told: it, or both sides of a fork. */
  document: number | undefined
  told: number[]
  /** Not confirmed yet. */
  heard: boolean
  /** A look at the origin is due. */
  due: boolean
}

/**
 * Everything a node can come to know in a story, and how. State 0 is to know nothing. Each list gives for a state the state after it;
 * `hear[state * documents + document]`.
 */
export type Rules = {
  story: Story
  states: Known[]
  hear: Uint8Array
  origin: Uint8Array
  witnessed: Uint8Array
  denied: Uint8Array
  /** The state before the story begins, and the one at its end. */
  start: number
  end: number
}

const UNKNOWN: Known = {
  hash: undefined,
  seq: 0,
  tombstone: false,
  passedOn: false,
  shown: false,
  document: undefined,
  told: [],
  heard: false,
  due: false,
}

/**
 * Finds the rules by trying everything in every order on a real database with the real actions: the simulation then only looks up what
 * they did. That is exact, because what they do depends on nothing but what is known, what is heard and the time, and time stands still.
 */
export function findRules(story: Story): Rules {
  const db = openDatabase(':memory:')
  const ctx = { db, now: () => new Date(BEGIN), config: readConfig({ PORT: '3000' }) }
  const { actor, documents } = story
  const count = documents.length
  const published = [...(story.before === undefined ? [] : [story.before]), ...story.said.flatMap(said => said.documents)]
  const events: Event[] = [
    ...documents.map((_, document) => ({ kind: 'hear', document }) as const),
    ...published.map(document => ({ kind: 'origin', document }) as const),
    { kind: 'witnessed' },
    { kind: 'denied' },
  ]

  function happen(event: Event): void {
    if (event.kind === 'hear') hearEntry(ctx, documents[event.document]!, { peer: 1 })
    else if (event.kind === 'origin') hearEntry(ctx, documents[event.document]!, 'origin')
    else if (event.kind === 'witnessed') entryConfirmed(ctx, actor, false)
    else entryUnconfirmed(ctx, actor, 'denied')
  }

  function look(): { known: Known; name: string } {
    const record = recordOf(db, actor)
    if (!record) return { known: UNKNOWN, name: '' }
    const entry = entryOf(db, actor)
    const hash = record.hash?.toString('hex')
    const document = documents.findIndex(one => one.hash === hash)
    const passedOn = isPassedOn(record)
    const parts =
      record.kind === 'fork'
        ? (JSON.parse(record.text) as { documents: unknown[] }).documents.map(part => JSON.stringify(part))
        : [record.text]
    const known: Known = {
      hash,
      seq: record.seq,
      tombstone: record.kind === 'tombstone',
      passedOn,
      shown: entry !== undefined && isShown(entry.state),
      document: document === -1 ? undefined : document,
      told: passedOn ? parts.map(text => documents.findIndex(one => one.text === text)) : [],
      heard: record.state === 'heard',
      due: record.checkAt !== null,
    }
    return { known, name: [record.kind, record.state, hash, known.due, record.seenAt !== null, waiting(actor)].join(' ') }
  }

  function waiting(of: string): string {
    return String(db.$client.prepare('select hash from contenders where actor = ?').pluck().get(of) ?? '')
  }

  function replay(path: readonly Event[]): void {
    transact(db, tx => {
      forgetRecord(tx, actor)
      removeContender(tx, actor)
      // What is tried here comes not from one peer in one day.
      saveSetting(tx, 'entry.checks', '{}')
    })
    for (const event of path) happen(event)
  }

  const states: Known[] = [UNKNOWN]
  const paths: Event[][] = [[]]
  const numbers = new Map([['', 0]])
  const after: number[][] = []
  for (let state = 0; state < states.length; state++) {
    if (states.length > 250) throw new Error(`There are too many states in “${story.name}”.`)
    after.push(
      events.map(event => {
        const path = [...paths[state]!, event]
        replay(path)
        const { known, name } = look()
        const found = numbers.get(name) ?? states.length
        if (found === states.length) {
          numbers.set(name, found)
          states.push(known)
          paths.push(path)
        }
        return found
      }),
    )
  }
  const at = (state: number, kind: Event['kind'], document = 0) => {
    const place = events.findIndex(event => event.kind === kind && (!('document' in event) || event.document === document))
    // Its origin never shows what it did not publish.
    return place === -1 ? state : after[state]![place]!
  }
  const table = (kind: 'hear' | 'origin') =>
    Uint8Array.from({ length: states.length * count }, (_, cell) => at(Math.floor(cell / count), kind, cell % count))
  const start = story.before === undefined ? 0 : at(0, 'origin', story.before)
  const end = story.said.reduce(
    (state, { documents: said }) => said.reduce((known, document) => at(known, 'origin', document), state),
    start,
  )
  db.$client.close()
  return {
    story,
    states,
    hear: table('hear'),
    origin: table('origin'),
    witnessed: Uint8Array.from(states, (_, state) => at(state, 'witnessed')),
    denied: Uint8Array.from(states, (_, state) => at(state, 'denied')),
    start,
    end,
  }
}

/** Whether a node must never come from one of these to the other: to something forged that it shows, or older or ended by what it had checked. */
export function isWrong({ story, states }: Rules, from: number, to: number): boolean {
  const [before, after] = [states[from]!, states[to]!]
  if (!after.shown) return false
  if (after.document !== undefined && story.forged[after.document]) return true
  return before.passedOn && (after.seq < before.seq || (before.tombstone && after.seq <= before.seq))
}

/** Whether whoever knows the end of the story can be moved by nothing that anybody says. */
export function isFinal({ states, hear, end, story }: Rules): boolean {
  const atEnd = (state: number) => states[state]!.hash === states[end]!.hash && states[state]!.passedOn
  return states.every(
    (_, state) => !atEnd(state) || story.documents.every((_, document) => atEnd(hear[state * story.documents.length + document]!)),
  )
}
