/** What a process has counted since it started: `of` says what, `as` which kind of it, one word out of few. */
export type Count = { of: string; as: string; value: number }
export type Counters = {
  add(of: string, as: string): void
  all(): Count[]
}

export function createCounters(): Counters {
  const counts = new Map<string, Map<string, number>>()
  return {
    add(of, as) {
      const kinds = counts.get(of) ?? new Map<string, number>()
      counts.set(of, kinds.set(as, (kinds.get(as) ?? 0) + 1))
    },
    all: () => [...counts].flatMap(([of, kinds]) => [...kinds].map(([as, value]) => ({ of, as, value }))),
  }
}
