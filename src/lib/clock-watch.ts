const TOLERANCE_MS = 30_000
const REMEMBERED_MS = 5 * 60_000

export type ClockWatch = {
  /** How somebody has moved the clock since this was last asked, in milliseconds; less than half a minute does not count. */
  moves(): number[]
  /** The last such move, for five minutes after it; then what the clock says is believed. */
  lately(): number
}

/** Compares the clock, which people and time servers move, with one that only runs. */
export function watchClock(now: () => Date, running: () => number = () => performance.now()): ClockWatch {
  let offset = now().getTime() - running()
  const untold: number[] = []
  let last = { by: 0, at: Number.NEGATIVE_INFINITY }

  function look(): void {
    const by = now().getTime() - running() - offset
    // Small ones are followed: that is how a clock is steered.
    offset += by
    if (Math.abs(by) < TOLERANCE_MS) return
    untold.push(Math.round(by))
    last = { by: Math.round(by), at: running() }
  }

  return {
    moves() {
      look()
      return untold.splice(0)
    },
    lately() {
      look()
      return running() - last.at < REMEMBERED_MS ? last.by : 0
    },
  }
}
