import { generateKeyPairSync } from 'node:crypto'
import type { SignedEntry } from '../../src/domain/entry.ts'
import { checkEntry, EntryRefusal } from '../../src/federation/entry-check.ts'
import { aKey, anAuthor, DAY } from '../../tests/helpers/signed-entry.ts'

/**
 * What happens to one community: documents really made and signed, each checked as an honest node checks it. `said` are those its own
 * node publishes, in order; `lies` are by somebody else's key, or by its own but not meant to be read any more.
 */
export type Story = {
  name: string
  actor: string
  documents: SignedEntry[]
  /** Whether a stranger's key signed it. */
  forged: boolean[]
  /** Known to everybody before the story begins. */
  before: number | undefined
  /** When its node publishes a document, in rounds; several at one time are told to different askers. */
  said: { round: number; documents: number[] }[]
  /** What liars give out. */
  lies: number[]
}

/** When everything was signed, well before the simulation begins. */
export const SIGNED_AT = Date.parse('2026-11-01T00:00:00Z')
export const BEGIN = SIGNED_AT + DAY

/** One story of each kind that the rules on entries tell apart. */
export function stories(): Story[] {
  return [
    story('change', author => [author.entry(1), author.entry(2)], { before: 0, said: [[1, [1]]], lies: [0] }),
    story('new community', author => [author.entry(1)], { said: [[1, [0]]], lies: [] }),
    story('withdrawal', author => [author.entry(1), author.tombstone(2)], { before: 0, said: [[1, [1]]], lies: [0] }),
    story('withdrawal and return', author => [author.entry(1), author.tombstone(2), author.entry(3)], {
      before: 0,
      said: [[1, [1]], [13, [2]]], // biome-ignore format: a row
      lies: [0, 1],
    }),
    story('two tongues', author => [author.entry(1), author.entry(2, 'One'), author.entry(2, 'Other')], {
      before: 0,
      said: [[1, [1, 2]]],
      lies: [0, 1],
    }),
    story('new key', author => [author.entry(1), author.handover(2)], { before: 0, said: [[1, [1]]], lies: [0] }),
  ]
}

/** How many of a liar's documents, with a signature that is wrong, the real check refuses. It must be all. */
export function refused(all: readonly Story[]): { tried: number; refused: number } {
  const broken = all.flatMap(({ documents }) =>
    documents.map(({ text }) => ({ ...(JSON.parse(text) as Record<string, unknown>), seq: 99 })),
  )
  const caught = broken.filter(document => {
    try {
      checkEntry(document, new Date(BEGIN))
      return false
    } catch (error) {
      return error instanceof EntryRefusal && error.code === 'proof'
    }
  })
  return { tried: broken.length, refused: caught.length }
}

type Plan = { before?: number; said: [round: number, documents: number[]][]; lies: number[] }
type Json = Record<string, unknown>

function story(name: string, write: (author: ReturnType<typeof authorOf>) => Json[], plan: Plan): Story {
  const actor = `https://${name.replaceAll(' ', '-')}.example/c/oak`
  const own = write(authorOf(actor))
  // A stranger whose document speaks for the community with keys of his own: it is well made, and only authority can tell.
  const stranger = authorOf(actor)
  const forgeries = [stranger.entry(1), stranger.entry(50), stranger.tombstone(60)]
  const documents = [...own, ...forgeries].map(document => checkEntry(document, new Date(BEGIN)))
  return {
    name,
    actor,
    documents,
    forged: documents.map((_, at) => at >= own.length),
    before: plan.before,
    said: plan.said.map(([round, numbers]) => ({ round, documents: numbers })),
    lies: [...plan.lies, ...forgeries.map((_, at) => own.length + at)],
  }
}

function authorOf(actor: string) {
  const key = aKey(generateKeyPairSync('ed25519').privateKey)
  const author = anAuthor(actor, key)
  const next = aKey()
  return {
    entry: (seq: number, name = 'Oak') => author.entry(seq, SIGNED_AT, {}, { charter: { name } }),
    tombstone: (seq: number) => author.tombstone(seq, SIGNED_AT, SIGNED_AT + 100 * DAY),
    handover: (seq: number) =>
      author.entry(seq, SIGNED_AT, { successions: [author.succession(key, [next], SIGNED_AT)] }, { by: next, keys: [next] }),
  }
}
