import { diffArrays } from 'diff/lib/diff/array.js'
import { lazy } from './lazy.ts'

/** A stretch of a text that stayed, came or went. */
export type Piece = { how: 'same' | 'added' | 'removed'; text: string }

// Texts that have less in common than this are shown whole, one after the other: shreds of both can't be read.
const MOST_EDITS = 600
const words = lazy(() => new Intl.Segmenter('und', { granularity: 'word' }))

/** What was changed between two texts, by words. Pieces put together without the added ones are `before`, without the removed ones `after`. */
export function wordDiff(before: string, after: string): Piece[] {
  if (before === after) return [{ how: 'same', text: before }]
  const parts = diffArrays(cut(before), cut(after), { maxEditLength: MOST_EDITS })
  const pieces: Piece[] = parts?.map(({ value, added, removed }) => ({
    how: added ? 'added' : removed ? 'removed' : 'same',
    text: value.join(''),
  })) ?? [
    { how: 'removed', text: before },
    { how: 'added', text: after },
  ]
  return merged(pieces)
}

function cut(text: string): string[] {
  return Array.from(words().segment(text), ({ segment }) => segment)
}

// Between two changed words there often stands a single space: the change is easier to read in one piece.
function merged(pieces: readonly Piece[]): Piece[] {
  const out: Piece[] = []
  let removed = ''
  let added = ''
  const flush = () => {
    if (removed) out.push({ how: 'removed', text: removed })
    if (added) out.push({ how: 'added', text: added })
    removed = ''
    added = ''
  }
  pieces.forEach(({ how, text }, place) => {
    if (how === 'removed') removed += text
    else if (how === 'added') added += text
    else if (removed && added && place < pieces.length - 1 && /^[^\S\n]+$/.test(text)) {
      removed += text
      added += text
    } else {
      flush()
      out.push({ how, text })
    }
  })
  flush()
  return out
}
