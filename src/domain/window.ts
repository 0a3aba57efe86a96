/** A part of something that is counted by rising numbers, the newest first: those below one number and above another. */
export type Window = {
  below?: number
  above?: number
  /** Of those above, the lowest and not the highest: what comes next, not what is newest. */
  upwards: boolean
  limit: number
}

/** As much of a query as a window needs: rows come back newest first whichever way they are found. */
export function windowed<T>(window: Window, find: (order: 'asc' | 'desc', most: number) => T[]): { rows: T[]; more: boolean } {
  const { upwards, limit } = window
  const found = find(upwards ? 'asc' : 'desc', limit + 1)
  const rows = found.slice(0, limit)
  if (upwards) rows.reverse()
  // Below what was asked for from below there is always what it was asked from.
  return { rows, more: upwards || found.length > limit }
}
