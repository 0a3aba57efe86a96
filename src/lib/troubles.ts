/** Something that went wrong: where, and in which words. */
export type Trouble = { at: Date; where: string; words: string }
/** What went wrong since the process started: how often, and the last few. */
export type Troubles = { add(where: string, error: unknown): void; count(): number; last(): Trouble[] }

const KEPT = 50

export function createTroubles(now: () => Date): Troubles {
  const kept: Trouble[] = []
  let count = 0
  return {
    add(where, error) {
      count++
      kept.unshift({ at: now(), where, words: (error instanceof Error ? `${error.name}: ${error.message}` : String(error)).slice(0, 300) })
      kept.length = Math.min(kept.length, KEPT)
    },
    count: () => count,
    last: () => [...kept],
  }
}
