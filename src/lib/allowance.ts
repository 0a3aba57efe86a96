/**
 * Lets everybody do something so many times within a while. Whoever was longest ago is forgotten when there are too many of them, so it
 * takes a bounded amount of memory; what it knows is written nowhere.
 */
export function createAllowance({ times, withinMs, most = 10_000 }: { times: number; withinMs: number; most?: number }) {
  const known = new Map<string, { since: number; used: number }>()
  return (who: string, now: Date): boolean => {
    const at = now.getTime()
    const before = known.get(who)
    const fresh = !before || at - before.since >= withinMs || at < before.since
    const entry = fresh ? { since: at, used: 0 } : before
    if (entry.used >= times) return false
    entry.used += 1
    // Deleted first, so that it stands last again.
    known.delete(who)
    known.set(who, entry)
    const [oldest] = known.keys()
    if (known.size > most && oldest !== undefined) known.delete(oldest)
    return true
  }
}
export type Allowance = ReturnType<typeof createAllowance>
